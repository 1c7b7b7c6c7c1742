"""`deskcal free`, `why` and `book`: from a question to an appointment."""

import asyncio
from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import uuid4
from zoneinfo import ZoneInfo

import typer

from deskcal.cli.exits import Exit, Failure
from deskcal.cli.instead import instead
from deskcal.cli.names import patient_of, provider_of, providers, room_of, service_of
from deskcal.cli.options import options_of
from deskcal.cli.out import lines, money, print_json, table
from deskcal.cli.series import Repeat, book_series, judge_series
from deskcal.cli.session import Session, with_clinic
from deskcal.cli.when import day_of, said_span, start_of, today
from deskcal.client.errors import Refused
from deskcal.core.localtime import zone_label
from deskcal.core.ranking import TimeOfDay
from deskcal.wire.booking import Appointment, BookRequest, Overbook
from deskcal.wire.calendar import CheckRequest, Timeslot, Verdict
from deskcal.wire.catalog import Provider
from deskcal.wire.search import FoundSlot

AT_ONCE = 8
WEEK = 7
FREE = ("available", "limited")
NOTHING_FREE = "Nothing is free then. Try more days with --days, or another provider."


def free(
    context: typer.Context,
    service: Annotated[str, typer.Argument(help="Title or id.")],
    provider: Annotated[str | None, typer.Argument(help="Name or id; else all who offer it.")] = None,
    *,
    on: Annotated[
        str | None, typer.Option(help="First day: today, fri, +3 or 2026-03-09; else today.")
    ] = None,
    days: Annotated[
        int | None, typer.Option(min=1, max=62, help="How many days; else 1 with --on, 7 without.")
    ] = None,
    best: Annotated[bool, typer.Option("--best", help="The fifty best ones, with their score.")] = False,
    prefer: Annotated[
        TimeOfDay | None, typer.Option(help="The best ones, those at that time of day before others.")
    ] = None,
) -> None:
    """List free slots in order of time, or the best ones first."""
    span = days or (1 if on else WEEK)
    if best or prefer:
        _best(context, service=service, provider=provider, on=on, days=span, prefer=prefer)
        return

    async def work(session: Session) -> list[tuple[Provider, Timeslot]]:
        wanted = await service_of(session, service)
        who = [await provider_of(session, provider)] if provider else await providers(session, wanted.id)
        gate = asyncio.Semaphore(AT_ONCE)

        async def day(one: Provider, ahead: int) -> list[tuple[Provider, Timeslot]]:
            zone = ZoneInfo(one.timezone)
            first = day_of(on, zone, field="on") if on else today(zone)
            async with gate:
                found = await session.client.provider_day(
                    one.id, service_id=wanted.id, day=first + timedelta(days=ahead)
                )
            return [(one, slot) for slot in found.timeslots if slot.status in FREE]

        found = await asyncio.gather(*(day(one, ahead) for one in who for ahead in range(span)))
        return sorted((pair for part in found for pair in part), key=lambda pair: pair[1].start)

    found = with_clinic(context, work)
    options = options_of(context)
    if options.json:
        print_json([slot for _, slot in found])
        return
    table(
        options,
        found,
        {
            "when": lambda pair: said_span(pair[1].start, pair[1].end, ZoneInfo(pair[0].timezone)),
            "provider": lambda pair: pair[0].name,
            "places": lambda pair: pair[1].remaining,
        },
        none=NOTHING_FREE,
    )


def _best(
    context: typer.Context,
    *,
    service: str,
    provider: str | None,
    on: str | None,
    days: int,
    prefer: TimeOfDay | None,
) -> None:
    """List the best free slots, best first."""

    async def work(session: Session) -> list[FoundSlot]:
        wanted = await service_of(session, service)
        who = [(await provider_of(session, provider)).id] if provider else []
        first = day_of(on, session.zone, field="on") if on else today(session.zone)
        found = await session.client.search(
            session.clinic.id,
            service_id=wanted.id,
            start=first,
            end=first + timedelta(days=days - 1),
            provider_ids=who,
            prefer=prefer,
        )
        return found.slots

    table(
        options_of(context),
        with_clinic(context, work),
        {
            "when": lambda slot: said_span(slot.start, slot.end, ZoneInfo(slot.provider.timezone)),
            "provider": lambda slot: slot.provider.name,
            "score": lambda slot: slot.score,
        },
        none=NOTHING_FREE,
    )


