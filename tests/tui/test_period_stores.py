"""Months and weeks in memory: fetched once, then true by what the feed tells."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest

from deskcal.client.errors import Unreachable
from deskcal.client.told import Told
from deskcal.tui.calendar.closures import Closures
from deskcal.tui.calendar.month_store import MonthStore
from deskcal.tui.calendar.period_store import REMEMBERED
from deskcal.tui.calendar.week_store import WeekStore, spans_of
from deskcal.tui.desk import Desk
from deskcal.tui.filters import Filter
from deskcal.wire.aggregates import CalendarDaySummary
from deskcal.wire.realtime import Event
from tui.played_book import Clock, number
from tui.played_clinic import PlayedClinic

MONDAY = date(2025, 11, 24)
ALL, FOLLOW_UP = Filter(), Filter(service_id=number(2, 0))
Feed = AsyncIterator[Told]


@pytest.fixture
async def desk(clinic: PlayedClinic, clock: Clock) -> Desk:
    """Make a desk that has reached its server."""

    async def dial() -> PlayedClinic:
        return clinic

    desk, reached = Desk(dial, name="Desk 2", now=clock), asyncio.Event()
    listening = asyncio.create_task(desk.listen(lambda _: reached.set()))
    await reached.wait()
    listening.cancel()
    return desk


@pytest.fixture
async def feed(clinic: PlayedClinic) -> Feed:
    """Follow the clinic from now on."""
    feed = clinic.follow(None)
    await anext(feed)
    return feed


async def hear(store: MonthStore | WeekStore, feed: Feed, clinic: PlayedClinic) -> None:
    """Let a store take everything that was told so far."""
    seq = 0
    while seq < clinic.seq:
        told = await anext(feed)
        assert isinstance(told, Event)
        store.tell(told)
        seq = told.seq


def counts(store: MonthStore, day: date = MONDAY) -> CalendarDaySummary:
    assert store.fetched
    return next(one for one in store.fetched.days if one.date == day)


def free_at(store: WeekStore, hour: int, day: date = MONDAY) -> list[int]:
    assert store.fetched
    spans = spans_of(store.fetched, day)
    return [span.available_count for span in spans if (span.start.hour, span.start.minute) == (hour, 0)]


async def test_month_counts_by_the_feed(desk: Desk, feed: Feed, clinic: PlayedClinic) -> None:
    """A booking elsewhere changes the counts of its date without a question."""
    months = MonthStore(desk)
    months.turn(MONDAY, ALL)
    await months.load()
    before = counts(months)
    clinic.other_desk(5, 13, books=True)
    await hear(months, feed, clinic)
    after = counts(months)
    assert after.available_count == before.available_count - 1
    assert after.booked_count == before.booked_count + 1
    assert clinic.calls.count("calendar_month") == 1
    assert not months.behind


async def test_week_spans_by_the_feed(desk: Desk, feed: Feed, clinic: PlayedClinic) -> None:
    """A hold elsewhere replaces the spans of its date, and leaves the other dates as they were."""
    weeks = WeekStore(desk)
    weeks.turn(MONDAY, ALL)
    await weeks.load()
    assert free_at(weeks, 13) == [6]
    clinic.other_desk(5, 13)
    await hear(weeks, feed, clinic)
    assert free_at(weeks, 13) == [5]
    assert free_at(weeks, 13, MONDAY + timedelta(days=1)) == [6]
    assert clinic.calls.count("week") == 1


async def test_filtered_counts_are_behind(desk: Desk, feed: Feed, clinic: PlayedClinic) -> None:
    """Under a filter the feed only tells that something changed; one more answer makes it good."""
    months = MonthStore(desk)
    months.turn(MONDAY, FOLLOW_UP)
    await months.load()
    clinic.other_desk(5, 13)
    await hear(months, feed, clinic)
    assert months.behind
    await months.load()
    assert not months.behind


async def test_failed_answer_leaves_it_behind(desk: Desk, feed: Feed, clinic: PlayedClinic) -> None:
    """As long as the answer does not come, what is known stays and is known to be old."""
    months = MonthStore(desk)
    months.turn(MONDAY, FOLLOW_UP)
    await months.load()
    clinic.other_desk(5, 13)
    await hear(months, feed, clinic)
    clinic.offline = True
    with pytest.raises(Unreachable):
        await months.load()
    assert months.behind
    assert months.fetched is not None
    assert months.loading == 0


async def test_news_elsewhere_is_no_news(desk: Desk, feed: Feed, clinic: PlayedClinic) -> None:
    """Another month's date does not concern the filtered month that is shown."""
    months = MonthStore(desk)
    months.turn(date(2025, 12, 24), FOLLOW_UP)
    await months.load()
    clinic.other_desk(5, 13)
    await hear(months, feed, clinic)
    assert not months.behind


