"""`deskcal waitlist`: who waits for a time to come free, and what is offered to them."""

from functools import partial
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

import typer

from deskcal.cli.exits import Exit, Failure
from deskcal.cli.names import location_of, patient_of, provider_of, providers, service_of
from deskcal.cli.options import options_of
from deskcal.cli.out import card, print_json, table
from deskcal.cli.session import Session, read_id, with_clinic
from deskcal.cli.when import day_of, said, said_span
from deskcal.wire.booking import Booking, Mode
from deskcal.wire.catalog import Provider, Times
from deskcal.wire.waitlist import MOST_PRIORITY, Acceptance, Answer, Entry, NewEntry

STANDING = "waiting,offered"

app = typer.Typer(help="The waitlist: add, list, accept, decline, remove.", no_args_is_help=True)

EntryId = Annotated[str, typer.Argument(metavar="ENTRY", help="Its id, as the list shows it.")]


@app.command(
    epilog='Example: deskcal waitlist add "Maria Lopez 1984" Consultation --until fri --time 09:00-12:00'
)
def add(
    context: typer.Context,
    patient: Annotated[str, typer.Argument(help="Name or id; a birth year tells namesakes apart.")],
    service: Annotated[str, typer.Argument(help="Title or id.")],
    *,
    provider: Annotated[list[str] | None, typer.Option(help="Only with them; may be repeated.")] = None,
    location: Annotated[str | None, typer.Option(help="Only there, by name or id.")] = None,
    first: Annotated[str | None, typer.Option("--from", help="First day: today, fri, 2026-03-09.")] = None,
    last: Annotated[str | None, typer.Option("--until", help="Last day.")] = None,
    time: Annotated[
        list[str] | None, typer.Option(metavar="HH:MM-HH:MM", help="Only within; may be repeated.")
    ] = None,
    priority: Annotated[int, typer.Option(min=0, max=MOST_PRIORITY, help="The highest comes first.")] = 0,
    notes: Annotated[str | None, typer.Option(help="For staff.")] = None,
) -> None:
    """Put a patient on the waitlist; a freed time that suits is kept and offered to them."""
    ends = [text.partition("-") for text in time or ()]

    async def work(session: Session) -> Entry:
        whom, what = await patient_of(session, patient), await service_of(session, service)
        where = await location_of(session, location) if location else None
        return await session.client.join_waitlist(
            NewEntry(
                patient_id=whom.id,
                service_id=what.id,
                provider_ids=[(await provider_of(session, name)).id for name in provider or ()],
                location_id=where.id if where else None,
                first_date=day_of(first, session.zone, field="from") if first else None,
                last_date=day_of(last, session.zone, field="until") if last else None,
                times=[Times(start=start, end=end) for start, _, end in ends],
                priority=priority,
                notes=notes,
            )
        )

    _shown(context, with_clinic(context, work))


@app.command("list", epilog="Example: deskcal waitlist list --service Consultation")
def list_(
    context: typer.Context,
    *,
    patient: Annotated[str | None, typer.Option(help="Name or id.")] = None,
    service: Annotated[str | None, typer.Option(help="Title or id.")] = None,
    whole: Annotated[
        bool, typer.Option("--all", help="Also who was booked, or does not wait any more.")
    ] = False,
) -> None:
    """List who waits, the longest first, and what is offered to them."""

    async def work(session: Session) -> tuple[list[Entry], dict[UUID, Provider]]:
        whom = await patient_of(session, patient) if patient else None
        what = await service_of(session, service) if service else None
        asked = partial(
            session.client.waitlist,
            state=None if whole else STANDING,
            patient_id=whom.id if whom else None,
            service_id=what.id if what else None,
        )
        page = await asked()
        found = page.items
        while page.next_cursor is not None:
            page = await asked(cursor=page.next_cursor)
            found += page.items
        return found, {one.id: one for one in await providers(session)}

    found, known = with_clinic(context, work)
    table(
        options_of(context),
        found,
        {
            "patient": lambda one: one.patient_name,
            "service": lambda one: one.service_title,
            "wants": lambda one: _wants(one, known),
            "priority": lambda one: one.priority or None,
            "state": lambda one: one.state,
            "offered": lambda one: _offered(one, known),
            "id": lambda one: one.id,
        },
        none='Nobody waits. Add somebody: deskcal waitlist add "Maria Lopez" Consultation',
    )


@app.command(epilog="Example: deskcal waitlist accept 0198d6f2-6c1e-7d3a-9b57-1f0c2a4e8d90")
def accept(
    context: typer.Context,
    entry: EntryId,
    *,
    mode: Annotated[Mode | None, typer.Option(help="How they meet; else as the service is.")] = None,
) -> None:
    """Book what is offered; exits 3 with what else is free when the offer is over."""
    id_ = _id(entry)

    async def work(session: Session) -> Booking:
        return await session.client.accept_offer(id_, Acceptance(mode=mode))

    made = with_clinic(context, work)
    options = options_of(context)
    if options.json:
        print_json(made)
    else:
        when = said_span(made.start, made.end, ZoneInfo(made.timezone))
        typer.echo(f"Booked {when}. Reference {made.reference}, id {made.id}.")


@app.command(epilog="Example: deskcal waitlist decline 0198d6f2-6c1e-7d3a-9b57-1f0c2a4e8d90")
def decline(context: typer.Context, entry: EntryId) -> None:
    """Leave what is offered to the next in line; the patient waits on."""
    id_ = _id(entry)
    _shown(context, with_clinic(context, lambda session: session.client.decline_offer(id_, Answer())))


@app.command(epilog="Example: deskcal waitlist remove 0198d6f2-6c1e-7d3a-9b57-1f0c2a4e8d90")
def remove(context: typer.Context, entry: EntryId) -> None:
    """Take a patient off the waitlist; what is offered goes to the next in line."""
    id_ = _id(entry)
    _shown(context, with_clinic(context, lambda session: session.client.leave_waitlist(id_)))


def _id(text: str) -> UUID:
    id_ = read_id(text)
    if id_ is None:
        raise Failure("An entry is named by its id. See: deskcal waitlist list", Exit.USAGE)
    return id_


def _shown(context: typer.Context, entry: Entry) -> None:
    fields = {
        "patient": entry.patient_name,
        "service": entry.service_title,
        "state": entry.state,
        "notes": entry.notes,
        "id": entry.id,
    }
    card(options_of(context), entry, fields)


def _wants(entry: Entry, known: dict[UUID, Provider]) -> str:
    who = [known[id_].name for id_ in entry.provider_ids if id_ in known]
    first, last = entry.first_date, entry.last_date
    days = [f"from {first}"] * (first is not None) + [f"until {last}"] * (last is not None)
    return ", ".join([*who, *days, *(f"{one.start}-{one.end}" for one in entry.times)]) or "any time"


def _offered(entry: Entry, known: dict[UUID, Provider]) -> str | None:
    """Say the open offer, who with and until when."""
    offer = next((one for one in entry.offers if one.state == "open"), None)
    provider = known.get(offer.provider_id) if offer else None
    if offer is None or provider is None:
        return None
    zone = ZoneInfo(provider.timezone)
    return f"{said_span(offer.start, offer.end, zone)} {provider.name}, until {said(offer.expires_at, zone)}"
