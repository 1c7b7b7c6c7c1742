"""Slots and verdicts against a slow oracle that walks through the day minute by minute, in any zone."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.surveys import lane_of, survey_of
from core.zones import ZONES, change_days
from deskcal.core.clinic import Opening, Provider, Service
from deskcal.core.localtime import local_day
from deskcal.core.session import own_window
from deskcal.core.slot import Busy, Slot, SlotState
from deskcal.core.span import Span
from deskcal.core.verdict import gate, reasons

MINUTE = timedelta(minutes=1)
PROVIDER_ID, SERVICE_ID, ROOMS = UUID(int=1), UUID(int=2), (UUID(int=3), UUID(int=4))
FREE = {SlotState.AVAILABLE, SlotState.LIMITED}


@dataclass(frozen=True, kw_only=True)
class Case:
    """A provider's day with everything that may be in the way."""

    provider: Provider
    service: Service
    day: date
    busy: tuple[Busy, ...]
    rooms: dict[UUID, tuple[Busy, ...]]
    now: datetime

    def lane(self) -> tuple[Slot, ...]:
        return lane_of(
            provider=self.provider,
            service=self.service,
            day=self.day,
            busy=self.busy,
            rooms=self.rooms,
            now=self.now,
        )

    def states(self) -> list[tuple[datetime, SlotState]]:
        """Say what each slot must be, by counting minutes."""
        noon = datetime.combine(self.day, time(12), UTC)
        minutes = [noon + n * MINUTE for n in range(-36 * 60, 66 * 60)]
        walls = [minute.astimezone(self.provider.zone).replace(tzinfo=None) for minute in minutes]
        midnight = datetime.combine(self.day, time())
        hours: list[tuple[Opening, range]] = []
        for ahead in (0, 1):
            for opening in self.provider.openings:
                if opening.weekday == (self.day.weekday() + ahead) % 7:
                    ends = [
                        midnight + timedelta(days=ahead, minutes=n) for n in (opening.opens, opening.closes)
                    ]
                    first, last = [next(i for i, wall in enumerate(walls) if wall >= end) for end in ends]
                    hours.append((opening, range(first, last)))
        is_open = {i for _, span in hours for i in span}
        starts = {
            i
            for opening, span in hours
            if opening.weekday == self.day.weekday()
            for i in span
            if ((walls[i] - midnight) // MINUTE - opening.opens) % self.service.slot_step_minutes == 0
            if is_open.issuperset(range(i, i + self.service.duration_minutes))
        }
        return [(minutes[i], self.state(minutes[i])) for i in sorted(starts)]

    def state(self, start: datetime) -> SlotState:
        span = Span.of_minutes(start, self.service.duration_minutes)
        ahead = self.in_the_way(span, self.busy)
        if any(row.appointment_id for row in ahead):
            return SlotState.BOOKED
        if ahead:
            return SlotState.RESERVED
        if self.service.room_type and all(self.in_the_way(span, rows) for rows in self.rooms.values()):
            return SlotState.UNAVAILABLE
        return SlotState.UNAVAILABLE if start < self.now else SlotState.AVAILABLE

    def in_the_way(self, span: Span, rows: tuple[Busy, ...]) -> list[Busy]:
        window = own_window(self.service, span)
        in_force = [row for row in rows if row.expires_at is None or row.expires_at > self.now]
        return [row for row in in_force if row.span.start < window.end and window.start < row.span.end]


@st.composite
def busy_rows(draw: st.DrawFn, noon: datetime) -> tuple[Busy, ...]:
    rows = []
    for number in range(draw(st.integers(0, 5))):
        held, mine = draw(st.booleans()), UUID(int=100 + number)
        start = noon + draw(st.integers(-1200, 2000)) * MINUTE
        rows.append(
            Busy(
                resource_id=PROVIDER_ID,
                span=Span.of_minutes(start, draw(st.integers(1, 300))),
                session_key=number,
                hold_id=mine if held else None,
                appointment_id=None if held else mine,
                expires_at=noon + draw(st.sampled_from([-120, 0, 120])) * MINUTE if held else None,
            )
        )
    return tuple(rows)


@st.composite
def openings(draw: st.DrawFn, day: date) -> tuple[Opening, ...]:
    found = []
    for _ in range(draw(st.integers(1, 4))):
        opens, closes = sorted(draw(st.sets(st.integers(0, 96), min_size=2, max_size=2)))
        weekday = (day.weekday() + draw(st.sampled_from([0, 0, 1, 3]))) % 7
        found.append(Opening(weekday=weekday, opens=opens * 15, closes=closes * 15))
    return tuple(found)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    name = draw(st.sampled_from(ZONES))
    some_day = st.dates(date(2025, 1, 1), date(2030, 12, 31))
    day = draw(st.sampled_from(change_days(name)) | some_day if change_days(name) else some_day)
    noon = datetime.combine(day, time(12), UTC)
    service = Service(
        id=SERVICE_ID,
        title="Check-up",
        duration_minutes=draw(st.integers(5, 150)),
        slot_step_minutes=draw(st.sampled_from([7, 15, 20, 30, 45, 60, 90])),
        buffer_before_minutes=draw(st.sampled_from([0, 10])),
        buffer_after_minutes=draw(st.sampled_from([0, 25])),
        room_type=draw(st.sampled_from([None, "exam"])),
    )
    provider = Provider(
        id=PROVIDER_ID,
        name="Dr. Perez",
        timezone=name,
        openings=draw(openings(day)),
        prices={SERVICE_ID: None},
    )
    return Case(
        provider=provider,
        service=service,
        day=day,
        busy=draw(busy_rows(noon)),
        rooms={room: draw(busy_rows(noon)) for room in ROOMS[: draw(st.integers(0, 2))]},
        now=noon + draw(st.integers(-1500, 1500)) * MINUTE,
    )


@settings(deadline=None)
@given(case=cases())
def test_lane_is_what_counting_minutes_says(case: Case) -> None:
    """Every slot of the day is there, in order, once, in its state, on any rota, in any zone, on any day."""
    assert [(slot.span.start, slot.state) for slot in case.lane()] == case.states()


@settings(deadline=None)
@given(case=cases())
def test_free_slots_have_no_reason_against_them(case: Case) -> None:
    """A slot is free exactly if nothing speaks against booking it, and then nobody is in its way."""
    for slot in case.lane():
        survey = survey_of(
            provider=case.provider,
            service=case.service,
            window=local_day(case.day, case.provider.zone),
            busy=case.busy,
            rooms=case.rooms,
            now=case.now,
        )
        against = reasons(survey, provider=case.provider, span=slot.span)
        assert (slot.state in FREE) == (not against)
        assert slot.state not in FREE or not case.in_the_way(slot.span, case.busy)


@settings(deadline=None)
@given(case=cases())
def test_every_slot_passes_the_gate(case: Case) -> None:
    """What the lane shows as a slot is on the grid and inside the hours, whoever has taken it."""
    for slot in case.lane():
        now = slot.span.start
        gate(provider=case.provider, service=case.service, span=slot.span, now=now, on_grid=True)


@settings(deadline=None)
@given(case=cases())
def test_labels_stay_on_the_grid(case: Case) -> None:
    """With one opening from midnight each slot's minute on the wall clock is a multiple of the step."""
    always = tuple(Opening(weekday=n, opens=0, closes=1440) for n in range(7))
    service = replace(case.service, slot_step_minutes=15, duration_minutes=15)
    lane = replace(case, provider=replace(case.provider, openings=always), service=service).lane()
    walls = [slot.span.start.astimezone(case.provider.zone) for slot in lane]
    assert all((wall.hour * 60 + wall.minute) % 15 == 0 for wall in walls)
    assert {wall.date() for wall in walls} == {case.day}


@pytest.mark.prove
@pytest.mark.parametrize("name", ZONES)
def test_all_clock_changes(name: str) -> None:
    """In every zone, on each day of a clock change from 2025 to 2030, the lane is what the oracle says."""
    always = tuple(Opening(weekday=n, opens=0, closes=1440) for n in range(7))
    split = tuple(
        Opening(weekday=n, opens=opens, closes=closes)
        for n in range(7)
        for opens, closes in ((0, 75), (75, 150), (170, 1400))
    )
    for day in change_days(name):
        noon = datetime.combine(day, time(12), UTC)
        for hours, step, minutes in ((always, 30, 30), (split, 20, 45)):
            case = Case(
                provider=Provider(
                    id=PROVIDER_ID,
                    name="Dr. Perez",
                    timezone=name,
                    openings=hours,
                    prices={SERVICE_ID: None},
                ),
                service=Service(
                    id=SERVICE_ID, title="Check-up", duration_minutes=minutes, slot_step_minutes=step
                ),
                day=day,
                busy=(),
                rooms={},
                now=noon,
            )
            assert [(slot.span.start, slot.state) for slot in case.lane()] == case.states()
