"""A week as the grid draws it: spans sorted into rows of the wall clock, seven days beside each other."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from deskcal.tui.calendar.fullness import Fullness
from deskcal.wire.aggregates import Week, WeekSpan

DAYS, HALF_HOUR, HOUR, WHOLE_DAY = 7, 30, 60, 24 * 60
USUAL = (8 * 60, 18 * 60)
"""Hours that are shown even where nothing is left of them, so that a week keeps its size as it goes by."""
SEVERITIES = {"normal": Fullness.FREE, "limited": Fullness.FEW, "full": Fullness.FULL}


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekCell:
    """What begins in one row of one day. Spans that meet in it are as good as the best of them."""

    fullness: Fullness
    spans: tuple[WeekSpan, ...] = ()

    @property
    def provider_ids(self) -> tuple[UUID, ...]:
        """Who is free, each once."""
        return tuple(dict.fromkeys(id_ for span in self.spans for id_ in span.provider_ids))


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekModel:
    """`columns[day][row]` is a cell; `rows` are minutes of the wall clock, `minutes` apart.

    An hour that comes twice has its rows once, with what both of them offer; one that the clock skips is
    closed. `reasons` say why a whole day is closed, where that is known. `now` is the clinic's wall clock.
    """

    first: date
    now: datetime
    minutes: int
    rows: tuple[int, ...]
    columns: tuple[tuple[WeekCell, ...], ...]
    reasons: tuple[str, ...]

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=ahead) for ahead in range(DAYS)]

    @property
    def now_row(self) -> int | None:
        """The row of the present time, while this week is the present one."""
        if self.now.date() not in self.days:
            return None
        at = self.now.hour * HOUR + self.now.minute
        return next((n for n, row in enumerate(self.rows) if row <= at < row + self.minutes), None)

    def row_of(self, minute: int) -> int:
        """Give the row that a minute of the day lies in, or the nearest."""
        return max((n for n, row in enumerate(self.rows) if row <= minute), default=0)


def week_model(
    first: date,
    fetched: Week | None,
    zone: ZoneInfo,
    *,
    now: datetime,
    reason: Callable[[date], str],
    alone: bool = False,
) -> WeekModel:
    """Sort the spans of seven days into half hours; before they are fetched nothing is known of any.

    `alone` is a week of one provider, whose time is free or not: one who is free is not few.
    """
    sorted_in: dict[tuple[date, int], list[WeekSpan]] = defaultdict(list)
    for span in fetched.spans if fetched else ():
        for place in _places(span, zone):
            sorted_in[place].append(span)
    worked, minutes = {day for day, _ in sorted_in}, [minute for _, minute in sorted_in]
    rows = range(min((*minutes, USUAL[0])), max((*minutes, USUAL[1] - HALF_HOUR)) + 1, HALF_HOUR)
    local = now.astimezone(zone)
    days = [first + timedelta(days=ahead) for ahead in range(DAYS)]
    return WeekModel(
        first=first,
        now=local,
        minutes=HALF_HOUR,
        rows=tuple(rows),
        columns=tuple(
            tuple(
                _open(sorted_in[day, row], alone=alone)
                if (day, row) in sorted_in
                else _shut(day, row, local, known=bool(fetched))
                for row in rows
            )
            for day in days
        ),
        reasons=tuple("" if day in worked else reason(day) for day in days),
    )


def in_hours(model: WeekModel) -> WeekModel:
    """Fold half hours into hours."""
    hours = sorted({row - row % HOUR for row in model.rows})
    place = {row: n for n, row in enumerate(model.rows)}
    return WeekModel(
        first=model.first,
        now=model.now,
        minutes=HOUR,
        rows=tuple(hours),
        columns=tuple(
            tuple(
                _folded([column[place[row]] for row in (hour, hour + HALF_HOUR) if row in place])
                for hour in hours
            )
            for column in model.columns
        ),
        reasons=model.reasons,
    )


def _places(span: WeekSpan, zone: ZoneInfo) -> Iterator[tuple[date, int]]:
    at = span.start.astimezone(UTC)
    while at < span.end:
        wall = at.astimezone(zone)
        yield wall.date(), wall.hour * HOUR + wall.minute - wall.minute % HALF_HOUR
        at += timedelta(minutes=HALF_HOUR - wall.minute % HALF_HOUR)


def _open(spans: Sequence[WeekSpan], *, alone: bool) -> WeekCell:
    best = _best(SEVERITIES[span.severity] for span in spans)
    return WeekCell(fullness=Fullness.FREE if alone and best is Fullness.FEW else best, spans=tuple(spans))


def _shut(day: date, row: int, now: datetime, *, known: bool) -> WeekCell:
    if not known:
        return WeekCell(fullness=Fullness.UNKNOWN)
    over = datetime.combine(day, time()) + timedelta(minutes=row) <= now.replace(tzinfo=None)
    return WeekCell(fullness=Fullness.OVER if over else Fullness.CLOSED)


def _folded(halves: Sequence[WeekCell]) -> WeekCell:
    spans = {id(span): span for half in halves for span in half.spans}
    return WeekCell(fullness=_best(half.fullness for half in halves), spans=tuple(spans.values()))


def _best(found: Iterator[Fullness]) -> Fullness:
    order = list(Fullness)
    return min(found, key=order.index)
