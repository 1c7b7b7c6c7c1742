"""`deskcal day-sheet`: a day on paper, for when the screen is away."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import typer

from deskcal.cli.appointments import every
from deskcal.cli.export_forms import patients_of
from deskcal.cli.names import provider_of, providers
from deskcal.cli.options import options_of
from deskcal.cli.out import print_json
from deskcal.cli.session import Session, with_clinic
from deskcal.cli.when import day_of, said
from deskcal.core.localtime import zone_label
from deskcal.core.rota import DAYS
from deskcal.core.words import digits
from deskcal.wire import day_sheet as sheet
from deskcal.wire.booking import Appointment
from deskcal.wire.catalog import WorkingDay
from deskcal.wire.people import Patient

if TYPE_CHECKING:
    from deskcal.cli.day_sheet_pdf import Lane, Row

LAST_DIGITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """Who comes to a clinic on a date, provider by provider, each with what paper says of them."""

    clinic: str
    date: date
    found: Sequence[Appointment]
    rooms: Mapping[UUID, str]
    patients: Mapping[UUID, Patient]
    hours: Mapping[UUID, WorkingDay]

    @property
    def heading(self) -> str:
        """Say where and when."""
        return f"{self.clinic}, {self.date:%A %Y-%m-%d}"

    def lanes(self) -> Iterator[list[Appointment]]:
        """Give the appointments of one provider after the other."""
        for _, group in groupby(self.found, key=lambda one: one.provider_id):
            yield [*group]

    def room(self, one: Appointment) -> str:
        """Say where it is, or how they meet."""
        return sheet.where(one, self.rooms)


def day_sheet(
    context: typer.Context,
    date: Annotated[str, typer.Argument(help="today, fri, +3 or 2026-03-09.")] = "today",
    *,
    provider: Annotated[str | None, typer.Option(help="Name or id; else everybody.")] = None,
    pdf: Annotated[
        Path | None,
        typer.Option(
            dir_okay=False, help="Write it to be printed, a page each, also with birth dates and breaks."
        ),
    ] = None,
    paper: Annotated[
        Literal["a4", "letter"], typer.Option(help="With --pdf: what is in the printer.")
    ] = "a4",
) -> None:
    """Print the appointments of a day for each provider, with a box to tick."""
    day = with_clinic(context, lambda session: _read(session, date, provider, whole=pdf is not None))
    options = options_of(context)
    if options.json:
        print_json(day.found)
    elif pdf is None:
        typer.echo(sheet.day_sheet(day.heading, day.found, day.rooms))
    if not day.found:
        options.say("Nobody comes that day.")
    elif pdf is not None:
        missing = _draw(day, pdf, paper)
        options.say(f"Written to {pdf}.")
        if missing:
            options.say(f"The font has no {', '.join(missing)}: there the sheet has ? and the reference.")


async def _read(session: Session, on: str, provider: str | None, *, whole: bool) -> Day:
    who = await provider_of(session, provider) if provider else None
    day = day_of(on, session.zone)
    listed = await every(session, day=day, provider_id=who.id if who else None)
    found = [one for one in listed if one.status != "canceled"]
    found.sort(key=lambda one: (one.provider_name, one.provider_id, one.start))
    there = {one.id for one in await providers(session)} if whole else set()
    working = {one.provider_id for one in found} & there
    weeks = {id_: await session.client.schedule(id_) for id_ in working}
    return Day(
        clinic=session.clinic.name,
        date=day,
        found=found,
        rooms={room.id: room.name for room in await session.client.rooms()},
        patients={one.id: one for one in await patients_of(session, found)} if whole else {},
        hours={id_: getattr(week, DAYS[day.weekday()]) for id_, week in weeks.items()},
    )


def _time(one: Appointment) -> str:
    zone = ZoneInfo(one.timezone)
    return f"{one.start.astimezone(zone):%H:%M}-{one.end.astimezone(zone):%H:%M}"


def _draw(day: Day, out: Path, paper: Literal["a4", "letter"]) -> str:
    """Write the pages whole or not at all; gives the letters that could not be written."""
    from deskcal.cli.day_sheet_pdf import draw
    from deskcal.cli.whole_file import whole_bytes

    zone = ZoneInfo(day.found[0].timezone)
    footing = f"{day.heading}, as of {said(datetime.now(UTC), zone)}"
    drawn, missing = draw([_page(day, lane) for lane in day.lanes()], paper, footing)
    with whole_bytes(out) as file:
        file.write(drawn)
    return missing


def _page(day: Day, booked: Sequence[Appointment]) -> "Lane":
    from deskcal.cli.day_sheet_pdf import Lane, Row

    first = booked[0]
    hours = day.hours.get(first.provider_id)
    breaks = [Row(time=f"{one.start}-{one.end}") for one in hours.breaks] if hours else []
    rows = sorted([*breaks, *(_row(day, one) for one in booked)], key=lambda row: row.time)
    times = zone_label(ZoneInfo(first.timezone), first.start)
    return Lane(provider=first.provider_name, heading=f"{day.heading}, times in {times}", rows=rows)


def _row(day: Day, one: Appointment) -> "Row":
    from deskcal.cli.day_sheet_pdf import Row

    patient = day.patients.get(one.patient_id)
    return Row(
        time=_time(one),
        patient=one.patient_name,
        here=one.status in sheet.HERE,
        born=f"{patient.date_of_birth or ''}" if patient else "",
        phone=digits(patient.phone or "")[-LAST_DIGITS:] if patient else "",
        service=one.service_title,
        room=day.room(one),
        reference=one.reference,
        notes=one.notes or "",
    )
