"""What is open on a date, in any zone, against an oracle that asks the wall clock minute by minute."""

from datetime import datetime, time
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.oracle_hours import (
    AVAILABLE,
    DAY,
    ID,
    MINUTE,
    OVERRIDE,
    UNAVAILABLE,
    WEEK,
    Around,
    arounds,
)
from core.zones import ZONES, change_days
from deskcal.core import bitmap
from deskcal.core.hours import Hours, open_bits, open_time, stretches
from deskcal.core.rota import parse_words
from deskcal.core.span import Span
from deskcal.core.window import Window


def check(case: Around) -> None:
    """Compare a date's stretches, and the open minutes of the five days around it, with the oracle."""
    found: dict[int, set[int]] = {}
    parts = stretches(case.hours, case.day)
    for one in parts:
        for i in case.place(one.span):
            found.setdefault(i, set()).add(one.anchor)
    assert found == case.on(case.day)
    assert [one.span for one in parts] == sorted(one.span for one in parts)
    around = Span.of_minutes(case.first + DAY, 5 * 1440)
    opened = {i + 1440 for i in bitmap.positions(open_bits(case.hours, around))}
    assert opened == case.opened.intersection(case.place(around))


@settings(deadline=None)
@given(case=arounds())
def test_open_minutes_are_those_that_the_wall_clock_shows(case: Around) -> None:
    """On any hours, windows and closures, in any zone, what is open is what asking each minute says."""
    check(case)


@settings(deadline=None)
@given(case=arounds(), minutes=st.integers(1, 2000))
def test_open_time_holds_what_can_be_used(case: Around, minutes: int) -> None:
    """A start on a date fits into its open time exactly if that many minutes from there are open."""
    spans = open_time(case.hours, case.day, minutes)
    assert all(one.end < later.start for one, later in pairwise(spans))
    opened = case.opened
    runs = list(accumulate(reversed(range(WEEK)), lambda run, i: run + 1 if i in opened else 0, initial=0))
    for i in case.on(case.day):
        fits = any(case.place(span)[0] <= i and i + minutes <= case.place(span).stop for span in spans)
        assert fits == (runs[WEEK - i] >= minutes)


@pytest.mark.prove
@pytest.mark.parametrize("name", ZONES)
def test_all_clock_changes(name: str) -> None:
    """In every zone, on each day of a clock change from 2025 to 2030, the oracle has the same open."""
    split = parse_words(["daily", "00:00-01:15,01:15-02:30,02:50-23:20"])
    for day in change_days(name):
        midnight = datetime.combine(day, time())
        times = tuple(
            (kind, midnight + start * MINUTE, midnight + end * MINUTE)
            for kind, start, end in (
                (UNAVAILABLE, -30, 20),
                (UNAVAILABLE, 75, 105),
                (AVAILABLE, 130, 170),
                (UNAVAILABLE, 1430, 1455),
                (OVERRIDE, -120, 140),
            )
        )
        for openings, used in ((split, times[:4]), (None, times), (None, times[:1])):
            windows = tuple(Window(id=ID, kind=kind, start=start, end=end) for kind, start, end in used)
            about = Hours(zone=ZoneInfo(name), openings=openings, windows=windows, closures=())
            check(Around(hours=about, times=used, day=day))
