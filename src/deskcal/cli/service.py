"""`deskcal service`: what can be booked."""

from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal

import typer

from deskcal.cli import rules
from deskcal.cli.edits import changes, retire, several
from deskcal.cli.names import service_of
from deskcal.cli.options import Options, options_of
from deskcal.cli.out import card, money, table
from deskcal.cli.session import Session, with_clinic
from deskcal.core.refusals import Invalid
from deskcal.wire.catalog import NewService, Service, ServiceChange

app = typer.Typer(help="Services: add, list, show, edit, retire, rules.", no_args_is_help=True)
app.add_typer(rules.app, name="rule")


BEFORE = typer.Option(min=0, max=1440, help="Minutes kept free before.")
AFTER = typer.Option(min=0, max=1440, help="Minutes kept free after.")
STEP = typer.Option(min=1, max=1440, help="Minutes between starts; else the duration.")
SEATS = typer.Option(min=1, max=500, help="Seats of a group session.")
PRICE = typer.Option(help="Such as 80.00.")
MODALITY = typer.Option(help="Where it happens.")
ROOM_FEATURE = typer.Option(help="Something the room has to have; as often as needed.")
UNITS = typer.Option(min=1, max=100, help="How many units of equipment it needs.")

Modality = Literal["in_person", "telehealth"]


@app.command(epilog='Example: deskcal service add "Check-up" --duration 30 --price 80.00 --room-type exam')
def add(
    context: typer.Context,
    title: str,
    *,
    duration: Annotated[int, typer.Option(min=1, max=1440, help="Minutes.")],
    buffer_before: Annotated[int, BEFORE] = 0,
    buffer_after: Annotated[int, AFTER] = 0,
    step: Annotated[int | None, STEP] = None,
    capacity: Annotated[int, SEATS] = 1,
    price: Annotated[str, PRICE] = "0",
    modality: Annotated[Modality, MODALITY] = "in_person",
    room_type: Annotated[str | None, typer.Option(help="Type of room it needs; else none.")] = None,
    room_feature: Annotated[list[str] | None, ROOM_FEATURE] = None,
    equipment_type: Annotated[str | None, typer.Option(help="Type of equipment it needs; else none.")] = None,
    equipment_units: Annotated[int, UNITS] = 1,
) -> None:
    """Add a service; providers offer it once they are given it."""
    request = NewService(
        title=title,
        duration_minutes=duration,
        buffer_before_minutes=buffer_before,
        buffer_after_minutes=buffer_after,
        slot_step_minutes=step,
        capacity=capacity,
        price_cents=cents_of(price),
        modality=modality,
        room_type=room_type,
        room_features=frozenset(room_feature or ()),
        equipment_type=equipment_type,
        equipment_units=equipment_units,
    )

    async def work(session: Session) -> Service:
        return await session.client.add_service(request)

    _card(options_of(context), with_clinic(context, work))


@app.command("list", epilog="Example: deskcal service list")
def list_(context: typer.Context) -> None:
    """List the clinic's services by title."""
    table(
        options_of(context),
        with_clinic(context, lambda session: session.client.services()),
        {
            "title": lambda one: one.title,
            "minutes": lambda one: one.duration_minutes,
            "price": lambda one: money(one.price_cents, one.currency),
            "where": lambda one: one.room_type or one.modality,
            "id": lambda one: one.id,
        },
        none='There is no service yet. Add one: deskcal service add "Consultation" --duration 30',
    )


@app.command(epilog="Example: deskcal service show Consultation")
def show(context: typer.Context, service: Annotated[str, typer.Argument(help="Title or id.")]) -> None:
    """Show a service."""
    _card(options_of(context), with_clinic(context, lambda session: service_of(session, service)))


@app.command(epilog="Example: deskcal service edit Consultation --price 85.00 --buffer-after 10")
def edit(
    context: typer.Context,
    service: Annotated[str, typer.Argument(help="Title or id.")],
    *,
    title: Annotated[str | None, typer.Option(help="What people call it.")] = None,
    duration: Annotated[int | None, typer.Option(min=1, max=1440, help="Minutes.")] = None,
    buffer_before: Annotated[int | None, BEFORE] = None,
    buffer_after: Annotated[int | None, AFTER] = None,
    step: Annotated[int | None, typer.Option(min=1, max=1440, help="Minutes between starts.")] = None,
    capacity: Annotated[int | None, SEATS] = None,
    price: Annotated[str | None, PRICE] = None,
    modality: Annotated[Modality | None, MODALITY] = None,
    room_type: Annotated[str | None, typer.Option(help="Type of room it needs; '' for none.")] = None,
    room_feature: Annotated[list[str] | None, ROOM_FEATURE] = None,
    equipment_type: Annotated[
        str | None, typer.Option(help="Type of equipment it needs; '' for none.")
    ] = None,
    equipment_units: Annotated[int | None, UNITS] = None,
) -> None:
    """Change a service, for bookings to come; appointments keep what was agreed."""
    request = ServiceChange(
        **changes(
            title=title,
            duration_minutes=duration,
            buffer_before_minutes=buffer_before,
            buffer_after_minutes=buffer_after,
            slot_step_minutes=step,
            capacity=capacity,
            price_cents=None if price is None else cents_of(price),
            modality=modality,
            room_type=room_type,
            room_features=several(room_feature),
            equipment_type=equipment_type,
            equipment_units=equipment_units,
        )
    )

    async def work(session: Session) -> Service:
        found = await service_of(session, service)
        return await session.client.change_service(found.id, request, version=found.version)

    _card(options_of(context), with_clinic(context, work))


@app.command("retire", epilog='Example: deskcal --yes service retire "Old check-up"')
def retire_(context: typer.Context, service: Annotated[str, typer.Argument(help="Title or id.")]) -> None:
    """Retire a service; prints the appointments for it, which stay."""
    retire(context, "services", lambda session: service_of(session, service))


def _card(options: Options, service: Service) -> None:
    policy = service.cancellation_policy
    card(
        options,
        service,
        {
            "title": service.title,
            "id": service.id,
            "minutes": service.duration_minutes,
            "buffer before": service.buffer_before_minutes,
            "buffer after": service.buffer_after_minutes,
            "starts every": service.slot_step_minutes,
            "seats": service.capacity,
            "price": money(service.price_cents, service.currency),
            "modality": service.modality,
            "room type": service.room_type,
            "room features": ", ".join(service.room_features) or None,
            "equipment": f"{service.equipment_units} {service.equipment_type}"
            if service.equipment_type
            else None,
            "cancel free until": f"{policy.free_until_hours} h before",
            "fee after that": money(policy.fee_cents, service.currency),
        },
    )


def cents_of(price: str) -> int:
    """Read a price. Raises Invalid for anything that is not an amount in whole cents."""
    try:
        cents = Decimal(price) * 100
    except InvalidOperation:
        cents = Decimal("NaN")
    if not cents.is_finite() or cents < 0 or cents != int(cents):
        raise Invalid(("price", f'"{price}" is not a price; write it like 80.00'))
    return int(cents)
