"""`deskcal rehearse-dst`: what the next change of clocks touches."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

import typer

from deskcal.cli.options import options_of
from deskcal.cli.out import lines, print_json
from deskcal.cli.session import Session, with_clinic
from deskcal.core.localtime import find_zone
from deskcal.wire.clock_changes import AppointmentTouched, ClockChange, HoursTouched, Rehearsal, ZoneData


def rehearse_dst(
    context: typer.Context,
    *,
    zone: Annotated[
        str | None, typer.Option(help="IANA name; else every zone that the clinic works in.")
    ] = None,
    year: Annotated[
        int | None, typer.Option(min=1970, max=2198, help="All changes of a year; else the next one.")
    ] = None,
) -> None:
    """Say which hours and appointments the next change of clocks touches.

    Also tells which time zone data the server uses, and what any other on its machine would change.
    """
    if zone is not None:
        find_zone(zone)

    async def work(session: Session) -> Rehearsal:
        return await session.client.clock_changes(zone=zone, year=year)

    found = with_clinic(context, work)
    options = options_of(context)
    if options.json:
        print_json(found)
        return
    lines([line] for line in _told(found))
    if not found.changes:
        options.say(f"Clocks do not change then in {', '.join(found.zones)}.")


def _told(found: Rehearsal) -> Iterator[str]:
    for change in found.changes:
        yield from _change(change)
    for data in found.zone_data:
        yield from _data(data)


def _change(change: ClockChange) -> Iterator[str]:
    hours = f"{change.day_minutes / 60:g}"
    first, last = (datetime.fromisoformat(at) for at in (change.wall_start, change.wall_end))
    gone = "is missing" if change.kind == "forward" else "comes twice"
    yield (
        f"{change.date:%a %Y-%m-%d}  {change.zone}  clocks go {change.kind}:"
        f" {first:%H:%M}-{last:%H:%M} {gone} ({change.name_before} to {change.name_after}), {hours} hours"
    )
    yield f"  {_picture(change)}"
    for one in change.hours:
        yield f"  {_hours(one)}"
    for made in change.appointments:
        yield f"  {_appointment(made)}"
    if not change.hours and not change.appointments:
        yield "  nothing of this clinic is touched"


def _picture(change: ClockChange) -> str:
    """Draw the hours of the day as the clock on the wall shows them: `00 01 -- 03`, or `00 01 01 02`."""
    zone = find_zone(change.zone)
    at = datetime.combine(change.date, datetime.min.time())
    first, last = (datetime.fromisoformat(side) for side in (change.wall_start, change.wall_end))
    drawn = []
    for hour in range(24):
        begins, ends = at.replace(hour=hour), at.replace(hour=hour, minute=59)
        touched = begins < last and first <= ends
        if touched and change.kind == "forward":
            whole = first <= begins and ends < last
            drawn.append("--" if whole else f"{hour:02}")
        else:
            drawn += [f"{hour:02}"] * (2 if touched else 1)
    return f"{' '.join(drawn)}  {zone.key}"


def _hours(one: HoursTouched) -> str:
    start, end = (datetime.fromisoformat(at) for at in (one.start, one.end))
    what = f"{one.window_kind} window" if one.window_kind else "weekly hours"
    again = " (recurs)" if one.window_kind and one.recurs else ""
    inside = ", begins or ends where the clock jumps" if one.edge_inside else ""
    lasts = f"lasts {_length(one.minutes)} instead of {_length(one.wall_minutes)}"
    clock = f"{start:%H:%M}-{end:%H:%M}".replace("-00:00", "-24:00")
    return f"{what}{again} of {one.name} {clock}: {lasts}{inside}"


def _appointment(made: AppointmentTouched) -> str:
    across = " across the change" if made.across else ""
    series = " of a series" if made.series_id else ""
    return (
        f"appointment {made.reference}{series} with {made.provider_name}"
        f" {made.start:%H:%M} UTC{made.start:%z} to {made.end:%H:%M} UTC{made.end:%z}{across}"
    )


def _data(data: ZoneData) -> Iterator[str]:
    named = f"time zone data {data.version or 'of unknown version'} in {data.place}"
    if data.in_use:
        yield f"{named}: in use"
        return
    yield f"{named}: {'not used, and says the same' if not data.differences else 'not used; with it'}"
    for one in data.differences:
        yield (
            f"  {one.zone} would be {_offset(one.then_minutes)} instead of {_offset(one.offset_minutes)}"
            f" from {one.start:%Y-%m-%d %H:%M} to {one.end:%Y-%m-%d %H:%M} UTC"
        )
        for made in one.appointments:
            yield f"    {_appointment(made)} would be shown at another time"


def _length(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02} h"


def _offset(minutes: int) -> str:
    return f"UTC{'-' if minutes < 0 else '+'}{_length(abs(minutes)).removesuffix(' h')}"