def why(
    context: typer.Context,
    provider: Annotated[str, typer.Argument(help="Name or id.")],
    service: Annotated[str, typer.Argument(help="Title or id.")],
    start: Annotated[
        str, typer.Argument(help="2026-03-09 09:30 where the provider works, or with an offset.")
    ],
    *,
    room: Annotated[str | None, typer.Option(help="Whether it could be in that room.")] = None,
) -> None:
    """Tell why a slot cannot be booked.

    Prints every reason and what would help, and the nearest free times. Exits 3 when it cannot.
    """

    async def work(session: Session) -> tuple[Provider, datetime, Verdict]:
        who, what = await provider_of(session, provider), await service_of(session, service)
        at = start_of(start, ZoneInfo(who.timezone))
        where = await room_of(session, room) if room else None
        request = CheckRequest(
            provider_id=who.id,
            service_id=what.id,
            start=at.isoformat(),
            room_id=where.id if where else None,
        )
        return who, at, await session.client.check(request)

    who, at, verdict = with_clinic(context, work)
    options, zone = options_of(context), ZoneInfo(who.timezone)
    if options.json:
        print_json(verdict)
    else:
        state = "can" if verdict.available else "cannot"
        local = at.astimezone(zone)
        typer.echo(f"{local:%A %Y-%m-%d %H:%M} {zone_label(zone, at)} with {who.name} {state} be booked.")
        lines([f"{reason.code}", reason.message, reason.fix or ""] for reason in verdict.reasons)
        for line in instead(verdict.alternatives, zone):
            options.say(line)
    if not verdict.available:
        raise typer.Exit(Exit.REFUSED)


def book(
    context: typer.Context,
    patient: Annotated[str, typer.Argument(help="Name or id; a birth year tells namesakes apart.")],
    service: Annotated[str, typer.Argument(help="Title or id.")],
    provider: Annotated[str, typer.Argument(help="Name or id.")],
    start: Annotated[
        str, typer.Argument(help="2026-03-09 09:30 where the provider works, or with an offset.")
    ],
    *,
    room: Annotated[str | None, typer.Option(help="That room; else any that does.")] = None,
    overbook: Annotated[
        str | None, typer.Option(metavar="REASON", help="Why on top of another appointment of the provider.")
    ] = None,
    repeat: Annotated[
        str | None, typer.Option(metavar="RULE", help="How it recurs, such as FREQ=WEEKLY;COUNT=10.")
    ] = None,
    on_conflict: Annotated[
        Literal["fail", "skip"] | None,
        typer.Option(help="With --repeat: book none, or what can be had, where some cannot; else none."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="With --repeat: only judge each.")] = False,
) -> None:
    """Book an appointment, or with --repeat a series.

    Exits 3 when it cannot be had, with the nearest free times.
    """
    options = options_of(context)
    if repeat is not None:
        if overbook:
            raise Failure("A series is not booked on top of others; leave out --overbook.", Exit.USAGE)
        typed = Repeat(
            patient=patient,
            service=service,
            provider=provider,
            start=start,
            room=room,
            rule=repeat,
            skip=on_conflict == "skip",
            dry_run=dry_run,
        )
        (judge_series if dry_run else book_series)(context, typed)
        return
    if on_conflict or dry_run:
        raise Failure("--on-conflict and --dry-run go with --repeat. See: deskcal why", Exit.USAGE)

    async def work(session: Session) -> tuple[Appointment, str | None]:
        whom = await patient_of(session, patient)
        what, who = await service_of(session, service), await provider_of(session, provider)
        where = await room_of(session, room) if room else None
        zone = ZoneInfo(who.timezone)
        request = BookRequest(
            patient_id=whom.id,
            service_id=what.id,
            provider_id=who.id,
            start=start_of(start, zone).isoformat(),
            room_id=where.id if where else None,
            room_selection_mode="fixed" if where else "auto",
            overbook=Overbook(reason=overbook) if overbook else None,
        )
        try:
            made = await session.client.book(session.clinic.id, request, key=str(uuid4()))
        except Refused as refused:
            for line in instead(refused.problem.alternatives or [], zone):
                refused.add_note(line)
            raise
        rooms = {one.id: one.name for one in await session.client.rooms()}
        return made, rooms.get(made.room_id) if made.room_id else None

    made, room_name = with_clinic(context, work)
    if options.json:
        print_json(made)
    else:
        typer.echo(_read_back(made, room_name))


def _read_back(made: Appointment, room: str | None) -> str:
    """Say what was booked, for the patient to agree to."""
    zone = ZoneInfo(made.timezone)
    parts = [
        f"{made.patient_name}: {made.service_title} with {made.provider_name}",
        f"{made.start.astimezone(zone):%A} {said_span(made.start, made.end, zone)[4:]}",
        room or ("in person" if made.mode == "in_person" else "online"),
        money(made.price_cents, made.currency),
        *(["on top of another appointment"] if made.overbooked else []),
    ]
    return f"Booked {', '.join(parts)}. Reference {made.reference}, id {made.id}."
