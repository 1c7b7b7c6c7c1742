"""What each date of a month says, and a line of it."""

from datetime import UTC, date, datetime

import pytest
from rich.style import Style

from deskcal.tui.calendar.columns import STYLED
from deskcal.tui.calendar.month import MonthModel, month_model, month_of, same_day
from deskcal.tui.calendar.month_strips import head_strip, month_columns, row_strip
from deskcal.wire.aggregates import CalendarDaySummary, CalendarMonth

PLAIN = dict.fromkeys(STYLED, Style())
TODAY = date(2025, 11, 24)
NOVEMBER = date(2025, 11, 1)


def day(
    number: int, free: int, booked: int, *, limited: bool = False, full: bool = False, closed: bool = False
) -> CalendarDaySummary:
    return CalendarDaySummary(
        date=NOVEMBER.replace(day=number),
        available_count=free,
        booked_count=booked,
        limited=limited,
        full=full,
        closed=closed,
    )


@pytest.fixture
def model() -> MonthModel:
    days = [
        day(17, 0, 117),
        day(24, 63, 57),
        day(25, 0, 120, full=True),
        day(26, 9, 111, limited=True),
        day(27, 0, 0, closed=True),
        day(28, 0, 2, closed=True),
    ]
    fetched = CalendarMonth(days=days, timezone="UTC", fetched_at=datetime(2025, 11, 24, tzinfo=UTC), seq=1)
    holidays = {date(2025, 11, 24): "not this one", date(2025, 11, 27): "Thanksgiving Day"}
    return month_model(NOVEMBER, fetched, today=TODAY, reason=lambda day: holidays.get(day, ""))


def drawn(model: MonthModel, week: int, *, width: int, height: int, cursor: date) -> list[str]:
    columns = month_columns(model, width=width, height=height)
    strips = [row_strip(model, week, line, columns, PLAIN, cursor=cursor) for line in range(columns.tall)]
    assert {strip.cell_length for strip in strips} == {width}
    return [strip.text.rstrip() for strip in strips]


def test_a_week_in_words(model: MonthModel) -> None:
    """Where there is room a date has its counts in words over a bar, and today and closed days say so."""
    lines = drawn(model, 4, width=120, height=26, cursor=date(2025, 11, 26))
    assert [line[:82].rstrip() for line in lines] == [
        " 48  >24 TODAY        25            [ 26            ] 27 closed       28 closed",
        "        63 free         FULL        [   9 free few  ]   Thanksgiving",
        "        57 booked       120 booked  [   111 booked  ]                   2 booked",
        "        #####-----      ##########  [   #########-  ]",
        "",
    ]


def test_a_week_in_numbers(model: MonthModel) -> None:
    """At 80 columns a date has one number, with a mark where that is few, over a short bar."""
    assert drawn(model, 4, width=80, height=17, cursor=TODAY) == [
        " 48 [>24 63   ] 25 FULL   26 9!     27 ...    28 ... 2  29        30",
        "    [   ###---]   ######    ######",
        "",
    ]


def test_days_that_are_over(model: MonthModel) -> None:
    """A date with nothing to come and nothing free is over; how much was booked stays."""
    lines = drawn(model, 3, width=120, height=26, cursor=TODAY)
    assert [line[5:20].strip() for line in lines[:3]] == ["17", "over", "117 booked"]


def test_other_months_are_blank(model: MonthModel) -> None:
    """The dates of the neighbouring months are not there, so nobody takes one for this month's."""
    assert drawn(model, 0, width=120, height=26, cursor=TODAY)[0].split() == ["44", "1", "2"]


def test_some_bookings_are_no_load(model: MonthModel) -> None:
    """A count of one's own bookings draws no bar: it says nothing of how full the date is."""
    fetched = CalendarMonth(
        days=[day(25, 0, 1, full=True)], timezone="UTC", fetched_at=datetime(2025, 11, 24, tzinfo=UTC), seq=1
    )
    mine = month_model(NOVEMBER, fetched, today=TODAY, reason=lambda _: "", mine=True)
    lines = drawn(mine, 4, width=120, height=26, cursor=NOVEMBER)
    assert [line[21:36].strip() for line in lines] == ["25", "FULL", "1 booked", "", ""]
    assert "#" in "".join(drawn(model, 4, width=120, height=26, cursor=NOVEMBER))


def test_nothing_known_yet() -> None:
    """Before the first answer the dates stand there to be walked, without counts."""
    model = month_model(NOVEMBER, None, today=TODAY, reason=lambda _: "")
    assert drawn(model, 4, width=80, height=17, cursor=TODAY)[0].split() == (
        ["48", "[>24", "]", "25", "26", "27", "28", "29", "30"]
    )


@pytest.mark.parametrize(
    ("first", "height", "tall"),
    [(NOVEMBER, 26, 5), (NOVEMBER, 17, 3), (date(2025, 3, 1), 26, 4), (date(2025, 3, 1), 17, 2)],
)
def test_weeks_fit(first: date, height: int, tall: int) -> None:
    """Five weeks and six fit into both sizes without scrolling."""
    model = month_model(first, None, today=TODAY, reason=lambda _: "")
    columns = month_columns(model, width=120, height=height)
    assert columns.tall == tall
    assert len(model.weeks) * tall <= height


def test_head(model: MonthModel) -> None:
    """The weekdays stand over the numbers."""
    columns = month_columns(model, width=80, height=17)
    assert head_strip(columns, PLAIN, TODAY).text.rstrip() == (
        " Wk     Mon       Tue       Wed       Thu       Fri       Sat       Sun"
    )


def test_months_on() -> None:
    """A step of a month keeps the number of the day, or takes the last there is."""
    assert month_of(date(2025, 11, 24), 2) == date(2026, 1, 1)
    assert same_day(date(2025, 10, 31), NOVEMBER) == date(2025, 11, 30)
    assert same_day(date(2025, 1, 30), month_of(date(2025, 1, 30), 1)) == date(2025, 2, 28)
