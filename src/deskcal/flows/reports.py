"""Reports: what is counted for whom, over which local dates."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from deskcal.core.access import Actor
from deskcal.core.clinic import Provider
from deskcal.core.hours import hours_of, open_spans
from deskcal.core.localtime import find_zone
from deskcal.core.refusals import Invalid, NotFound
from deskcal.core.report import Attendance, Counts, LeftOut, Period, Step, Use, period
from deskcal.flows.board import Board
from deskcal.store import catalog, clinics, reports, schedule_windows
from deskcal.store.database import ReadTx
from deskcal.store.reports import Wanted

MOST_PROVIDER_DAYS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of a report; without dates the last four weeks."""

    first: date | None
    last: date | None
    provider_id: UUID | None
    location_id: UUID | None
    service_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """What was booked for each day or week, also for those without any."""

    period: Period
    rows: Mapping[date, Counts]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoShows:
    """Who came and who did not."""

    period: Period
    rows: list[Attendance]


@dataclass(frozen=True, slots=True, kw_only=True)
class Utilization:
    """How much of each provider's date is booked, by name and date; dates without any of it are left out."""

    period: Period
    rows: list[tuple[Provider, date, Use]]
    left_out: LeftOut


@dataclass(frozen=True, slots=True, kw_only=True)
class PeakHours:
    """How many start in each hour of each weekday."""

    period: Period
    rows: Mapping[tuple[int, int], int]
    canceled: int


async def volume(board: Board, actor: Actor, asked: Asked, now: datetime, *, step: Step) -> Volume:
    """Count appointments by day or week."""
    async with board.database.read(actor.clinic_id, snapshot=True) as tx:
        wanted = await _wanted(tx, asked, now)
        found = await reports.counts(tx, wanted, step)
    rows = {first: found.get(first, Counts()) for first in wanted.period.starts(step)}
    return Volume(period=wanted.period, rows=rows)


async def no_shows(board: Board, actor: Actor, asked: Asked, now: datetime) -> NoShows:
    """Count who came and who did not."""
    async with board.database.read(actor.clinic_id) as tx:
        wanted = await _wanted(tx, asked, now)
        return NoShows(period=wanted.period, rows=await reports.attendance(tx, wanted))


async def utilization(board: Board, actor: Actor, asked: Asked, now: datetime) -> Utilization:
    """Measure what is booked of what is open, provider by provider.

    Raises Invalid for more than 20,000 days of providers together.
    """
    async with board.database.read(actor.clinic_id, snapshot=True) as tx:
        wanted = await _wanted(tx, asked, now)
        days = wanted.period.days
        meant = await _providers(tx, board, wanted)
        if len(meant) * len(days) > MOST_PROVIDER_DAYS:
            many = f"{len(meant)} providers on {len(days)} days"
            raise Invalid(("from", f"{many} are too much at once; ask for fewer days, or by location"))
        rows = []
        for one in meant:
            hours = hours_of(one)
            found = await reports.use(tx, wanted, one.id, {day: open_spans(hours, day) for day in days})
            rows += [(one, day, found[day]) for day in days if found[day] != Use()]
        return Utilization(period=wanted.period, rows=rows, left_out=await reports.left_out(tx, wanted))


async def peak_hours(board: Board, actor: Actor, asked: Asked, now: datetime) -> PeakHours:
    """Count what starts in each hour of each weekday."""
    async with board.database.read(actor.clinic_id, snapshot=True) as tx:
        wanted = await _wanted(tx, asked, now)
        rows = await reports.starts(tx, wanted)
        gone = await reports.left_out(tx, wanted)
    return PeakHours(period=wanted.period, rows=rows, canceled=gone.canceled)


async def _wanted(tx: ReadTx, asked: Asked, now: datetime) -> Wanted:
    """Say what is counted. Raises Invalid, and NotFound for what is not there."""
    clinic = await clinics.own(tx)
    if clinic is None:
        raise NotFound("There is no such clinic.")
    if asked.provider_id and await catalog.provider(tx, asked.provider_id) is None:
        raise NotFound("There is no such provider.")
    if asked.service_id and await catalog.service(tx, asked.service_id) is None:
        raise NotFound("There is no such service.")
    if asked.location_id and not await clinics.has_location(tx, asked.location_id):
        raise NotFound("There is no such location.")
    today = now.astimezone(find_zone(clinic.timezone)).date()
    return Wanted(
        period=period(asked.first, asked.last, today),
        provider_id=asked.provider_id,
        location_id=asked.location_id,
        service_id=asked.service_id,
    )


async def _providers(tx: ReadTx, board: Board, wanted: Wanted) -> list[Provider]:
    """List the providers that are meant, with the windows and closures of days long gone too."""
    known = await board.catalog_within(tx)
    meant = [
        one
        for one in known.providers.values()
        if wanted.provider_id in {None, one.id} and wanted.location_id in {None, one.location_id}
    ]
    windows = await schedule_windows.of(tx, [one.id for one in meant])
    closures = await schedule_windows.closures(tx, since=wanted.period.first)
    return [
        replace(
            one,
            windows=windows.get(one.id, ()),
            closures=tuple(shut for shut in closures if shut.location_id in {None, one.location_id}),
        )
        for one in meant
    ]
