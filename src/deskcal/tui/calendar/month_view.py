"""The month: how full each date is, live; Enter goes into a day."""

from collections.abc import Sequence
from datetime import date, datetime

from deskcal.tui.calendar.fullness import Fullness
from deskcal.tui.calendar.month import MonthModel, month_model, month_of, same_day
from deskcal.tui.calendar.month_grid import MonthGrid
from deskcal.tui.calendar.month_store import MonthStore
from deskcal.tui.calendar.month_strips import ROOMY
from deskcal.tui.calendar.period_view import PeriodView
from deskcal.tui.calendar.view import Host
from deskcal.tui.calendar.week_store import WeekStore, spans_of
from deskcal.tui.lines import WIDE
from deskcal.tui.waitlist.waiting import Waiting
from deskcal.wire.aggregates import CalendarDaySummary, CalendarMonth, WeekSpan
from deskcal.wire.realtime import Event

LEGEND = "# booked  - free   FULL none left   few nearly full   over has passed   closed   > today"
APART = "   "
SHORT = "# booked - free   FULL none   ! nearly full   ... closed   > today"


class MonthView(PeriodView[CalendarMonth, CalendarDaySummary, MonthModel]):
    """Beside the counts it knows who is free when in the cursor's week."""

    name = "month"

    def __init__(self, host: Host) -> None:
        super().__init__(host, MonthStore(host.desk), MonthGrid(self, id="month"))
        self._weeks = WeekStore(host.desk)
        self._waiting = Waiting(host.desk)

    def turn(self, day: date, at: datetime | None = None) -> None:
        super().turn(day, at)
        self._weeks.turn(day, self._desk.errand.filter)

    async def load(self) -> None:
        await super().load()
        await self._load_week()
        await self._load_waiting()

    def told(self, event: Event) -> None:
        self._weeks.tell(event)
        if event.type == "waitlist.updated":
            self._host.work(self._load_waiting(), "waitlist")
        super().told(event)

    def moved(self) -> None:
        weeks, before = self._weeks, self._weeks.first
        weeks.turn(self.grid.day, self._desk.errand.filter)
        if weeks.first != before and (weeks.fetched is None or weeks.filter):
            self._host.work(self._load_week(), "week")
        super().moved()

    async def open(self) -> None:
        await self._host.show("day", self.grid.day)

    def stepped(self, way: int) -> date:
        return self._months_on(way)

    def leapt(self, way: int) -> date:
        return self._months_on(12 * way)

    def model(self, first: date) -> MonthModel:
        return month_model(
            first,
            self.store.fetched,
            today=self._desk.today,
            reason=self._closures.reason,
            mine=self.store.filter.mine,
        )

    def title(self, first: date, *, wide: bool) -> str:
        if not wide:
            return f"{first:%B %Y}   free per day"
        return f"{first:%B %Y}   free / {self._booked} per day"

    def called(self, first: date) -> str:
        return f"{first:%B}"

    def anything_free(self, fetched: CalendarMonth) -> bool:
        return any(day.available_count for day in fetched.days)

    def turns(self, first: date) -> str:
        return f"[ {month_of(first, -1):%b}   t today   ] {month_of(first, 1):%b}"

    def legend(self, width: int) -> str:
        model = self.grid.model
        in_words = model is not None and self.grid.columns(model).tall >= ROOMY
        return LEGEND if in_words and len(LEGEND) <= width else SHORT

    def detail(self, width: int) -> Sequence[str]:
        wide = width >= WIDE
        if not (waits := self._waiting.words(wide=wide)):
            return self._about_the_day(width, width)
        room = width - len(waits) - len(APART)
        about = self._about_the_day(width if wide else room, room)
        if wide:
            return [*about[:1], APART.join([*about[1:], waits])]
        return [APART.join([*(line[:room] for line in about[:1]), waits])]

    def _about_the_day(self, width: int, below: int) -> Sequence[str]:
        """Say what a day has, in a line and perhaps one below it, which has so much room."""
        if self.grid.model is None:
            return []
        day = self.grid.model.at(self.grid.day)
        when, booked = f"{day.date:%a %d %b}", f", {day.booked} {self._booked}" if day.booked else ""
        match day.fullness:
            case Fullness.CLOSED:
                return [f"{when}: closed{f' ({day.reason})' if day.reason else ''}{booked}"]
            case Fullness.OVER:
                return [f"{when}: over{booked}"]
            case Fullness.FULL:
                return [f"{when}: FULL{booked}"]
        of = booked if day.load is None else f" of {day.free + day.booked}"
        counts = f"{when}: {day.free} free{of}"
        free = [span for span in self._spans_of(day.date) if span.provider_ids]
        if not free:
            return [counts]
        first = f"{counts}, first {self._desk.local(free[0].start):%H:%M} "
        everybody = list(dict.fromkeys(id_ for span in free for id_ in span.provider_ids))
        anybody = "free that day: "
        return [
            first + self.free_names(free[0].provider_ids, width - len(first)),
            anybody + self.free_names(everybody, below - len(anybody)),
        ]

    @property
    def _booked(self) -> str:
        return "booked by you" if self.store.filter.mine else "booked"

    def _months_on(self, months: int) -> date:
        day = self.day or self._desk.today
        return same_day(day, month_of(day, months))

    def _spans_of(self, day: date) -> list[WeekSpan]:
        week = self._weeks.fetched
        return spans_of(week, day) if week else []

    async def _load_waiting(self) -> None:
        await self._waiting.load()
        self._host.draw_lines_soon()

    async def _load_week(self) -> None:
        await self._weeks.load()
        self._host.draw_lines_soon()
