"""A provider's day as slots, beside the bit operation that it comes down to, and as a clinic grows."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

from benchmarks.finding import Finding, interleaved
from benchmarks.town import APPOINTMENT, PROVIDER, ROOM, SERVICE, ident
from deskcal.core import bitmap
from deskcal.core.clinic import Opening, Provider, Service
from deskcal.core.lane import provider_lane
from deskcal.core.slot import Busy
from deskcal.core.span import Span

MIDNIGHT = datetime(2026, 11, 23, tzinfo=UTC)
WINDOW = Span(start=MIDNIGHT, end=MIDNIGHT + timedelta(days=1))
WEEK = tuple(Opening(weekday=day, opens=9 * 60, closes=17 * 60) for day in range(7))
TAKEN = tuple(Span.of_minutes(MIDNIGHT + timedelta(hours=hour), 30) for hour in (15, 16, 20))
FREE = bitmap.full(WINDOW) & ~bitmap.union(TAKEN, WINDOW)
SECONDS, ROUNDS = 0.05, 15


def run() -> Iterator[Finding]:
    """Compute days of 16 slots, three of them taken, with and without rooms, for ever more providers."""
    bare = partial(_days_per_second, lambda: bitmap.run_starts(FREE, 30), 1)
    for rooms in (0, 6):
        one = partial(_days_per_second, _clinic(1, rooms), 1)
        ours, limit, ratio = interleaved(one, bare, rounds=ROUNDS)
        yield Finding(
            what=f"a provider's day as slots, {rooms} rooms",
            figure=f"{1000 / ours:.3f} ms",
            limit=f"run_starts alone: {1000 / limit:.4f} ms",
            ratio=ratio,
        )
        for providers in (10, 50):
            many = partial(_days_per_second, _clinic(providers, rooms), providers)
            ours, limit, ratio = interleaved(many, one, rounds=ROUNDS)
            yield Finding(
                what=f"  each of {providers} providers, {rooms} rooms",
                figure=f"{1000 / ours:.3f} ms, all {1000 * providers / ours:.1f} ms",
                limit=f"one provider: {1000 / limit:.3f} ms",
                ratio=ratio,
            )


def _clinic(providers: int, rooms: int) -> Callable[[], object]:
    service = Service(
        id=ident(SERVICE, 0),
        title="Consult",
        duration_minutes=30,
        slot_step_minutes=30,
        room_type="exam" if rooms else None,
    )
    people = [
        Provider(
            id=ident(PROVIDER, n),
            name="Dr. Perez",
            timezone="America/New_York",
            openings=WEEK,
            prices={service.id: None},
        )
        for n in range(providers)
    ]
    taken = {provider.id: _busy(PROVIDER, n) for n, provider in enumerate(people)}
    places = {ident(ROOM, n): _busy(ROOM, n) for n in range(rooms)}

    def lanes() -> None:
        for provider in people:
            provider_lane(
                provider=provider,
                service=service,
                day=MIDNIGHT.date(),
                busy=taken[provider.id],
                rooms=places,
                now=MIDNIGHT,
            )

    return lanes


def _busy(kind: int, n: int) -> tuple[Busy, ...]:
    return tuple(
        Busy(resource_id=ident(kind, n), span=span, session_key=key, appointment_id=ident(APPOINTMENT, key))
        for key, span in enumerate(TAKEN)
    )


def _days_per_second(compute: Callable[[], object], days: int) -> float:
    done, start = 0, time.perf_counter()
    while time.perf_counter() - start < SECONDS:
        compute()
        done += days
    return done / (time.perf_counter() - start)
