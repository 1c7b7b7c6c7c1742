"""Days and half hours of many providers."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from deskcal.core.aggregates import DayStarts, Severity, Stretch, cut, stretches, summary
from deskcal.core.clinic import Provider, Service
from deskcal.core.lane import Rows
from deskcal.core.localtime import local_day
from deskcal.core.rota import parse_words
from deskcal.core.slot import Busy
from deskcal.core.span import Span
from deskcal.core.survey import Survey

NEW_YORK = ZoneInfo("America/New_York")
DAY = date(2026, 3, 9)
SHORT = Service(id=UUID(int=1), title="Short", duration_minutes=15, slot_step_minutes=15)
LONG = Service(id=UUID(int=2), title="Long", duration_minutes=90, slot_step_minutes=90)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(DAY.year, DAY.month, DAY.day, hour, minute, tzinfo=NEW_YORK).astimezone(UTC)


def week_of(
    *hours: str, service: Service = SHORT, taken: Sequence[tuple[int, Span]] = (), now: datetime | None = None
) -> list[tuple[str, Severity, int]]:
    """Cut a day of providers 10, 11, … with these hours, some time of theirs taken."""
    rows: dict[UUID, list[Busy]] = {}
    for number, span in taken:
        row = Busy(resource_id=UUID(int=number), span=span, session_key=0, appointment_id=UUID(int=1))
        rows.setdefault(row.resource_id, []).append(row)
    window = local_day(DAY, NEW_YORK)
    survey = Survey(
        service=service,
        rooms=(),
        equipment=(),
        window=window,
        sight=Rows(taken=rows),
        now=now or window.start,
    )
    starts = [
        survey.of(
            Provider(
                id=UUID(int=10 + number),
                name="",
                timezone="America/New_York",
                openings=parse_words(["daily", text]),
                prices=MappingProxyType({service.id: None}),
            )
        )
        for number, text in enumerate(hours)
    ]
    lanes = [cut(one, {DAY: window})[DAY] for one in starts]
    found = stretches(lanes, window, limited_percent=20)
    return [(one.label(NEW_YORK), one.severity, one.available) for one in found]


def test_alike_half_hours_are_one() -> None:
    """A stretch goes on as long as the same providers are free, and closed time has none."""
    assert week_of("09:00-12:00", "10:30-12:00,13:00-14:00") == [
        ("1 provider free, 09:00-10:30 EDT", Severity.LIMITED, 6),
        ("2 providers free, 10:30-12:00 EDT", Severity.NORMAL, 12),
        ("1 provider free, 13:00-14:00 EDT", Severity.LIMITED, 4),
    ]


def test_worked_and_taken_is_full() -> None:
    """A half hour in which all that begins is taken is full; one or two free slots are few."""
    taken = [(10, Span(start=at(9), end=at(9, 30))), (11, Span(start=at(9), end=at(9, 45)))]
    assert week_of("09:00-10:30", "09:00-10:30", taken=taken) == [
        ("full, 09:00-09:30 EDT", Severity.FULL, 0),
        ("2 providers free, 09:30-10:30 EDT", Severity.NORMAL, 7),
    ]


def test_long_services_leave_no_holes() -> None:
    """A half hour in which nothing begins belongs to the slot that still lasts."""
    assert week_of("09:00-12:00", service=LONG) == [("1 provider free, 09:00-12:00 EDT", Severity.LIMITED, 2)]


def test_what_is_over_is_left_out() -> None:
    """Only slots that are not over are told of."""
    assert week_of("09:00-12:00", now=at(11, 5)) == [
        ("1 provider free, 11:00-12:00 EDT", Severity.LIMITED, 3)
    ]


def test_few_of_many() -> None:
    """Three free slots of twenty are few when a fifth is the limit."""
    hours = ["09:00-09:30"] * 10
    taken = [(10 + n, Span(start=at(9), end=at(9, 30))) for n in range(8)]
    taken.append((18, Span(start=at(9), end=at(9, 15))))
    [(label, severity, available)] = week_of(*hours, taken=taken)
    assert (label, severity, available) == ("2 providers free, 09:00-09:30 EDT", Severity.LIMITED, 3)


@pytest.mark.parametrize(
    ("offered", "coming", "free", "said"),
    [
        (20, 20, 5, ()),
        (20, 20, 4, ("limited",)),
        (20, 20, 0, ("full",)),
        (20, 0, 0, ()),
        (20, 3, 3, ()),
        (0, 0, 0, ("closed",)),
    ],
)
def test_a_date_in_a_word(offered: int, coming: int, free: int, said: tuple[str, ...]) -> None:
    """Limited is a fifth or less of what is to come, full nothing of it; a date that is over is neither."""
    lane = DayStarts(
        provider_id=UUID(int=1), minutes=15, offered=offered, coming=(1 << coming) - 1, free=(1 << free) - 1
    )
    one = summary(DAY, [lane], booked=0, limited_percent=20)
    assert tuple(word for word in ("limited", "full", "closed") if getattr(one, word)) == said


def test_a_stretch_over_a_clock_change() -> None:
    """Each end is said on the clock that holds then."""
    start = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    one = Stretch(
        span=Span(start=start, end=start + timedelta(hours=1)),
        severity=Severity.NORMAL,
        available=4,
        provider_ids=(UUID(int=1), UUID(int=2)),
    )
    assert one.label(NEW_YORK) == "2 providers free, 01:30 EDT-01:30 EST"
