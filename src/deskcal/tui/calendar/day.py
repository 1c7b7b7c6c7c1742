"""A day as the grid draws it: lanes cut into rows, and how news changes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from deskcal.tui.booking.hold import Hold
from deskcal.tui.calendar.cells import GONE, NOTHING, Cell, Pending, lane_cells
from deskcal.tui.calendar.rows import Row, rows_between
from deskcal.wire.calendar import CalendarDay, DayAppointment, Lane, SlotStatus, Timeslot
from deskcal.wire.delays import Delay
from deskcal.wire.shape import Shape

NOBODY: Mapping[UUID, Delay] = MappingProxyType({})


class SlotNews(Shape, kw_only=True):
    """The payload of `timeslot.updated`: what happened to a stretch of a provider's time."""

    timeslot_id: str
    provider_id: UUID
    date: date
    busy_start: datetime
    busy_end: datetime
    status: SlotStatus
    remaining: int | None = None
    held_until: datetime | None = None
    held_by: str | None = None


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """How many slots are free and nearly full, and how many holds there are, here and elsewhere.

    `span` is from the first to the last slot or appointment, None where there is neither.
    """

    span: tuple[datetime, datetime] | None
    free: int
    few: int
    here: int
    elsewhere: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayModel:
    """`columns[lane][row]` is a cell, `late[lane]` how many minutes late the provider runs.

    `tallies[lane]` counts its slots. `fetched` is the server's day with the news since, `hold` and `pending`
    are this desk's own.
    """

    fetched: CalendarDay
    zone: ZoneInfo
    rows: tuple[Row, ...]
    columns: tuple[tuple[Cell, ...], ...]
    tallies: tuple[Tally, ...]
    late: tuple[int, ...]
    hold: Hold | None
    pending: Pending

    @property
    def lanes(self) -> Sequence[Lane]:
        return self.fetched.providers

    @property
    def tally(self) -> Tally:
        """Count the whole day; this desk's own hold counts before the server has agreed."""
        return Tally(
            span=_span([one.span for one in self.tallies if one.span]),
            free=sum(one.free for one in self.tallies),
            few=sum(one.few for one in self.tallies),
            here=max(sum(one.here for one in self.tallies), int(self.hold is not None and self.hold.is_open)),
            elsewhere=sum(one.elsewhere for one in self.tallies),
        )

    def row_at(self, instant: datetime) -> int | None:
        """Find the row that an instant lies in."""
        return next((n for n, row in enumerate(self.rows) if row.start <= instant < row.end), None)

    def lane_of(self, provider_id: UUID) -> int | None:
        return next((n for n, lane in enumerate(self.lanes) if lane.provider.id == provider_id), None)


def model_of(
    fetched: CalendarDay,
    *,
    zoom: int,
    desk: str,
    hold: Hold | None = None,
    pending: Pending = NOTHING,
    late: Mapping[UUID, Delay] = NOBODY,
    before: DayModel | None = None,
) -> DayModel:
    """Cut a day into rows of `zoom` minutes, from the first to the last slot or appointment of any lane.

    Lanes that stand in the model `before`, too, keep their cells.
    """
    zone = ZoneInfo(fetched.timezone)
    counted = (
        {id(lane): known for lane, known in zip(before.lanes, before.tallies, strict=True)} if before else {}
    )
    tallies = tuple(counted.get(id(lane)) or _tally(lane, desk) for lane in fetched.providers)
    span = _span([known.span for known in tallies if known.span])
    rows = rows_between(*span, zone, zoom) if span else ()
    kept = _kept(before, hold, pending) if before and before.rows == rows else {}
    columns = tuple(
        kept.get(id(lane)) or lane_cells(lane, rows, desk, hold, pending, as_of=fetched.fetched_at)
        for lane in fetched.providers
    )
    minutes = tuple(
        late[lane.provider.id].minutes if lane.provider.id in late else 0 for lane in fetched.providers
    )
    return DayModel(
        fetched=fetched,
        zone=zone,
        rows=rows,
        columns=columns,
        tallies=tallies,
        late=minutes,
        hold=hold,
        pending=pending,
    )


