"""Rules against a slow oracle that judges minute by minute, in zones whose days are hard to tell."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from core.oracle_rules import MINUTE, PROVIDERS, ROW, refuses, rules
from deskcal.core.bitmap import positions
from deskcal.core.clinic import Provider, Service
from deskcal.core.rule import Case, Rule
from deskcal.core.rules import (
    DailyMaximum,
    MaxDaily,
    MinGap,
    payload_of,
    read_rule,
)
from deskcal.core.ruling import locks_for, rules_for
from deskcal.core.slot import Visit
from deskcal.core.span import Span

SERVICES = UUID(int=4), UUID(int=5)
PLACES = (
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("America/Havana", date(2026, 11, 1)),
    ("America/Santiago", date(2026, 9, 6)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Asia/Kathmandu", date(2026, 6, 1)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("Pacific/Kiritimati", date(2026, 6, 1)),
    ("Pacific/Pago_Pago", date(2026, 6, 1)),
)


@st.composite
def cases(draw: st.DrawFn, *, longest: int) -> tuple[Rule, Case]:
    """Draw up a rule and what it judges; a group session starts on a whole minute."""
    zone, day = draw(st.sampled_from(PLACES))
    noon = datetime.combine(day, time(12), UTC)
    capacity = draw(st.sampled_from([1, 3]))
    minutes = st.integers(-3000, 3000).map(lambda n: noon + n * MINUTE)
    seconds = st.sampled_from([0, 30] if capacity == 1 else [0]).map(lambda n: timedelta(seconds=n))
    visits = st.builds(
        lambda provider, service, start, late, length: Visit(
            provider_id=provider, service_id=service, span=Span.of_minutes(start + late, length)
        ),
        st.sampled_from(PROVIDERS),
        st.sampled_from(SERVICES),
        minutes,
        seconds,
        st.integers(1, 240),
    )
    about = Case(
        provider=Provider(id=PROVIDERS[0], name="Dr. Perez", timezone=zone),
        service=Service(
            id=SERVICES[0],
            title="Consultation",
            duration_minutes=draw(st.integers(1, 240)),
            slot_step_minutes=15,
            capacity=capacity,
        ),
        window=Span.of_minutes(draw(minutes), draw(st.integers(1, longest))),
        now=draw(minutes) + draw(st.integers(0, 59)) * timedelta(seconds=1),
        visits=draw(st.lists(visits, max_size=8)),
    )
    return draw(rules(day)), about


@settings(deadline=None)
@given(drawn=cases(longest=4000))
def test_refused_is_what_the_words_say(drawn: tuple[Rule, Case]) -> None:
    """Over any window, in any zone, each minute is refused exactly if the rule's words refuse it."""
    rule, case = drawn
    start = case.window.start
    refused = list(positions(rule.refused(case)))
    assert refused == [n for n in range(case.window.minutes) if refuses(rule, case, start + n * MINUTE)]


@settings(deadline=None)
@given(drawn=cases(longest=200))
def test_a_window_is_its_minutes(drawn: tuple[Rule, Case]) -> None:
    """A minute is refused in a wide window exactly if it is on its own, and then there is a reason."""
    rule, case = drawn
    minutes = [Span.of_minutes(case.window.start + n * MINUTE, 1) for n in range(case.window.minutes)]
    alone = [replace(case, window=minute) for minute in minutes]
    refused = list(positions(rule.refused(case)))
    assert refused == [n for n, one in enumerate(alone) if rule.refused(one)]
    assert all(all(rule.reason(alone[n])) for n in refused)


@given(rule=st.sampled_from(PLACES).flatmap(lambda place: rules(place[1])))
def test_payloads_round_trip(rule: Rule) -> None:
    """Every rule that a service can be given reads back from its payload as it was."""
    if not isinstance(rule, DailyMaximum):
        assert read_rule(rule.type, payload_of(rule), id=rule.id, priority=rule.priority) == rule


@settings(deadline=None)
@given(
    zones=st.tuples(st.sampled_from(PLACES), st.sampled_from(PLACES)),
    rule=st.builds(MaxDaily, id=st.just(ROW), max_per_day=st.just(1))
    | st.builds(MinGap, id=st.just(ROW), min_gap_minutes=st.integers(1, 720)),
    apart=st.integers(-1600, 1600),
    at=st.integers(0, 2 * 1440),
    alone=st.booleans(),
)
def test_who_counts_each_other_shares_a_lock(
    zones: tuple[tuple[str, date], tuple[str, date]], rule: Rule, apart: int, at: int, *, alone: bool
) -> None:
    """Where one booking would refuse another, in whatever zones, their writers have a lock in common."""
    service = Service(
        id=SERVICES[0], title="Consultation", duration_minutes=30, slot_step_minutes=15, rules=(rule,)
    )
    here = Provider(id=PROVIDERS[0], name="Dr. Perez", timezone=zones[0][0], daily_maximum=1)
    there = here if alone else replace(here, id=PROVIDERS[1], timezone=zones[1][0])
    start = datetime.combine(zones[0][1], time(), UTC) + at * MINUTE
    other = Span.of_minutes(start + apart * MINUTE, 30)
    booked = Visit(provider_id=there.id, service_id=service.id, span=other)
    case = Case(provider=here, service=service, window=Span.of_minutes(start, 1), now=start, visits=(booked,))
    if any(each.refused(case) for each in rules_for(here, service)):
        mine = locks_for(here, service, start.astimezone(here.zone).date())
        theirs = locks_for(there, service, other.start.astimezone(there.zone).date())
        assert set(mine) & set(theirs)
