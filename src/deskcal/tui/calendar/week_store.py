"""Weeks as the server cuts them into spans."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import msgspec

from deskcal.tui.calendar.period_store import News, PeriodStore
from deskcal.tui.calendar.week import DAYS
from deskcal.tui.desk import Desk
from deskcal.tui.filters import Filter
from deskcal.tui.link import Link
from deskcal.wire.aggregates import DaySpans, Week, WeekSpan
from deskcal.wire.realtime import Event


class WeekStore(PeriodStore[Week, Sequence[WeekSpan]]):
    """The feed cuts dates anew for who has no filter; other spans are fetched again."""

    KIND = "week"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, Week)

    def turn(self, day: date, chosen: Filter) -> None:
        """Turn to a week. Whose bookings fill it makes no difference to what is free."""
        super().turn(day, replace(chosen, mine=False))

    def first_of(self, day: date) -> date:
        return day - timedelta(days=day.weekday())

    def beside(self, first: date, way: int) -> date:
        return first + timedelta(days=DAYS * way)

    async def fetch(self, link: Link, first: date, chosen: Filter) -> Week:
        return await link.week(first, service_id=chosen.service_id, provider_id=chosen.provider_id)

    def news_of(self, event: Event) -> News[Sequence[WeekSpan]] | None:
        if event.type != "availability.span_updated":
            return None
        told = msgspec.convert(event.payload, DaySpans)
        return News(day=told.date, filter=Filter(), seq=event.seq, says=told.spans)

    def with_news(self, seen: Week, news: News[Sequence[WeekSpan]]) -> Week:
        zone = ZoneInfo(seen.timezone)
        others = [span for span in seen.spans if span.start.astimezone(zone).date() != news.day]
        spans = sorted([*others, *news.says], key=lambda span: span.start)
        return msgspec.structs.replace(seen, spans=spans)


def spans_of(week: Week, day: date) -> list[WeekSpan]:
    """Give the spans that begin on a date of the clinic."""
    zone = ZoneInfo(week.timezone)
    return [span for span in week.spans if span.start.astimezone(zone).date() == day]
