"""Weekly hours on a date, as words and as a form."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskcal.core.clinic import Opening
from deskcal.core.localtime import stretch
from deskcal.core.refusals import Invalid
from deskcal.core.rota import DAYS, from_weekly_form, open_spans, parse_words, to_weekly_form

NEW_YORK = ZoneInfo("America/New_York")
MONDAY = date(2026, 3, 9)


def said(words: str, day: date) -> list[str]:
    return [stretch(span, NEW_YORK) for span in open_spans(parse_words(words.split()), day, NEW_YORK)]


def test_a_split_day() -> None:
    """Hours hold on their weekday, in order, and on no other."""
    assert said("mon 13:00-17:00,09:00-12:00", MONDAY) == ["09:00-12:00 EDT", "13:00-17:00 EDT"]
    assert said("mon 09:00-12:00", date(2026, 3, 10)) == []


def test_validity() -> None:
    """Dated hours hold on their first and last date and not a day further."""
    april = Opening(
        weekday=0, opens=540, closes=720, valid_from=date(2026, 4, 6), valid_until=date(2026, 4, 20)
    )
    days = [date(2026, 3, 30), date(2026, 4, 6), date(2026, 4, 20), date(2026, 4, 27)]
    assert [len(open_spans([april], day, NEW_YORK)) for day in days] == [0, 1, 1, 0]


def test_hours_in_the_gap() -> None:
    """Hours that begin in the gap of a clock change begin behind it; hours within the gap are none."""
    assert said("sun 02:00-02:45,02:50-05:00", date(2026, 3, 8)) == ["03:00-05:00 EDT"]


@pytest.mark.parametrize(
    ("words", "weekdays"),
    [
        ("mon-fri 09:00-17:00 sat off", [0, 1, 2, 3, 4]),
        ("fri-mon 9:00-17:00", [0, 4, 5, 6]),
        ("mon,wed,friday 09:00-17:00", [0, 2, 4]),
        ("Daily 00:00-24:00", list(range(7))),
        ("mon, wed 09:00 - 17:00 Thu-Sat off", [0, 2]),
        ("daily off", []),
    ],
)
def test_days_in_words(words: str, weekdays: list[int]) -> None:
    """Days are names, lists, ranges that may wrap around the week, or daily."""
    assert [opening.weekday for opening in parse_words(words.split())] == weekdays


def test_hours_in_words() -> None:
    """Hours are minutes of the wall clock; 24:00 is midnight at the end."""
    assert parse_words(["sat", "09:00-12:30,13:00-24:00"]) == (
        Opening(weekday=5, opens=540, closes=750),
        Opening(weekday=5, opens=780, closes=1440),
    )


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ("", "name days and their hours, such as mon-fri 09:00-17:00"),
        ("mon", '"mon" has no hours; add them, such as 09:00-17:00, or off'),
        ("09:00-17:00 mon", '"09:00-17:00" is not a day'),
        ("mo 09:00-17:00", '"mo" is not a day; write mon, tue'),
        ("mon-,tue 09:00-17:00", '"mon-,tue" is not a day'),
        ("mon 9-17", '"9-17" is not hours; write them like 09:00-12:00'),
        ("mon 09:00-25:00", '"09:00-25:00" is not hours'),
        ("mon 22:00-06:00", "hours over midnight are 22:00-24:00 and 00:00-06:00"),
        ("mon 09:00-12:00,11:00-13:00", "11:00-13:00 overlaps 09:00-12:00"),
        ("mon-fri 09:00-12:00 wed off", '"wed" names wednesday a second time'),
        ("mon,mon 09:00-12:00", '"mon,mon" names monday a second time'),
    ],
)
def test_wrong_words(words: str, wrong: str) -> None:
    """The refusal quotes the word that is wrong and says what would be right."""
    with pytest.raises(Invalid) as refusal:
        parse_words(words.split())
    [(field, message)] = refusal.value.fields
    assert field == "hours"
    assert wrong in message


def test_form_with_breaks() -> None:
    """Breaks split a day, in whatever order they come; days that are missing or off have no hours."""
    pauses = [{"start": "15:00", "end": "15:15"}, {"start": "12:00", "end": "13:00"}]
    form: dict[str, dict[str, Any]] = {
        "sunday": {"enabled": False, "start": "09:00", "end": "12:00"},
        "monday": {"enabled": True, "start": "09:00", "end": "17:00", "breaks": pauses},
    }
    assert [(each.weekday, each.opens, each.closes) for each in from_weekly_form(form)] == [
        (0, 540, 720),
        (0, 780, 900),
        (0, 915, 1020),
    ]


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"funday": {"enabled": True}}, "funday"),
        ({"monday": {"enabled": True, "end": "12:00"}}, "monday.start"),
        ({"monday": {"enabled": True, "start": "09:00", "end": "09:00"}}, "monday.end"),
        ({"monday": {"enabled": True, "start": "09:00", "end": "12:60"}}, "monday.end"),
        (
            {
                "monday": {
                    "enabled": True,
                    "start": "09:00",
                    "end": "12:00",
                    "breaks": [{"start": "11:30", "end": "12:30"}],
                }
            },
            "monday.breaks",
        ),
    ],
)
def test_wrong_form(form: dict[str, dict[str, Any]], field: str) -> None:
    """The refusal names the field that is wrong."""
    with pytest.raises(Invalid) as refusal:
        from_weekly_form(form)
    assert refusal.value.fields[0][0] == field


@st.composite
def weeks(draw: st.DrawFn) -> tuple[Opening, ...]:
    openings: list[Opening] = []
    for weekday in range(7):
        edges = sorted(draw(st.sets(st.integers(0, 1440), max_size=6)))
        pairs = zip(edges[::2], edges[1::2], strict=False)
        openings.extend(Opening(weekday=weekday, opens=opens, closes=closes) for opens, closes in pairs)
    return tuple(openings)


@given(week=weeks())
def test_round_trip(week: tuple[Opening, ...]) -> None:
    """Hours that do not touch each other come back from the form as they were."""
    form = to_weekly_form(week)
    assert tuple(form) == DAYS
    assert from_weekly_form(form) == week


def test_form_of_hours_that_touch() -> None:
    """The form has no seams: hours that adjoin or overlap are one."""
    hours = ((9, 12), (12, 17), (10, 11), (13, 14))
    week = [Opening(weekday=0, opens=opens * 60, closes=closes * 60) for opens, closes in hours]
    assert to_weekly_form(week)["monday"] == {
        "enabled": True,
        "start": "09:00",
        "end": "17:00",
    }
