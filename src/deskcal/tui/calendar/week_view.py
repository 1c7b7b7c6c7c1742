"""The week: who is free when, live; Enter goes into the hour."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from deskcal.core.localtime import edge
from deskcal.tui.calendar.fullness import Fullness
from deskcal.tui.calendar.period_view import PeriodView
from deskcal.tui.calendar.view import Host
from deskcal.tui.calendar.week import DAYS, HOUR, WeekModel, week_model
from deskcal.tui.calendar.week_grid import WeekGrid
from deskcal.tui.calendar.week_store import WeekStore
from deskcal.tui.lines import WIDE
from deskcal.wire.aggregates import Week, WeekSpan

LEGEND = (
    "5 ===== so many are free   few one, two or nearly none   FULL none   ... closed   blank over   > now"
)
SHORT = "= free   few nearly none   FULL none   ... closed   > now"
LEAP = 4 * DAYS


class WeekView(PeriodView[Week, Sequence[WeekSpan], WeekModel]):
    """The cursor keeps its time of day from week to week."""

    name = "week"
    grid: WeekGrid

    def __init__(self, host: Host) -> None:
        super().__init__(host, WeekStore(host.desk), WeekGrid(self, id="week"))
        now = host.desk.local(host.desk.now())
        self.grid.minute = now.hour * HOUR + now.minute

    def turn(self, day: date, at: datetime | None = None) -> None:
        if at is not None:
            local = self._desk.local(at)
            self.grid.minute = local.hour * HOUR + local.minute
        super().turn(day, at)

    async def open(self) -> None:
        await self._host.show("day", self.grid.day, self._instant())

    def stepped(self, way: int) -> date:
        return (self.day or self._desk.today) + timedelta(days=DAYS * way)

    def leapt(self, way: int) -> date:
        return (self.day or self._desk.today) + timedelta(days=LEAP * way)

    def model(self, first: date) -> WeekModel:
        desk = self._desk
        return week_model(
            first,
            self.store.fetched,
            desk.zone,
            now=desk.now(),
            reason=self._closures.reason,
            alone=self.store.filter.provider_id is not None,
        )

    def title(self, first: date, *, wide: bool) -> str:
        last, number = first + timedelta(days=DAYS - 1), first.isocalendar().week
        begins = f"{first:%d}" if first.month == last.month else f"{first:%d %b}"
        if wide:
            return f"Week {number}   {begins} to {last:%d %b %Y}   providers free"
        return f"Week {number}  {begins} to {last:%d %b}"

    def called(self, first: date) -> str:
        return f"week {first.isocalendar().week}"

    def anything_free(self, fetched: Week) -> bool:
        return any(span.provider_ids for span in fetched.spans)

    def turns(self, first: date) -> str:  # noqa: ARG002  the same in every week
        return "[ prev   t today   ] next"

    def legend(self, width: int) -> str:
        return LEGEND if width >= WIDE else SHORT

    def detail(self, width: int) -> Sequence[str]:
        cell, model = self.grid.cell, self.grid.model
        if cell is None or model is None:
            return []
        if cell.spans:
            said = [self._said(span, width) for span in cell.spans]
        else:
            hour, minute = divmod(self.grid.row_minute, HOUR)
            reason = model.reasons[self.grid.day.weekday()]
            what = "over" if cell.fullness is Fullness.OVER else "closed"
            why = f" ({reason})" if reason else ""
            said = [f"{self.grid.day:%a %d %b} {hour:02}:{minute:02}: {what}{why}"]
        if not cell.provider_ids and (later := self._next_free()):
            said.append(f"next free: {self._said(later, width)}")
        return said

    def _next_free(self) -> WeekSpan | None:
        here, week = self._instant(), self.store.fetched
        later = (span for span in week.spans if span.provider_ids and span.start > here) if week else ()
        return next(iter(later), None)

    def _instant(self) -> datetime:
        """Give the instant at which the cursor's row begins."""
        hour, minute = divmod(self.grid.row_minute, HOUR)
        return edge(datetime.combine(self.grid.day, time(hour, minute)), self._desk.zone)

    def _said(self, span: WeekSpan, width: int) -> str:
        words = f"{self._desk.local(span.start):%a %d %b}: {span.label}   "
        return words + self.free_names(span.provider_ids, width - len(words))
