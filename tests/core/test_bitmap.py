"""Minutes as bits."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from deskcal.core.bitmap import bits, full, lasting, positions, run_starts, union
from deskcal.core.span import Span

NINE = datetime(2026, 3, 9, 9, tzinfo=UTC)
WINDOW = Span.of_minutes(NINE, 60)
SPANS = st.builds(
    lambda start, length: Span.of_minutes(NINE + timedelta(minutes=start), length),
    st.integers(-90, 90),
    st.integers(1, 120),
)


def test_half_open() -> None:
    """A span from minute 10 to 12 is bits 10 and 11."""
    assert bits(Span.of_minutes(NINE + timedelta(minutes=10), 2), WINDOW) == 0b11 << 10


def test_partly_touched_minutes_count() -> None:
    """Half a minute at either end takes the whole minute."""
    span = Span(start=NINE + timedelta(seconds=90), end=NINE + timedelta(seconds=150))
    assert list(positions(bits(span, WINDOW))) == [1, 2]


def test_clipped() -> None:
    """What lies outside the window sets nothing, what reaches over its ends is cut off."""
    assert bits(Span.of_minutes(NINE - timedelta(days=1), 60), WINDOW) == 0
    assert bits(Span.of_minutes(NINE + timedelta(days=1), 60), WINDOW) == 0
    assert bits(Span.of_minutes(NINE - timedelta(days=1), 60 * 48), WINDOW) == full(WINDOW)


@given(spans=st.lists(SPANS, max_size=4))
def test_union_is_minute_by_minute(spans: list[Span]) -> None:
    """A minute is set exactly if one of the spans overlaps it; free plus busy is the window."""
    minutes = [Span.of_minutes(NINE + timedelta(minutes=n), 1) for n in range(60)]
    busy = union(spans, WINDOW)
    assert list(positions(busy)) == [
        n for n, minute in enumerate(minutes) if any(minute.overlaps(span) for span in spans)
    ]
    free = full(WINDOW) & ~busy
    assert free | busy == full(WINDOW)
    assert not free & busy


@given(free=st.integers(0, 2**80 - 1), n=st.integers(1, 90))
def test_runs(free: int, n: int) -> None:
    """A run of n starts where this bit and the n-1 behind it are set, and nowhere else."""
    text = f"{free:090b}"[::-1] + "0" * 90
    assert list(positions(run_starts(free, n))) == [i for i in range(90) if text[i : i + n] == "1" * n]


@given(places=st.sets(st.integers(0, 90 * 1440), max_size=50))
def test_positions_of_months(places: set[int]) -> None:
    """Each one-bit is found once, lowest first, however long the stretch of time."""
    assert list(positions(sum(1 << place for place in places))) == sorted(places)


@given(starts=st.sets(st.integers(0, 80), max_size=9), n=st.integers(1, 90))
def test_lasting(starts: set[int], n: int) -> None:
    """What starts somewhere and lasts n minutes sets these n bits, and no others."""
    set_bits = {start + ahead for start in starts for ahead in range(n)}
    assert set(positions(lasting(sum(1 << start for start in starts), n))) == set_bits
