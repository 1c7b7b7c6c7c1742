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


@dataclass(frozen=True, slots=True, kw_only=True)
class DayModel:
    """`columns[lane][row]` is a cell, `late[lane]` how many minutes late the provider runs.

    `spans[lane]` is from the first to the last slot or appointment of a lane, None where there is neither.
    `fetched` is the server's day with the news since, `hold` and `pending` are this desk's own.
    """

    fetched: CalendarDay
    zone: ZoneInfo
    rows: tuple[Row, ...]
    columns: tuple[tuple[Cell, ...], ...]
    spans: tuple[tuple[datetime, datetime] | None, ...]
    late: tuple[int, ...]
    hold: Hold | None
    pending: Pending

    @property
    def lanes(self) -> Sequence[Lane]:
        return self.fetched.providers

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
    known = {id(lane): span for lane, span in zip(before.lanes, before.spans, strict=True)} if before else {}
    spans = tuple(known[id(lane)] if id(lane) in known else _span(lane) for lane in fetched.providers)
    busy = [span for span in spans if span]
    rows = (
        rows_between(min(start for start, _ in busy), max(end for _, end in busy), zone, zoom) if busy else ()
    )
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
        spans=spans,
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


def _span(lane: Lane) -> tuple[datetime, datetime] | None:
    spans = [(slot.start, slot.end) for slot in lane.timeslots]
    spans += [(one.start, one.end) for one in lane.appointments if one.status not in GONE]
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many slots of a day are free, nearly full, and held here or elsewhere."""

    free: int
    few: int
    here: int
    elsewhere: int


def tally(fetched: CalendarDay, desk: str, hold: Hold | None = None) -> Tally:
    """Count starts that are free, and holds once each, however many slots they block."""
    slots = [slot for lane in fetched.providers for slot in lane.timeslots]
    held = {
        (slot.provider_id, slot.held_until, bool(slot.mine) and slot.held_by == desk)
        for slot in slots
        if slot.status == "reserved"
    }
    here = sum(mine for *_, mine in held)
    return Tally(
        free=sum(slot.status == "available" for slot in slots),
        few=sum(slot.status == "limited" for slot in slots),
        here=max(here, int(hold is not None and hold.is_open)),
        elsewhere=len(held) - here,
    )
