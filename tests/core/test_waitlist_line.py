"""Whom a freed time suits."""

from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from types import MappingProxyType
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from deskcal.core.clinic import Opening, Provider, Service
from deskcal.core.span import Span
from deskcal.core.waitlist import Match, Offer, OfferState, WaitlistEntry, matches

NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)
DAY = date(2026, 3, 10)
SERVICES = {
    UUID(int=n): Service(id=UUID(int=n), title=f"{n}", duration_minutes=minutes, slot_step_minutes=15)
    for n, minutes in ((1, 15), (2, 30), (3, 60))
}
PROVIDER = Provider(
    id=UUID(int=10),
    name="Dr. Perez",
    timezone="America/New_York",
    location_id=UUID(int=20),
    openings=(Opening(weekday=DAY.weekday(), opens=9 * 60, closes=17 * 60),),
    prices=MappingProxyType(dict.fromkeys([UUID(int=1), UUID(int=2)])),
)


def at(minute: int) -> datetime:
    """Give a minute of the day on the provider's clock."""
    return datetime(2026, 3, 10, tzinfo=PROVIDER.zone) + timedelta(minutes=minute)


def waits(**facts: Any) -> WaitlistEntry:
    known: dict[str, Any] = {
        "id": UUID(int=100),
        "patient_id": UUID(int=30),
        "service_id": UUID(int=2),
        "created_by": "desk",
        "created_at": NOW,
        "updated_at": NOW,
    }
    return WaitlistEntry(**(known | facts))


def passed(start: datetime, provider_id: UUID = PROVIDER.id) -> Offer:
    """Give an offer of half an hour that was let go."""
    return Offer(
        id=UUID(int=40),
        hold_id=UUID(int=41),
        provider_id=provider_id,
        span=Span.of_minutes(start, 30),
        state=OfferState.LAPSED,
        offered_at=NOW,
        expires_at=NOW,
    )


def found(
    entries: list[WaitlistEntry],
    freed: Span,
    busy: dict[UUID, list[Span]] | None = None,
    now: datetime = NOW,
) -> list[Match]:
    return list(matches(entries, freed=freed, provider=PROVIDER, services=SERVICES, busy=busy or {}, now=now))


def starts(*entries: WaitlistEntry, freed: Span, **facts: Any) -> list[datetime]:
    return [match.span.start for match in found(list(entries), freed, **facts)]


HOUR = Span.of_minutes(at(10 * 60), 60)
TEN, QUARTER_PAST, HALF_PAST = (at(10 * 60 + minute) for minute in (0, 15, 30))
ALL = [TEN, QUARTER_PAST, HALF_PAST]


def test_every_slot_within() -> None:
    """A visit is offered at each start of a slot from which it fits into the freed time, inside the hours."""
    assert starts(waits(), freed=HOUR) == ALL
    assert starts(waits(), freed=Span.of_minutes(at(17 * 60), 60)) == []
    assert starts(waits(service_id=UUID(int=3)), freed=HOUR) == []


def test_beside_freed_time() -> None:
    """Where no visit fits into the freed time, it is offered together with time beside it that was free."""
    freed = Span.of_minutes(at(10 * 60 + 10), 10)
    assert starts(waits(), freed=freed) == [at(9 * 60 + 45), TEN, QUARTER_PAST]
    busy = {PROVIDER.id: [Span.of_minutes(at(9 * 60), 70)]}
    assert starts(waits(), freed=freed, busy=busy) == [QUARTER_PAST]


def test_what_is_wished_for() -> None:
    """Provider, location, first and last day and times of day each narrow it; a visit lies within a time."""
    suits = {
        "provider_ids": ((PROVIDER.id, UUID(int=11)), (UUID(int=11),)),
        "location_id": (PROVIDER.location_id, UUID(int=21)),
        "first_date": (DAY, DAY + timedelta(days=1)),
        "last_date": (DAY, DAY - timedelta(days=1)),
        "times": (((9 * 60, 12 * 60),), ((9 * 60, 10 * 60 + 29),)),
    }
    for wish, (does, does_not) in suits.items():
        assert starts(waits(**{wish: does}), freed=HOUR) == ALL, wish
        assert starts(waits(**{wish: does_not}), freed=HOUR) == [], wish
    assert starts(waits(times=((0, 10 * 60 + 45),)), freed=HOUR) == [TEN, QUARTER_PAST]


def test_what_was_let_go_is_not_offered_again() -> None:
    """A start that was offered is passed over, but for another provider's."""
    assert starts(waits(offers=(passed(TEN),)), freed=HOUR) == [QUARTER_PAST, HALF_PAST]
    assert starts(waits(offers=(passed(TEN, UUID(int=11)),)), freed=HOUR) == ALL


def test_what_is_over_or_taken() -> None:
    """Nothing begins in the past, nor while the provider or the patient has something else."""
    assert starts(waits(), freed=HOUR, now=at(10 * 60 + 20)) == [HALF_PAST]
    for who in (PROVIDER.id, UUID(int=30)):
        busy = {who: [Span.of_minutes(TEN, 20)]}
        assert starts(waits(), freed=HOUR, busy=busy) == [HALF_PAST]


@given(
    people=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5), st.sampled_from([1, 2, 3])), max_size=8),
    start=st.integers(8 * 60, 17 * 60),
    minutes=st.integers(1, 120),
)
def test_the_line(people: list[tuple[int, int, int]], start: int, minutes: int) -> None:
    """Everybody comes in one turn: by priority, then by who waits longest; within it by start."""
    freed = Span.of_minutes(at(start), minutes)
    line = [
        waits(
            id=UUID(int=100 + n),
            priority=priority,
            created_at=NOW + timedelta(hours=late),
            service_id=UUID(int=service),
        )
        for n, (priority, late, service) in enumerate(people)
    ]
    turns = [(entry, list(group)) for entry, group in groupby(found(line, freed), lambda one: one.entry)]
    order = [(-entry.priority, entry.created_at, entry.id) for entry, _ in turns]
    assert order == sorted(order)
    assert len({entry.id for entry, _ in turns}) == len(turns)
    for entry, group in turns:
        spans = [match.span for match in group]
        assert spans == sorted(spans)
        assert all(freed.overlaps(span) and entry.service_id in PROVIDER.prices for span in spans)
        assert len({freed.contains(span) for span in spans}) == 1
    fits = at(9 * 60 + max(0, -(-(start - 9 * 60) // 15)) * 15)
    for entry in line:
        visit = Span.of_minutes(fits, SERVICES[entry.service_id].duration_minutes)
        suits = entry.service_id in PROVIDER.prices and freed.contains(visit) and visit.end <= at(17 * 60)
        inside = [one for one, group in turns if freed.contains(group[0].span)]
        assert suits == (entry in inside)
