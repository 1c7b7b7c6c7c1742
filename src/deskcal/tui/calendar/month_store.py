"""Months as the server counts them."""

from datetime import date
from typing import Any

import msgspec

from deskcal.tui.calendar.month import month_of
from deskcal.tui.calendar.period_store import News, PeriodStore
from deskcal.tui.desk import Desk
from deskcal.tui.filters import Filter
from deskcal.tui.link import Link
from deskcal.wire.aggregates import CalendarDaySummary, CalendarMonth, MonthSummary
from deskcal.wire.realtime import Event


class MonthStore(PeriodStore[CalendarMonth, CalendarDaySummary]):
    """The feed counts dates for who has no filter, or one provider; other counts are fetched again."""

    KIND = "month"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, CalendarMonth)

    def first_of(self, day: date) -> date:
        return month_of(day)

    def beside(self, first: date, way: int) -> date:
        return month_of(first, way)

    async def fetch(self, link: Link, first: date, chosen: Filter) -> CalendarMonth:
        return await link.calendar_month(
            first.year,
            first.month,
            service_id=chosen.service_id,
            provider_id=chosen.provider_id,
            my_bookings_only=chosen.mine,
        )

    def news_of(self, event: Event) -> News[CalendarDaySummary] | None:
        told: Any = event.payload.get("monthSummary")
        if told is None:
            return None
        summary = msgspec.convert(told, MonthSummary)
        return News(
            day=summary.date,
            filter=Filter(
                service_id=summary.filters.get("serviceId"), provider_id=summary.filters.get("providerId")
            ),
            seq=event.seq,
            says=msgspec.convert(told, CalendarDaySummary),
        )

    def with_news(self, seen: CalendarMonth, news: News[CalendarDaySummary]) -> CalendarMonth:
        days = [news.says if day.date == news.day else day for day in seen.days]
        return msgspec.structs.replace(seen, days=days)
