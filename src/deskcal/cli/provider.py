"""`deskcal provider`: who is booked, and when they work."""

from typing import Annotated

import typer

from deskcal.cli import foreign, hours, late, sick_day, windows
from deskcal.cli.edits import changes, place, retire, unless_zero
from deskcal.cli.names import location_of, provider_of, providers, room_of, service_of
from deskcal.cli.options import options_of
from deskcal.cli.out import card, table
from deskcal.cli.service import cents_of
from deskcal.cli.session import Session, with_clinic
from deskcal.core.refusals import Invalid
from deskcal.wire.catalog import NewProvider, OwnPrice, Preference, Provider, ProviderChange, Times

app = typer.Typer(help="Providers: add, list, show, edit, retire, hours, time off.", no_args_is_help=True)
app.command(
    "set-hours",
    epilog='Example: deskcal provider set-hours "Dr. Perez" mon-fri 09:00-12:00,13:00-17:00 sat off',
)(hours.set_hours)
app.command(
    "time-off",
    epilog='Example: deskcal provider time-off "Dr. Perez" +90 +94 --reason Vacation',
)(windows.time_off)
app.command("sick-day", epilog='Example: deskcal provider sick-day "Dr. Perez" tomorrow')(sick_day.sick_day)
app.command("import-ics", epilog='Example: deskcal provider import-ics "Dr. Perez" busy.ics --dry-run')(
    foreign.import_ics
)
app.command("late", epilog='Example: deskcal provider late "Dr. Perez" 15')(late.late)
app.command("windows", epilog='Example: deskcal provider windows "Dr. Perez"')(windows.windows)


PRICE = typer.Option(metavar="SERVICE=PRICE", help="Their own price for a service; SERVICE= for the usual.")


@app.command(epilog='Example: deskcal provider add "Dr. Ito" --specialty Cardiology --service Consultation')
def add(
    context: typer.Context,
    name: str,
    *,
    specialty: Annotated[str | None, typer.Option(help="What patients search for.")] = None,
    service: Annotated[
        list[str] | None, typer.Option(help="A service offered, by title or id; the usual one first.")
    ] = None,
    price: Annotated[list[str] | None, PRICE] = None,
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
                prices=await _prices(session, price),
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


@app.command(
    epilog='Example: deskcal provider edit "Dr. Perez" --price Consultation=90.00 --daily-maximum 20'
)
def edit(
    context: typer.Context,
    provider: Annotated[str, typer.Argument(help="Name or id.")],
    *,
    name: Annotated[str | None, typer.Option(help="What people call them.")] = None,
    specialty: Annotated[str | None, typer.Option(help="What patients search for; '' for none.")] = None,
    location: Annotated[str | None, typer.Option(help="Where they work, by name or id; '' for any.")] = None,
    service: Annotated[
        list[str] | None, typer.Option(help="All services offered, one by one, the usual one first.")
    ] = None,
    price: Annotated[list[str] | None, PRICE] = None,
    likes_room: Annotated[
        list[str] | None, typer.Option(help="All rooms they like, one by one, best first; '' for none.")
    ] = None,
    likes_time: Annotated[
        list[str] | None, typer.Option(help="All hours they like, such as 09:00-12:00; '' for none.")
    ] = None,
    daily_maximum: Annotated[
        int | None, typer.Option(min=0, max=1000, help="Appointments a day at most; 0 for no limit.")
    ] = None,
    rating: Annotated[float | None, typer.Option(min=0, max=5, help="What patients gave them.")] = None,
    available: Annotated[
        bool | None, typer.Option("--available/--unavailable", help="Whether anything can be booked.")
    ] = None,
    approved: Annotated[
        bool | None, typer.Option("--approved/--not-approved", help="Whether the clinic lets them work.")
    ] = None,
) -> None:
    """Change a provider, for bookings to come; appointments stay as they are."""

    async def work(session: Session) -> Provider:
        found = await provider_of(session, provider)
        offered = [(await service_of(session, text)).id for text in service or ()]
        request = ProviderChange(
            **changes(
                name=name,
                specialty=specialty,
                location_id=await place(session, location),
                service_ids=offered or None,
                prices=await _prices(session, price) or None,
                preferences=await _preferences(session, found, likes_room, likes_time),
                daily_maximum=unless_zero(daily_maximum),
                rating=rating,
                is_available=available,
                is_approved=approved,
            )
        )
        return await session.client.change_provider(found.id, request, version=found.version)

    changed = with_clinic(context, work)
    card(options_of(context), changed, _fields(changed))


@app.command("retire", epilog='Example: deskcal --yes provider retire "Dr. Gone"')
def retire_(context: typer.Context, provider: Annotated[str, typer.Argument(help="Name or id.")]) -> None:
    """Retire a provider; prints the appointments with them, which stay."""
    retire(context, "providers", lambda session: provider_of(session, provider))


async def _preferences(
    session: Session, provider: Provider, rooms: list[str] | None, times: list[str] | None
) -> list[Preference] | None:
    """Change what is liked for every service; what is liked for one of them stays."""
    if rooms is None and times is None:
        return None
    before = (await session.client.provider(provider.id)).preferences or []
    liked = next((one for one in before if one.service_id is None), Preference())
    if rooms is not None:
        liked.room_ids = [(await room_of(session, text)).id for text in rooms if text]
    if times is not None:
        ends = [text.partition("-") for text in times if text]
        liked.times = [Times(start=start, end=end) for start, _, end in ends]
    return [*(one for one in before if one.service_id is not None), liked]


async def _prices(session: Session, texts: list[str] | None) -> list[OwnPrice]:
    """Read SERVICE=PRICE; without a price the service's own holds."""
    found = []
    for text in texts or ():
        title, equals, price = text.rpartition("=")
        if not equals:
            raise Invalid(
                ("price", f'"{text}" is not a price of a service; write it like Consultation=90.00')
            )
        service = await service_of(session, title)
        found.append(OwnPrice(service_id=service.id, price_cents=cents_of(price) if price else None))
    return found


def _fields(provider: Provider) -> dict[str, object]:
    return {
        "name": provider.name,
        "id": provider.id,
        "specialty": provider.specialty,
        "available": provider.is_available,
        "approved": provider.is_approved,
        "most a day": provider.daily_maximum,
        "time zone": provider.timezone,
    }
