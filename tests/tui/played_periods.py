"""Months and weeks of the played clinic: counts and spans of its lanes, and how the feed tells of them."""

from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import msgspec

from deskcal.tui.calendar.cells import FREE_STATUSES
from deskcal.wire.aggregates import CalendarDaySummary, CalendarMonth, DaySpans, MonthSummary, Week, WeekSpan
from deskcal.wire.calendar import Lane, Timeslot
from deskcal.wire.closures import Closure
from deskcal.wire.people import Me
from tui.played_book import Busy, number
from tui.played_line import PlayedLine

HALF_HOUR = timedelta(minutes=30)
LIMITED_PERCENT = 20


@dataclass(kw_only=True)
class PlayedPeriods(PlayedLine):
    """On `holidays` nobody works, empty reasons are days off. `treats` is the lane of the user."""

    holidays: dict[date, str] = field(default_factory=dict)
    treats: int | None = None

    async def calendar_month(
        self,
        year: int,
        month: int,
        *,
        service_id: UUID | None = None,
        provider_id: UUID | None = None,
        my_bookings_only: bool = False,
    ) -> CalendarMonth:
        await self._call("calendar_month")
        days = [date(year, month, 1 + n) for n in range(monthrange(year, month)[1])]
        return CalendarMonth(
            days=[self._summary(day, service_id, provider_id, mine=my_bookings_only) for day in days],
            timezone=self.zone.key,
            fetched_at=self.clock.now,
            seq=self.seq,
        )

    async def week(
        self, start: date, *, service_id: UUID | None = None, provider_id: UUID | None = None
    ) -> Week:
        await self._call("week")
        days = [start + timedelta(days=n) for n in range(7)]
        return Week(
            spans=[span for day in days for span in self._spans(day, service_id, provider_id)],
            timezone=self.zone.key,
            fetched_at=self.clock.now,
            seq=self.seq,
        )

    async def closures(self) -> list[Closure]:
        await self._call("closures")
        return [
            Closure(id=number(7, n), first=day, last=day, reason=why, location_id=None, source="holiday")
            for n, (day, why) in enumerate(self.holidays.items())
            if why
        ]

    async def me(self) -> Me:
        await self._call("me")
        return Me(
            sub="ana",
            clinic_id=self.clinic.id,
            email=None,
            role="front_desk",
            scopes=[],
            patient_id=None,
            provider_id=None if self.treats is None else number(1, self.treats),
        )

    def tell(self, busy: Busy, status: str) -> None:
        """Tell of a change, and of its date counted anew."""
        super().tell(busy, status)
        self.tell_day(busy.start.astimezone(self.zone).date())

    def tell_day(self, day: date) -> None:
        """Tell how a date is now."""
        counts = msgspec.structs.asdict(self._summary(day, None, None))
        told = DaySpans(
            date=day,
            spans=self._spans(day, None, None),
            month_summary=MonthSummary(month=f"{day:%Y-%m}", filters={}, **counts),
        )
        self.tell_of("availability.span_updated", msgspec.to_builtins(told))

    def close(self, day: date, why: str) -> None:
        """Close a date, as everybody is told of it."""
        self.holidays[day] = why
        start = datetime.combine(day, datetime.min.time(), self.zone)
        span = {"start": start.isoformat(), "end": (start + timedelta(days=1)).isoformat()}
        self.tell_of("availability.invalidated", {"timeRange": span})

    def _lane(self, n: int, day: date, service_id: UUID | None) -> Lane:
        lane = super()._lane(n, day, service_id)
        return msgspec.structs.replace(lane, timeslots=[]) if day in self.holidays else lane

    def _slots(self, day: date, service_id: UUID | None, provider_id: UUID | None) -> list[Timeslot]:
        lanes = [self._lane(n, day, service_id) for n in range(len(self.provider_names))]
        return [slot for lane in lanes if provider_id in {None, lane.provider.id} for slot in lane.timeslots]

    def _summary(
        self, day: date, service_id: UUID | None, provider_id: UUID | None, *, mine: bool = False
    ) -> CalendarDaySummary:
        slots = self._slots(day, service_id, provider_id)
        coming = [slot for slot in slots if slot.start > self.clock.now]
        free = sum(slot.status in FREE_STATUSES for slot in coming)
        booked = [
            busy
            for busy in self.busy
            if busy.start.astimezone(self.zone).date() == day
            and busy.until is None
            and provider_id in {None, number(1, busy.provider)}
            and (not mine or busy.by == "Desk 2")
        ]
        return CalendarDaySummary(
            date=day,
            available_count=free,
            booked_count=len(booked),
            limited=0 < free * 100 <= LIMITED_PERCENT * len(coming),
            full=bool(coming) and not free,
            closed=not slots,
        )

    def _spans(self, day: date, service_id: UUID | None, provider_id: UUID | None) -> list[WeekSpan]:
        halves: dict[datetime, list[Timeslot]] = defaultdict(list)
        for slot in self._slots(day, service_id, provider_id):
            if slot.start > self.clock.now:
                begin = slot.start.astimezone(UTC)
                halves[begin - timedelta(minutes=begin.minute % 30)].append(slot)
        return [self._span(begin, slots) for begin, slots in sorted(halves.items())]

    def _span(self, begin: datetime, slots: list[Timeslot]) -> WeekSpan:
        free = [slot for slot in slots if slot.status in FREE_STATUSES]
        start, end = begin.astimezone(self.zone), (begin + HALF_HOUR).astimezone(self.zone)
        who = f"{len(free)} provider{'s' if len(free) > 1 else ''} free" if free else "full"
        few = len(free) * 100 <= LIMITED_PERCENT * len(slots) or len(free) in {1, 2}
        return WeekSpan(
            start=start,
            end=end,
            label=f"{who}, {start:%H:%M}-{end:%H:%M} {start:%Z}",
            severity="full" if not free else "limited" if few else "normal",
            available_count=len(free),
            provider_ids=[slot.provider_id for slot in free],
        )
