"""A provider's day when the clocks change."""

from collections import Counter
from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from core.surveys import lane_of
from deskcal.core.clinic import Opening, Provider, Service
from deskcal.core.rota import parse_words

CHECK_UP = UUID(int=1)
ALWAYS = parse_words(["daily", "00:00-24:00"])


def labels(zone: str, day: date, *, openings: tuple[Opening, ...] = ALWAYS, minutes: int = 30) -> list[str]:
    service = Service(id=CHECK_UP, title="Check-up", duration_minutes=minutes, slot_step_minutes=minutes)
    provider = Provider(
        id=UUID(int=2), name="Dr. Perez", timezone=zone, openings=openings, prices={CHECK_UP: None}
    )
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    lane = lane_of(provider=provider, service=service, day=day, busy=(), rooms={}, now=long_ago)
    return [f"{slot.span.start.astimezone(ZoneInfo(zone)):%H:%M %Z}" for slot in lane]


def test_new_york_goes_forward() -> None:
    """The day has 46 half hours; 02:00 and 02:30 are not among them."""
    found = labels("America/New_York", date(2026, 3, 8))
    assert len(found) == 46
    assert found[2:6] == ["01:00 EST", "01:30 EST", "03:00 EDT", "03:30 EDT"]


def test_new_york_goes_back() -> None:
    """The day has 50 half hours; 01:00 and 01:30 come twice, first in EDT, then in EST."""
    found = labels("America/New_York", date(2026, 11, 1))
    assert len(found) == 50
    assert found[1:8] == [
        "00:30 EDT",
        "01:00 EDT",
        "01:30 EDT",
        "01:00 EST",
        "01:30 EST",
        "02:00 EST",
        "02:30 EST",
    ]


@pytest.mark.parametrize(
    ("zone", "day", "count", "missing", "doubled"),
    [
        ("Europe/Berlin", date(2026, 10, 25), 50, set(), {"02:00", "02:30"}),
        ("Europe/Berlin", date(2026, 3, 29), 46, {"02:00", "02:30"}, set()),
        ("Australia/Lord_Howe", date(2026, 4, 5), 49, set(), {"01:30"}),
        ("Australia/Lord_Howe", date(2026, 10, 4), 47, {"02:00"}, set()),
        ("America/Santiago", date(2026, 9, 6), 46, {"00:00", "00:30"}, set()),
        ("Asia/Kolkata", date(2026, 10, 25), 48, set(), set()),
    ],
)
def test_half_hours_of_a_day(zone: str, day: date, count: int, missing: set[str], doubled: set[str]) -> None:
    """Each half hour on the wall clock is a slot as often as the clock shows it."""
    found = labels(zone, day)
    shown = Counter(label[:5] for label in found)
    assert len(found) == count
    assert {f"{n // 2:02}:{n % 2 * 30:02}" for n in range(48)} - set(shown) == missing
    assert {label for label, times in shown.items() if times > 1} == doubled


def test_hours_stay_on_the_hour_after_half_an_hour_is_gone() -> None:
    """Hourly slots on Lord Howe begin at full hours before and after the half-hour change."""
    found = labels("Australia/Lord_Howe", date(2026, 10, 4), minutes=60)
    assert [label[:5] for label in found[:4]] == ["00:00", "01:00", "03:00", "04:00"]


def test_opening_hours_hold_on_the_wall_clock() -> None:
    """Nine to ten is nine to ten on both sides of a change, and a slot may span the change."""
    morning = parse_words(["daily", "09:00-10:00"])
    for day in (date(2026, 3, 7), date(2026, 3, 8), date(2026, 11, 1)):
        assert [label[:5] for label in labels("America/New_York", day, openings=morning)] == [
            "09:00",
            "09:30",
        ]
    early = parse_words(["sun", "01:30-03:30"])
    assert labels("America/New_York", date(2026, 3, 8), openings=early, minutes=60) == ["01:30 EST"]
