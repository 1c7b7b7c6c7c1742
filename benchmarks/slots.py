"""A provider's day as slots, beside the bit operation that it comes down to, and as a clinic grows."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.finding import Finding, interleaved
from benchmarks.town import APPOINTMENT, PROVIDER, ROOM, SERVICE, ident
from deskcal.core import bitmap
from deskcal.core.clinic import Opening, Provider, Room, Service
from deskcal.core.lane import Rows, slots
from deskcal.core.localtime import local_day
from deskcal.core.slot import Busy
from deskcal.core.span import Span
from deskcal.core.survey import Survey

MIDNIGHT = datetime(2026, 11, 23, tzinfo=UTC)
DAY = local_day(MIDNIGHT.date(), ZoneInfo("America/New_York"))
WEEK = tuple(Opening(weekday=day, opens=9 * 60, closes=17 * 60) for day in range(7))
TAKEN = tuple(Span.of_minutes(MIDNIGHT + timedelta(hours=hour), 30) for hour in (15, 16, 20))
FREE = bitmap.full(DAY) & ~bitmap.union(TAKEN, DAY)
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
    places = [Room(id=ident(ROOM, n), name=f"Room {n}", type="exam", location_id=None) for n in range(rooms)]
    rows = [_busy(PROVIDER, n) for n in range(providers)] + [_busy(ROOM, n) for n in range(rooms)]
    sight = Rows(taken={row[0].resource_id: row for row in rows})
    memo: dict[Any, Any] = {}

    def lanes() -> None:
        survey = Survey(
            service=service, rooms=places, equipment=(), window=DAY, sight=sight, now=MIDNIGHT, memo=memo
        )
        for provider in people:
            slots(survey, survey.of(provider))

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
