"""`deskcal provider`: who is booked, and when they work."""

from typing import Annotated

import typer

from deskcal.cli import hours
from deskcal.cli.names import location_of, provider_of, providers, service_of
from deskcal.cli.options import options_of
from deskcal.cli.out import card, table
from deskcal.cli.session import Session, with_clinic
from deskcal.wire.catalog import NewProvider, Provider

app = typer.Typer(help="Providers: add, list, show, set hours.", no_args_is_help=True)
app.command(
    "set-hours",
    epilog='Example: deskcal provider set-hours "Dr. Perez" mon-fri 09:00-12:00,13:00-17:00 sat off',
)(hours.set_hours)


@app.command(epilog='Example: deskcal provider add "Dr. Ito" --specialty Cardiology --service Consultation')
def add(
    context: typer.Context,
    name: str,
    *,
    specialty: Annotated[str | None, typer.Option(help="What patients search for.")] = None,
    service: Annotated[
        list[str] | None, typer.Option(help="A service offered, by title or id; the usual one first.")
    ] = None,
    location: Annotated[str | None, typer.Option(help="Where they work, by name or id.")] = None,
) -> None:
    """Add a provider, who can be booked once hours are set."""

    async def work(session: Session) -> Provider:
        offered = [await service_of(session, text) for text in service or ()]
        where = await location_of(session, location) if location else None
        return await session.client.add_provider(
            NewProvider(
                name=name,
                specialty=specialty,
                service_ids=[one.id for one in offered],
                location_id=where.id if where else None,
            )
        )

    made = with_clinic(context, work)
    card(options_of(context), made, _fields(made))
    options_of(context).say(f'Next: deskcal provider set-hours "{made.name}" mon-fri 09:00-17:00')


@app.command("list", epilog="Example: deskcal provider list")
def list_(context: typer.Context) -> None:
    """List the clinic's providers by name."""
    table(
        options_of(context),
        with_clinic(context, providers),
        {
            "name": lambda one: one.name,
            "specialty": lambda one: one.specialty,
            "available": lambda one: one.is_available,
            "time zone": lambda one: one.timezone,
            "id": lambda one: one.id,
        },
        none='There is no provider yet. Add one: deskcal provider add "Dr. Perez"',
    )


@app.command(epilog='Example: deskcal provider show "Dr. Perez"')
def show(context: typer.Context, provider: Annotated[str, typer.Argument(help="Name or id.")]) -> None:
    """Show a provider with the services and the usual week."""

    async def work(session: Session) -> tuple[Provider, dict[str, str]]:
        found = await provider_of(session, provider)
        services = await session.client.provider_services(found.id)
        week = hours.week_lines(await session.client.schedule(found.id))
        return found, {"services": ", ".join(one.title for one in services)} | dict(week)

    found, more = with_clinic(context, work)
    card(options_of(context), found, _fields(found) | more)


def _fields(provider: Provider) -> dict[str, object]:
    return {
        "name": provider.name,
        "id": provider.id,
        "specialty": provider.specialty,
        "available": provider.is_available,
        "approved": provider.is_approved,
        "time zone": provider.timezone,
    }
