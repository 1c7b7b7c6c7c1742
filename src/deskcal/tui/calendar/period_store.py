"""Periods as the server knows them: fetched once, remembered, then kept true by the feed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar, Generic, TypeVar
from zoneinfo import ZoneInfo

from deskcal.tui.calendar.day_store import view_key
from deskcal.tui.desk import Desk
from deskcal.tui.filters import Filter
from deskcal.tui.link import Link
from deskcal.wire.aggregates import CalendarMonth, Week
from deskcal.wire.realtime import Event

REMEMBERED, NEWS_KEPT = 24, 400


PeriodT = TypeVar("PeriodT", bound=CalendarMonth | Week)
NewsT = TypeVar("NewsT")


@dataclass(frozen=True, slots=True, kw_only=True)
class News(Generic[NewsT]):
    """What an event says of a date, for who looks at it through a filter."""

    day: date
    filter: Filter
    seq: int
    says: NewsT


class PeriodStore(Generic[PeriodT, NewsT]):
    """Holds one period under one filter, and those seen before. A subclass knows what a period is."""

    KIND: ClassVar[str]

    def __init__(self, desk: Desk, shape: type[PeriodT]) -> None:
        self.first: date | None = None
        self.filter = Filter()
        self.loading = 0
        self._desk = desk
        self._shape = shape
        self._seen: dict[tuple[date, Filter], PeriodT] = {}
        self._news: dict[tuple[date, Filter], News[NewsT]] = {}
        self._from_before: set[tuple[date, Filter]] = set()
        self._wanted = self._got = 0

    def first_of(self, day: date) -> date:
        """Give the date by which the period of a date is known."""
        raise NotImplementedError

    def beside(self, first: date, way: int) -> date:
        """Give the first date of the period before or after."""
        raise NotImplementedError

    async def fetch(self, link: Link, first: date, chosen: Filter) -> PeriodT:
        raise NotImplementedError

    def news_of(self, event: Event) -> News[NewsT] | None:
        """Read an event that tells of a date."""
        raise NotImplementedError

    def with_news(self, seen: PeriodT, news: News[NewsT]) -> PeriodT:
        """Put what is told of a date in the place of what was known of it."""
        raise NotImplementedError

    @property
    def behind(self) -> bool:
        """The feed told of something here that only the server can count."""
        return self._wanted > self._got

    @property
    def remembered(self) -> bool:
        """What is there is from an earlier time at this desk: no news has kept it true."""
        return (self.first, self.filter) in self._from_before

    @property
    def fetched(self) -> PeriodT | None:
        return self._seen.get((self.first, self.filter)) if self.first else None

    def turn(self, day: date, chosen: Filter) -> None:
        """Turn to the period of a date; what was seen of it is there until `load` brings it anew."""
        self.first, self.filter = self.first_of(day), chosen
        self._got = self._wanted
        if self.fetched is None and (recalled := self._recalled(self.first, chosen)):
            self._seen[self.first, chosen] = recalled
            self._from_before.add((self.first, chosen))

    async def load(self) -> None:
        """Fetch the period. Raises ClientError."""
        if self.first is None:
            return
        self.loading += 1
        wanted = self._wanted
        try:
            await self._fetch(self.first, self.filter)
        finally:
            self.loading -= 1
        self._got = max(self._got, wanted)

    async def fetch_neighbours(self) -> None:
        """Fetch the periods before and after, where they were not seen yet. Raises ClientError."""
        here, chosen = self.first, self.filter
        for way in (1, -1):
            if here is not None and (self.beside(here, way), chosen) not in self._seen:
                await self._fetch(self.beside(here, way), chosen)

    def tell(self, event: Event) -> None:
        """Put what an event says in its place; where it does not say enough, the store is behind."""
        if event.type == "availability.invalidated" and self.first is not None:
            behind = self.beside(self.first, 1)
            self._wanted += _touches(event.payload.get("timeRange"), self.first, behind, self._desk.zone)
        elif news := self.news_of(event):
            self._news.pop((news.day, news.filter), None)
            self._news[news.day, news.filter] = news
            if len(self._news) > NEWS_KEPT:
                del self._news[next(iter(self._news))]
            first = self.first_of(news.day)
            seen = self._seen.get((first, news.filter))
            if seen is not None and seen.seq <= news.seq:
                self._remember((first, news.filter), self.with_news(seen, news))
            self._wanted += first == self.first and news.filter != self.filter

    async def _fetch(self, first: date, chosen: Filter) -> None:
        with self._desk.asking() as link:
            fetched = await self.fetch(link, first, chosen)
        for news in self._news.values():
            if news.filter == chosen and self.first_of(news.day) == first and news.seq > fetched.seq:
                fetched = self.with_news(fetched, news)
        self._from_before.discard((first, chosen))
        self._remember((first, chosen), fetched)

    def _remember(self, key: tuple[date, Filter], fetched: PeriodT) -> None:
        self._seen.pop(key, None)
        self._seen[key] = fetched
        self._desk.memory.views.keep(self.KIND, view_key(*key), fetched, fetched.fetched_at)
        while len(self._seen) > REMEMBERED:
            del self._seen[next(iter(self._seen))]

    def _recalled(self, first: date, chosen: Filter) -> PeriodT | None:
        return self._desk.memory.views.read(self.KIND, view_key(first, chosen), self._shape)


def _touches(span: object, first: date, behind: date, zone: ZoneInfo) -> bool:
    """Tell whether a stretch of time, as events spell it, may reach into some dates; without one it may."""
    if not isinstance(span, Mapping):
        return True
    start, end = (datetime.fromisoformat(str(span[side])).astimezone(zone) for side in ("start", "end"))
    return start.date() < behind and (end - timedelta.resolution).date() >= first
