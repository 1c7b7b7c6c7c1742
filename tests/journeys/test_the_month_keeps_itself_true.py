"""A desk shows a month and a week while others hold and book: the feed alone keeps them true."""

import asyncio
from datetime import UTC, datetime

from deskcal.client.http import Client
from deskcal.client.told import Told
from deskcal.core.access import Role
from deskcal.tui.calendar.month_store import MonthStore
from deskcal.tui.calendar.week_store import WeekStore
from deskcal.tui.desk import Desk
from deskcal.tui.dial import ServerLink, dial
from deskcal.tui.filters import Filter
from deskcal.wire.booking import ConfirmRequest
from deskcal.wire.realtime import Event
from house import House
from journeys.conftest import Reserve


async def test_what_the_feed_tells_is_what_the_server_answers(
    desk: Client, served: str, house: House, slot_of: Reserve
) -> None:
    """After a hold and a booking elsewhere, month and week come to read as if they were asked for anew."""

    async def reach() -> ServerLink:
        return await dial(served, house.tokens[Role.FRONT_DESK], house.clinic.id)

    other = Desk(reach, name="Desk 2", now=lambda: datetime.now(UTC))
    months, weeks, news = MonthStore(other), WeekStore(other), asyncio.Queue[Told]()
    async with asyncio.timeout(20):
        listening = asyncio.create_task(other.listen(news.put_nowait))
        await news.get()
        for store in (months, weeks):
            store.turn(house.day, Filter())
            await store.load()

        held = await desk.reserve(slot_of(10, at="Desk 1"))
        wish = ConfirmRequest(reservation_token=held.reservation_token, patient_id=house.patients[0].id)
        await desk.confirm(wish, key="one decision")
        await desk.reserve(slot_of(14, at="Desk 1"))
        assert months.first is not None
        assert weeks.first is not None
        month = await desk.calendar_month(months.first.year, months.first.month)
        week = await desk.week(weeks.first)
        assert months.fetched
        assert weeks.fetched
        assert (months.fetched.days, weeks.fetched.spans) != (month.days, week.spans)
        while (months.fetched.days, weeks.fetched.spans) != (month.days, week.spans):
            told = await news.get()
            assert isinstance(told, Event)
            months.tell(told)
            weeks.tell(told)
        listening.cancel()
        await other.close()
