"""What each half hour of a week says, and a line of it."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from rich.style import Style

from deskcal.tui.calendar.columns import STYLED
from deskcal.tui.calendar.fullness import Fullness
from deskcal.tui.calendar.week import WeekCell, WeekModel, in_hours, week_model
from deskcal.tui.calendar.week_strips import head_strip, row_strip, week_columns
from deskcal.wire.aggregates import Week, WeekSpan

PLAIN = dict.fromkeys(STYLED, Style())
NEW_YORK = ZoneInfo("America/New_York")
MONDAY = date(2025, 11, 24)
NOW = datetime(2025, 11, 24, 9, 41, tzinfo=NEW_YORK)


def span(start: datetime, minutes: int, *providers: int, few: bool = False) -> WeekSpan:
    return WeekSpan(
        start=start,
        end=(start.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(NEW_YORK),
        label="",
        severity="limited" if few else "normal" if providers else "full",
        available_count=len(providers),
        provider_ids=[UUID(int=one) for one in providers],
    )


def at(hour: int, minute: int = 0, *, ahead: int = 0) -> datetime:
    return datetime(2025, 11, 24 + ahead, hour, minute, tzinfo=NEW_YORK)


def model_of(*spans: WeekSpan, first: date = MONDAY, now: datetime = NOW) -> WeekModel:
    fetched = Week(spans=list(spans), timezone=NEW_YORK.key, fetched_at=now, seq=1)
    holidays = {date(2025, 11, 27): "Thanksgiving Day", date(2025, 11, 25): "not at this location"}
    return week_model(first, fetched, NEW_YORK, now=now, reason=lambda day: holidays.get(day, ""))


def drawn(model: WeekModel, time: str, *, width: int = 120, cursor: int | None = None) -> str:
    hour, _, minute = time.partition(":")
    row = model.row_of(60 * int(hour) + int(minute))
    strip = row_strip(model, row, week_columns(width), PLAIN, cursor=cursor)
    assert strip.cell_length == width
    return strip.text.rstrip()


def cell(model: WeekModel, day: int, hour: int, minute: int = 0) -> WeekCell:
    return model.columns[day][model.row_of(60 * hour + minute)]


def test_a_line() -> None:
    """A half hour says how many are free with a bar, or few, full, closed; what is over is blank."""
    model = model_of(
        span(at(10, 30), 90, 1, 2, 3, 4, 5),
        span(at(10, ahead=1), 60, 1, 2, few=True),
        span(at(10, ahead=2), 60),
    )
    dots = ".............."
    assert drawn(model, "10:30", cursor=0) == (
        f"10:30 [ 5 =====       ] 2 few           FULL           {dots}  {dots}  {dots}  {dots}"
    )
    assert drawn(model, "08:30") == f"08:30{' ' * 18}{'  '.join([dots] * 6)}"


def test_the_present_half_hour_has_a_mark() -> None:
    """The row of the present time says so, and what is left of it cannot be booked."""
    model = model_of()
    assert drawn(model, "09:30").startswith("09:30>  ")
    assert [cell(model, 0, 9, 30).fullness, cell(model, 0, 10).fullness] == [Fullness.OVER, Fullness.CLOSED]


def test_head_names_today_and_closures() -> None:
    """Today has a mark; a day without any slot says why, where there is room, and no other does."""
    model = model_of(span(at(10, ahead=1), 30, 1))
    head = head_strip(model, week_columns(120), PLAIN, MONDAY).text
    assert ">Mon 24" in head
    assert "Thu 27 Thanksg " in head
    assert "Tue 25  " in head
    assert "Thanks" not in head_strip(model, week_columns(80), PLAIN, MONDAY).text


def test_rows_reach_as_far_as_slots_do() -> None:
    """The usual hours are always there, and others as far as slots begin in them."""
    assert model_of().rows[0] == 8 * 60
    assert model_of(span(at(6, 30), 30, 1), span(at(19), 60, 1)).rows[0] == 6 * 60 + 30
    assert model_of(span(at(19), 60, 1)).rows[-1] == 19 * 60 + 30


def test_hours_hold_the_better_half() -> None:
    """Folded into hours, the better half counts, and everybody who is free in either."""
    model = in_hours(model_of(span(at(11), 30, 1, few=True), span(at(11, 30), 30, 1, 2, 3), span(at(12), 30)))
    assert (cell(model, 0, 11).fullness, len(cell(model, 0, 11).provider_ids)) == (Fullness.FREE, 3)
    assert cell(model, 0, 12).fullness is Fullness.FULL
    assert drawn(model, "11:00", width=80).startswith("11:00   3 ===")


def test_a_long_span_is_in_each_of_its_hours_once() -> None:
    """A span over several rows is the same in each, and is told of once where two rows are one."""
    model = in_hours(model_of(span(at(10), 120, 1, 2, 3)))
    assert cell(model, 0, 10).spans == cell(model, 0, 11).spans
    assert len(cell(model, 0, 10).spans) == 1


def test_one_provider_is_free_or_not() -> None:
    """In the week of one provider, that only they are free is not few."""
    fetched = Week(spans=[span(at(10), 30, 1, few=True)], timezone=NEW_YORK.key, fetched_at=NOW, seq=1)
    several, one = (
        week_model(MONDAY, fetched, NEW_YORK, now=NOW, reason=lambda _: "", alone=alone)
        for alone in (False, True)
    )
    assert (drawn(several, "10:00")[:13], drawn(one, "10:00")[:11]) == ("10:00   1 few", "10:00   1 =")


def test_hour_that_comes_twice() -> None:
    """When clocks go back, the doubled hour is one row with what both offer, and nothing shifts after it."""
    sunday, now = datetime(2025, 11, 2, 4, tzinfo=UTC), datetime(2025, 11, 1, tzinfo=UTC)
    first, again = sunday + timedelta(hours=1), sunday + timedelta(hours=2)
    later = sunday + timedelta(hours=10)
    spans = [span(first, 30, 1), span(again, 30, 2), span(later, 30, 3)]
    model = model_of(*spans, first=date(2025, 10, 27), now=now)
    assert cell(model, 6, 1).provider_ids == (UUID(int=1), UUID(int=2))
    assert cell(model, 6, 9).provider_ids == (UUID(int=3),)
    assert model.rows == tuple(range(60, 18 * 60, 30))


def test_hour_that_does_not_exist() -> None:
    """When clocks go forward, a span across the gap has no part in the skipped hour."""
    spring = datetime(2026, 3, 8, 6, 30, tzinfo=UTC)
    model = model_of(span(spring, 60, 1), first=date(2026, 3, 2), now=datetime(2026, 3, 1, tzinfo=UTC))
    assert [cell(model, 6, hour, minute).fullness for hour, minute in ((1, 30), (2, 0), (2, 30), (3, 0))] == [
        Fullness.FREE,
        Fullness.CLOSED,
        Fullness.CLOSED,
        Fullness.FREE,
    ]


def test_nothing_known_yet() -> None:
    """Before the first answer no half hour claims to be closed."""
    model = week_model(MONDAY, None, NEW_YORK, now=NOW, reason=lambda _: "")
    assert drawn(model, "14:00") == "14:00"
