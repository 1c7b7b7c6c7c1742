"""`deskcal day-sheet`: a day on paper, for when the screen is away."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

import typer

from deskcal.cli.appointments import every
from deskcal.cli.names import provider_of
from deskcal.cli.options import options_of
from deskcal.cli.out import print_json
from deskcal.cli.session import Session, with_clinic
from deskcal.cli.when import day_of
from deskcal.core.localtime import zone_label
from deskcal.wire.booking import Appointment

HERE = ("checked_in", "in_progress", "completed")


def day_sheet(
    context: typer.Context,
    date: Annotated[str, typer.Argument(help="today, fri, +3 or 2026-03-09.")] = "today",
    *,
    provider: Annotated[str | None, typer.Option(help="Name or id; else everybody.")] = None,
) -> None:
    """Print the appointments of a day for each provider, with a box to tick."""

    async def work(session: Session) -> tuple[str, dict[UUID, str], list[Appointment]]:
        who = await provider_of(session, provider) if provider else None
        day = day_of(date, session.zone)
        found = await every(session, day=day, provider_id=who.id if who else None)
        rooms = {room.id: room.name for room in await session.client.rooms()}
        coming = [one for one in found if one.status != "canceled"]
        return f"{session.clinic.name}, {day:%A %Y-%m-%d}", rooms, coming

    heading, rooms, found = with_clinic(context, work)
    options = options_of(context)
    if options.json:
        print_json(found)
        return
    typer.echo(heading)
    if not found:
        options.say("Nobody comes that day.")
    found.sort(key=lambda one: (one.provider_name, one.provider_id, one.start))
    for _, group in groupby(found, key=lambda one: one.provider_id):
        typer.echo("\n" + "\n".join(_lane([*group], rooms)))


def _lane(booked: Sequence[Appointment], rooms: Mapping[UUID, str]) -> Iterator[str]:
    zone = ZoneInfo(booked[0].timezone)
    yield f"{booked[0].provider_name}, times in {zone_label(zone, booked[0].start)}"
    rows = [
        (
            f"[{'x' if one.status in HERE else ' '}]",
            f"{one.start.astimezone(zone):%H:%M}-{one.end.astimezone(zone):%H:%M}",
            one.patient_name,
            one.service_title,
            rooms.get(one.room_id, "") if one.room_id else one.mode.replace("_", " "),
            one.reference,
            one.status.replace("_", " "),
            one.notes or "",
        )
        for one in booked
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
