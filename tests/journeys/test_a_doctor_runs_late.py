"""A doctor runs late: one desk notes it, the other sees it without a key press, and later it is over."""

import asyncio
from collections.abc import AsyncGenerator

from deskcal.client.feed import follow
from deskcal.client.http import Client
from deskcal.client.told import Live, Told
from deskcal.core.access import Role
from deskcal.wire.calendar import Lane
from deskcal.wire.delays import NewDelay
from deskcal.wire.realtime import Event
from house import House


async def delayed(news: AsyncGenerator[Told, None]) -> Event:
    """Wait for the next word of a delay."""
    while True:
        told = await anext(news)
        if isinstance(told, Event) and told.type == "provider.delayed":
            return told


async def test_noted_at_one_desk_and_seen_at_another(
    desk: Client, patient: Client, served: str, house: House
) -> None:
    """Everybody at a desk learns of it, in the day too, until it is taken back; patients are not told."""

    async def lane(who: Client) -> Lane:
        [found] = (await who.calendar_day(house.day, provider_id=house.chen.id)).providers
        return found

    async with asyncio.timeout(20):
        news = follow(served, house.tokens[Role.FRONT_DESK], [f"clinic:{house.clinic.id}"])
        assert isinstance(await anext(news), Live)
        await desk.note_delay(house.chen.id, NewDelay(minutes=15, day=house.day, client_id="Desk 1"))
        told = (await delayed(news)).payload
        assert (told["providerId"], told["minutes"], told["client"]) == (str(house.chen.id), 15, "Desk 1")
        late = (await lane(desk)).running_late
        assert late
        assert (late.minutes, late.client) == (15, "Desk 1")
        assert (await lane(patient)).running_late is None

        await desk.note_delay(house.chen.id, NewDelay(minutes=0, day=house.day))
        assert (await delayed(news)).payload["minutes"] == 0
        assert (await lane(desk)).running_late is None
        await news.aclose()