def _kept(before: DayModel, hold: Hold | None, pending: Pending) -> dict[int, tuple[Cell, ...]]:
    """Give the cells that no hold and no unanswered status has changed, by the `id` of their lane."""
    holds = {one.slot.provider_id for one in (before.hold, hold) if one and before.hold != hold}
    about = {appointment_id for appointment_id, _ in before.pending.items() ^ pending.items()}
    return {
        id(lane): column
        for lane, column in zip(before.lanes, before.columns, strict=True)
        if lane.provider.id not in holds and not any(one.id in about for one in lane.appointments)
    }


def _tally(lane: Lane, desk: str) -> Tally:
    held = {
        (slot.held_until, bool(slot.mine) and slot.held_by == desk)
        for slot in lane.timeslots
        if slot.status == "reserved"
    }
    here = sum(mine for _, mine in held)
    spans = [(slot.start, slot.end) for slot in lane.timeslots]
    return Tally(
        span=_span(spans + [(one.start, one.end) for one in lane.appointments if one.status not in GONE]),
        free=sum(slot.status == "available" for slot in lane.timeslots),
        few=sum(slot.status == "limited" for slot in lane.timeslots),
        here=here,
        elsewhere=len(held) - here,
    )


def _span(spans: Sequence[tuple[datetime, datetime]]) -> tuple[datetime, datetime] | None:
    return (min(start for start, _ in spans), max(end for _, end in spans)) if spans else None


def with_news(fetched: CalendarDay, news: SlotNews) -> CalendarDay:
    """Draw what an event says at once; asking the server for the lane makes it exact afterwards."""
    lanes = [
        msgspec.structs.replace(lane, timeslots=[_told(slot, news) for slot in lane.timeslots])
        if lane.provider.id == news.provider_id
        else lane
        for lane in fetched.providers
    ]
    return msgspec.structs.replace(fetched, providers=lanes)


def _told(slot: Timeslot, news: SlotNews) -> Timeslot:
    touches = slot.start < news.busy_end and news.busy_start < slot.end
    if not touches or slot.status == "unavailable":
        return slot
    if slot.capacity > 1 and slot.id == news.timeslot_id and news.remaining is not None:
        return msgspec.structs.replace(slot, status=news.status, remaining=news.remaining)
    return msgspec.structs.replace(
        slot, status=news.status, held_until=news.held_until, held_by=news.held_by, mine=None
    )


def with_status(fetched: CalendarDay, about: UUID, *, status: str, version: int) -> CalendarDay:
    """Put in what has become of an appointment, unless something newer is known."""

    def now(one: DayAppointment) -> DayAppointment:
        newer = one.id == about and version > one.version
        return msgspec.structs.replace(one, status=status, version=version) if newer else one

    lanes = [
        msgspec.structs.replace(lane, appointments=[now(one) for one in lane.appointments])
        if any(one.id == about for one in lane.appointments)
        else lane
        for lane in fetched.providers
    ]
    return msgspec.structs.replace(fetched, providers=lanes)


def with_lanes(fetched: CalendarDay, fresh: CalendarDay) -> CalendarDay:
    """Put lanes that were fetched again in the place of the ones they renew."""
    newer = {lane.provider.id: lane for lane in fresh.providers}
    lanes = [newer.get(lane.provider.id, lane) for lane in fetched.providers]
    renewed = msgspec.structs.replace(fetched, providers=lanes, fetched_at=fresh.fetched_at, seq=fresh.seq)
    return keeping(fetched, renewed)


def keeping(known: CalendarDay, fresh: CalendarDay) -> CalendarDay:
    """Leave lanes that read as before in their place, so that they need not be drawn again."""
    before = {lane.provider.id: lane for lane in known.providers}
    lanes = [
        known_lane if (known_lane := before.get(lane.provider.id)) == lane else lane
        for lane in fresh.providers
    ]
    return msgspec.structs.replace(fresh, providers=lanes)
