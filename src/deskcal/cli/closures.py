"""`deskcal clinic close`, `reopen`, `holidays` and `closures`: the days on which nobody is booked."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from deskcal.cli.exits import Exit, Failure
from deskcal.cli.names import location_of
from deskcal.cli.options import options_of
from deskcal.cli.out import print_json, table
from deskcal.cli.session import Session, with_clinic
from deskcal.cli.standing import standing
from deskcal.cli.when import day_of, today
from deskcal.wire.closures import Closed, Closure, NewClosure, PublicHolidays
from deskcal.wire.resources import Location

DAY = timedelta(days=1)

DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what it would do, and do nothing.")]
LocationName = Annotated[str | None, typer.Option(help="This location only, by name or id.")]


def close(
    context: typer.Context,
    dates: Annotated[list[str], typer.Argument(help="Local days: tomorrow, fri, +3, 24 dec or 2026-12-24.")],
    *,
    reason: Annotated[str, typer.Option(help="Why; everybody may see it.")] = "Closed",
    location: LocationName = None,
    dry_run: DryRun = False,
) -> None:
    """Close the clinic on whole days; prints the appointments that fall on them, which stay booked."""

    async def work(session: Session) -> tuple[ZoneInfo, Closed]:
        where, zone = await _where(session, location)
        done = [
            await session.client.close(
                NewClosure(first=day, reason=reason, location_id=where.id if where else None, dry_run=dry_run)
            )
            for day in sorted({day_of(text, zone) for text in dates})
        ]
        return zone, _together(done)

    _closed(context, *with_clinic(context, work), dry_run=dry_run)


def holidays(
    context: typer.Context,
    country: Annotated[str, typer.Argument(metavar="COUNTRY[-SUBDIV]", help="ISO codes: US, US-NY, DE-BY.")],
    year: Annotated[int, typer.Argument(min=1900, max=2199)],
    *,
    location: LocationName = None,
    dry_run: DryRun = False,
) -> None:
    """Close on the public holidays of a year; what is closed already stays as it is."""
    code, _, part = country.partition("-")

    async def work(session: Session) -> tuple[ZoneInfo, Closed]:
        where, zone = await _where(session, location)
        request = PublicHolidays(
            country=code,
            subdivision=part or None,
            year=year,
            location_id=where.id if where else None,
            dry_run=dry_run,
        )
        return zone, await session.client.close_holidays(request)

    _closed(context, *with_clinic(context, work), dry_run=dry_run)


def reopen(
    context: typer.Context,
    date: Annotated[str, typer.Argument(help="A day that is closed.")],
    *,
    location: LocationName = None,
    dry_run: DryRun = False,
) -> None:
    """Open on a day that was closed; days around it that were closed with it stay closed."""

    async def work(session: Session) -> list[Closure]:
        where, zone = await _where(session, location)
        day = day_of(date, zone)
        place = where.id if where else None
        known = [one for one in await session.client.closures() if one.first <= day <= one.last]
        gone = [one for one in known if one.location_id == place]
        if not gone:
            hint = "; it is where a location is: add --location" if known and not where else ""
            raise Failure(f"Nothing is closed on {day}{hint}. See: deskcal clinic closures", Exit.NOT_FOUND)
        for one in gone if not dry_run else ():
            # The days around are closed first: whatever stops this, they never come open.
            for first, last in ((one.first, day - DAY), (day + DAY, one.last)):
                if max(first, today(zone)) <= last:
                    await session.client.close(
                        NewClosure(first=first, last=last, reason=one.reason, location_id=place)
                    )
            await session.client.reopen(one.id)
        return gone

    gone = with_clinic(context, work)
    options = options_of(context)
    options.say("Would open again:" if dry_run else "Open again:")
    table(options, gone, {"from": _first, "to": _last, "reason": _reason}, none="")


def closures(context: typer.Context) -> None:
    """List the days on which the clinic or a location is closed."""

    async def work(session: Session) -> tuple[list[Closure], list[Location]]:
        return await session.client.closures(), await session.client.locations()

    found, places = with_clinic(context, work)
    names = {place.id: place.name for place in places}
    table(
        options_of(context),
        found,
        {
            "from": _first,
            "to": _last,
            "reason": _reason,
            "location": lambda one: names.get(one.location_id) if one.location_id else None,
            "id": lambda one: one.id,
        },
        none='No day is closed. Close one: deskcal clinic close "24 dec" --reason "Christmas Eve"',
    )


async def _where(session: Session, location: str | None) -> tuple[Location | None, ZoneInfo]:
    if location is None:
        return None, session.zone
    where = await location_of(session, location)
    return where, ZoneInfo(where.timezone)


def _together(done: Sequence[Closed]) -> Closed:
    standing_ = {made.id: made for one in done for made in one.appointments}
    return Closed(
        closures=[closure for one in done for closure in one.closures],
        added=sum(one.added for one in done),
        appointments=list(standing_.values()),
    )


def _closed(context: typer.Context, zone: ZoneInfo, done: Closed, *, dry_run: bool) -> None:
    options = options_of(context)
    if options.json:
        print_json(done)
        return
    table(options, done.closures, {"from": _first, "to": _last, "reason": _reason}, none="")
    before = len(done.closures) - done.added
    options.say(f"{done.added} {'would be ' if dry_run else ''}added, {before} closed before.")
    standing(options, done.appointments, zone, why="fall on closed days")


def _first(closure: Closure) -> object:
    return closure.first


def _last(closure: Closure) -> object:
    return closure.last


def _reason(closure: Closure) -> object:
    return closure.reason
