"""Which free slots come first."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskcal.core.clinic import Preference, Provider, Service
from deskcal.core.lane import Rows, slots
from deskcal.core.ranking import HOURS, Ranked, TimeOfDay, ranked, soonest
from deskcal.core.rota import parse_words
from deskcal.core.slot import Busy, SlotState
from deskcal.core.span import Span
from deskcal.core.survey import Survey

MINUTE = timedelta(minutes=1)
MONDAY = datetime(2026, 3, 9, 4, tzinfo=UTC)
"""Midnight in New York, on the day after clocks went forward there."""
TWO_DAYS = Span(start=MONDAY, end=MONDAY + timedelta(days=2))
VISIT = Service(
    id=UUID(int=1), title="Visit", duration_minutes=30, slot_step_minutes=15, buffer_after_minutes=5
)


def provider(number: int, hours: str = "mon,tue 08:00-12:00,13:00-19:00", *likes: Preference) -> Provider:
    return Provider(
        id=UUID(int=number),
        name=f"Dr. {number}",
        timezone="America/New_York",
        openings=parse_words(hours.split()),
        prices=MappingProxyType({VISIT.id: None}),
        preferences=likes,
    )


PEREZ, CHEN = provider(11), provider(12)
EARLY = Preference(times=((8 * 60, 10 * 60),), weight=50)


def at(hour: int, minute: int = 0) -> datetime:
    return MONDAY + timedelta(hours=hour, minutes=minute)


def busy(hour: int, minute: int = 0, *, minutes: int = 35, held: bool = False) -> Busy:
    return Busy(
        resource_id=PEREZ.id,
        span=Span.of_minutes(at(hour, minute), minutes),
        session_key=hour * 60 + minute,
        hold_id=UUID(int=5) if held else None,
        appointment_id=None if held else UUID(int=5),
    )


def survey(taken: Mapping[UUID, Sequence[Busy]], *, window: Span = TWO_DAYS) -> Survey:
    return Survey(
        service=VISIT, rooms=(), equipment=(), window=window, sight=Rows(taken=taken), now=window.start
    )


def scores(look: Survey, who: Provider, prefer: TimeOfDay | None = None) -> dict[datetime, int]:
    return {one.span.start: one.score for one in ranked(look, [who], prefer=prefer, limit=1000)}


def test_a_slot_beside_another_beats_one_that_splits_a_gap() -> None:
    """Right behind an appointment, right before one, and at the edge of hours is better than in between."""
    found = scores(survey({PEREZ.id: [busy(9, 10), busy(11, 5)]}), PEREZ)
    assert found[at(9, 45)] == found[at(10, 30)] == found[at(8)] == 80
    assert found[at(10)] == 60


def test_a_gap_that_fits_exactly_is_best() -> None:
    """A slot with something on either side wins; a hold counts as much as an appointment."""
    look = survey({PEREZ.id: [busy(8, 55, minutes=20), busy(9, 50, held=True)]})
    best = ranked(look, [PEREZ], prefer=None, limit=1)[0]
    assert (best.span.start, best.score) == (at(9, 15), 100)


def test_the_time_of_day_asked_for_comes_first() -> None:
    """Who asks for the afternoon gets it, however well a morning slot would lie."""
    best = ranked(survey({}), [PEREZ], prefer=TimeOfDay.AFTERNOON, limit=3)
    assert [one.span.start for one in best] == [at(13), at(13 + 24), at(13, 15)]


@pytest.mark.parametrize(("weight", "lost"), [(0, 0), (50, 10), (100, 20)])
def test_what_a_provider_likes_weighs_as_much_as_said(weight: int, lost: int) -> None:
    """A time that a provider likes less costs points by the weight of the preference."""
    likes = Preference(times=((8 * 60, 10 * 60),), weight=weight)
    found = scores(survey({}), provider(11, "mon,tue 08:00-19:00", likes))
    assert found[at(9)] - found[at(10)] == lost


def test_a_preference_for_the_service_goes_before_one_for_all() -> None:
    """Only the more precise preference holds."""
    late = Preference(service_id=VISIT.id, times=((17 * 60, 19 * 60),), weight=100)
    found = scores(survey({}), provider(11, "mon,tue 08:00-19:00", EARLY, late))
    assert found[at(17, 15)] > found[at(9)]


def test_of_equals_the_soonest_then_the_name() -> None:
    """Order is the same on every machine."""
    best = ranked(survey({}), [CHEN, PEREZ], prefer=None, limit=3)
    assert [(one.span.start, one.starts.provider.name) for one in best] == [
        (at(8), "Dr. 11"),
        (at(8), "Dr. 12"),
        (at(11, 30), "Dr. 11"),
    ]


def test_the_next_available() -> None:
    """Soonest first; of those at the same time the better one."""
    look = survey({PEREZ.id: [busy(8, minutes=60)]})
    found = soonest(look, [PEREZ, CHEN], prefer=None, limit=6)
    assert [(one.span.start, one.starts.provider.name) for one in found] == [
        (at(8), "Dr. 12"),
        (at(8, 15), "Dr. 12"),
        (at(8, 30), "Dr. 12"),
        (at(8, 45), "Dr. 12"),
        (at(9), "Dr. 11"),
        (at(9), "Dr. 12"),
    ]


def slow_score(look: Survey, who: Provider, start: datetime, prefer: TimeOfDay | None) -> int:
    """Score one slot by looking at the minutes around it."""
    local = start.astimezone(who.zone)
    minute = local.hour * 60 + local.minute

    def gap(moment: datetime) -> bool:
        wall = moment.astimezone(who.zone)
        clock = wall.hour * 60 + wall.minute
        opened = any(
            one.weekday == wall.weekday() and one.opens <= clock < one.closes for one in who.openings
        )
        held = any(row.span.start <= moment < row.span.end for row in look.sight.rows(who.id))
        taken = look.sight.booked(who.id, Span.of_minutes(moment, 1)) == 1
        return opened and not taken and not held

    sides = (start - MINUTE, start + timedelta(minutes=VISIT.duration_minutes + VISIT.buffer_after_minutes))
    score = sum(20 for side in sides if not gap(side))
    score += 40 if prefer is None or HOURS[prefer][0] <= minute < HOURS[prefer][1] else 0
    liked = who.preferences[0] if who.preferences else None
    pleased = liked is None or any(first <= minute < last for first, last in liked.times)
    return score + 20 - (0 if pleased or liked is None else 20 * liked.weight // 100)


@given(
    taken=st.lists(
        st.tuples(st.integers(7 * 12, 20 * 12), st.integers(1, 24), st.booleans(), st.sampled_from((11, 12))),
        max_size=8,
    ),
    prefer=st.none() | st.sampled_from(TimeOfDay),
    weight=st.integers(0, 100),
    limit=st.integers(1, 30),
    begin=st.integers(0, 12 * 60),
)
def test_the_first_are_those_of_sorting_everything(
    taken: list[tuple[int, int, bool, int]], prefer: TimeOfDay | None, weight: int, limit: int, begin: int
) -> None:
    """The best and the next few equal the head of the whole list, scored slot by slot and sorted."""
    who = [provider(12, "mon,tue 08:00-19:00", Preference(times=((600, 660), (900, 960)), weight=weight))]
    who.append(PEREZ)
    rows: dict[UUID, list[Busy]] = {}
    for number, (start, length, held, whose) in enumerate(taken):
        row = Busy(
            resource_id=UUID(int=whose),
            span=Span.of_minutes(MONDAY + start * 5 * MINUTE, length * 5),
            session_key=number,
            hold_id=UUID(int=number) if held else None,
            appointment_id=None if held else UUID(int=number),
        )
        rows.setdefault(row.resource_id, []).append(row)
    look = survey(rows, window=Span(start=MONDAY + begin * MINUTE, end=TWO_DAYS.end))
    free = [
        (slow_score(look, one, slot.span.start, prefer), slot.span.start, one.name)
        for one in who
        for slot in slots(look, look.of(one))
        if slot.state is SlotState.AVAILABLE
    ]

    def told(found: Sequence[Ranked]) -> list[tuple[int, datetime, str]]:
        return [(one.score, one.span.start, one.starts.provider.name) for one in found]

    by_score = sorted(free, key=lambda one: (-one[0], one[1], one[2]))
    by_time = sorted(free, key=lambda one: (one[1], -one[0], one[2]))
    assert told(ranked(look, who, prefer=prefer, limit=limit)) == by_score[:limit]
    assert told(soonest(look, who, prefer=prefer, limit=limit)) == by_time[:limit]
