"""`deskcal equipment`: pools of equal units that services need."""

from typing import Annotated

import typer

from deskcal.cli.edits import changes, place, retire
from deskcal.cli.names import equipment_of, location_of
from deskcal.cli.options import Options, options_of
from deskcal.cli.out import card, table
from deskcal.cli.session import Session, with_clinic
from deskcal.wire.resources import Equipment, EquipmentChange, NewEquipment

app = typer.Typer(help="Equipment: add, list, show, edit, retire.", no_args_is_help=True)

EquipmentName = Annotated[str, typer.Argument(help="Name or id.")]


@app.command(epilog='Example: deskcal equipment add "X-ray" --type xray --quantity 2')
def add(
    context: typer.Context,
    name: str,
    *,
    type_: Annotated[str, typer.Option("--type", help="What services ask for by --equipment-type.")],
    quantity: Annotated[int, typer.Option(min=1, max=500, help="How many equal units there are.")] = 1,
    location: Annotated[str | None, typer.Option(help="Where it is, by name or id.")] = None,
) -> None:
    """Add a pool of equal units."""

    async def work(session: Session) -> Equipment:
        where = await location_of(session, location) if location else None
        return await session.client.add_equipment(
            NewEquipment(name=name, type=type_, quantity=quantity, location_id=where.id if where else None)
        )

    _card(options_of(context), with_clinic(context, work))


@app.command("list", epilog="Example: deskcal equipment list")
def list_(context: typer.Context) -> None:
    """List the clinic's equipment by name."""
    table(
        options_of(context),
        with_clinic(context, lambda session: session.client.equipment()),
        {
            "name": lambda one: one.name,
            "type": lambda one: one.type,
            "units": lambda one: one.quantity,
            "id": lambda one: one.id,
        },
        none='There is no equipment yet. Add some: deskcal equipment add "X-ray" --type xray --quantity 2',
    )


@app.command(epilog="Example: deskcal equipment show Ultrasound")
def show(context: typer.Context, equipment: EquipmentName) -> None:
    """Show a pool with its units."""
    _card(options_of(context), with_clinic(context, lambda session: equipment_of(session, equipment)))


@app.command(epilog="Example: deskcal equipment edit Ultrasound --quantity 3")
def edit(
    context: typer.Context,
    equipment: EquipmentName,
    *,
    name: Annotated[str | None, typer.Option(help="What people call it.")] = None,
    type_: Annotated[
        str | None, typer.Option("--type", help="What services ask for by --equipment-type.")
    ] = None,
    quantity: Annotated[
        int | None, typer.Option(min=1, max=500, help="How many units; the highest numbers go first.")
    ] = None,
    location: Annotated[str | None, typer.Option(help="Where it is, by name or id; '' for nowhere.")] = None,
) -> None:
    """Change a pool; a unit that is booked does not go."""

    async def work(session: Session) -> Equipment:
        found = await equipment_of(session, equipment)
        where = await place(session, location)
        request = EquipmentChange(**changes(name=name, type=type_, quantity=quantity, location_id=where))
        return await session.client.change_equipment(found.id, request, version=found.version)

    _card(options_of(context), with_clinic(context, work))


@app.command("retire", epilog='Example: deskcal --yes equipment retire "Old scanner"')
def retire_(context: typer.Context, equipment: EquipmentName) -> None:
    """Retire a pool with its units; prints the appointments that need them and stay."""
    retire(context, "equipment", lambda session: equipment_of(session, equipment))


def _card(options: Options, pool: Equipment) -> None:
    fields = {
        "name": pool.name,
        "type": pool.type,
        "location": pool.location_id,
        "id": pool.id,
        **{f"unit {unit.number}": unit.id for unit in pool.units},
    }
    card(options, pool, fields)