async def test_remembered_months_stay_true(desk: Desk, feed: Feed, clinic: PlayedClinic) -> None:
    """News of a month that is not shown is there when one comes back to it."""
    months = MonthStore(desk)
    months.turn(MONDAY, ALL)
    await months.load()
    before = counts(months).available_count
    months.turn(date(2025, 12, 1), ALL)
    clinic.other_desk(5, 13)
    await hear(months, feed, clinic)
    months.turn(MONDAY, ALL)
    assert counts(months).available_count == before - 1


async def test_news_overtakes_an_answer(desk: Desk, feed: Feed, clinic: PlayedClinic) -> None:
    """What was told while an older answer was on its way is not undone by that answer."""
    weeks = WeekStore(desk)
    weeks.turn(MONDAY, ALL)
    old = await clinic.week(MONDAY)
    clinic.other_desk(5, 13)
    await hear(weeks, feed, clinic)
    clinic.busy.pop()
    clinic.seq = old.seq
    await weeks.load()
    assert free_at(weeks, 13) == [5]


async def test_neighbours_are_fetched_once(desk: Desk, clinic: PlayedClinic) -> None:
    """The periods beside are there before one turns to them, and are not asked for again."""
    weeks = WeekStore(desk)
    weeks.turn(MONDAY, ALL)
    await weeks.load()
    await weeks.fetch_neighbours()
    await weeks.fetch_neighbours()
    assert clinic.calls.count("week") == 3
    weeks.turn(MONDAY + timedelta(days=7), ALL)
    assert weeks.fetched is not None


async def test_invalidated_days(desk: Desk, feed: Feed, clinic: PlayedClinic) -> None:
    """What makes days uncertain concerns the period that they lie in, and no other."""
    months = MonthStore(desk)
    months.turn(MONDAY, ALL)
    await months.load()
    clinic.close(date(2025, 12, 1), "Inventory")
    await hear(months, feed, clinic)
    assert not months.behind
    clinic.close(date(2025, 11, 30), "Inventory")
    await hear(months, feed, clinic)
    assert months.behind


async def test_memory_is_bounded(desk: Desk) -> None:
    """Walking through years does not fill the memory; the month that is shown is among what stays."""
    months = MonthStore(desk)
    for ahead in range(REMEMBERED + 6):
        months.turn(date(2026 + ahead // 12, ahead % 12 + 1, 1), ALL)
        await months.load()
    assert months.fetched is not None
    assert len(months._seen) == REMEMBERED  # noqa: SLF001  nothing else tells


async def test_next_start_remembers(desk: Desk, clinic: PlayedClinic) -> None:
    """A week that was shown before is there again without an answer, and known to be from before."""
    before = WeekStore(desk)
    before.turn(MONDAY, ALL)
    await before.load()
    clinic.offline = True
    again = WeekStore(desk)
    again.turn(MONDAY, ALL)
    assert again.remembered
    assert free_at(again, 13) == [6]
    clinic.offline = False
    await again.load()
    assert not again.remembered


async def test_whose_bookings(desk: Desk, clinic: PlayedClinic) -> None:
    """`mine` counts the user's own bookings in the month, and leaves the week as it is."""
    clinic.book(3, 15, patient=1).by = "Desk 2"
    mine, months, weeks = Filter(mine=True), MonthStore(desk), WeekStore(desk)
    months.turn(MONDAY, mine)
    weeks.turn(MONDAY, mine)
    await months.load()
    assert counts(months).booked_count == 1
    assert weeks.filter == ALL


async def test_reasons_are_asked_for_once(desk: Desk, clinic: PlayedClinic) -> None:
    """Closures are fetched once, and again after news that may concern them."""
    clinic.holidays[MONDAY] = "Inventory"
    closures = Closures(desk)
    await closures.load()
    await closures.load()
    assert (closures.reason(MONDAY), closures.reason(date(2025, 11, 25))) == ("Inventory", "")
    closures.expire()
    await closures.load()
    assert clinic.calls.count("closures") == 2
