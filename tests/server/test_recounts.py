"""Which dates the live feed counts anew."""

from datetime import date, timedelta

from deskcal.core.localtime import local_days
from deskcal.core.rota import parse_words
from deskcal.flows import hold, providers
from deskcal.flows.aggregates import dates
from deskcal.flows.board import Board
from deskcal.server.recounts import MOST_DATES, Recounts, recounts
from deskcal.store import log
from deskcal.store.database import Database
from house import House


async def place(board: Board, house: House, day: date, hour: int) -> None:
    wish = hold.Wish(
        provider_id=house.perez.id,
        service_id=house.consult.id,
        start=house.at(hour, day=day),
        patient_id=None,
        room_id=None,
        client=None,
    )
    await hold.place(board, house.asking(), wish, seconds=120)


async def counted(board: Board, house: House, since: int) -> list[Recounts]:
    """Count what the entries after a seq touch, in the order of the entries."""
    async with board.database.read(house.clinic.id) as tx:
        entries = await log.since(tx, since)
        found = await recounts(board, tx, entries)
    return [found[entry.seq] for entry in entries if entry.seq in found]


async def newest(database: Database, house: House) -> int:
    async with database.read(house.clinic.id) as tx:
        return await log.latest(tx)


async def test_a_date_is_counted_once(database: Database, house: House) -> None:
    """Of several entries of a date the last one tells of it, for the clinic and for the provider."""
    board, since = Board(database), await newest(database, house)
    for hour in (9, 10, 11):
        await place(board, house, house.day, hour)
    [found] = await counted(board, house, since)
    assert [day.date for day in found.days] == [house.day]
    assert {id_: said.available_count for id_, said in found.months.items()} == {None: 29, house.perez.id: 13}


async def test_a_booking_at_midnight_touches_two_dates(database: Database, house: House) -> None:
    """What is booked first thing on a date may stand in the way of what begins the evening before."""
    board, since = Board(database), await newest(database, house)
    night = parse_words(["daily", "00:00-24:00"])
    await providers.set_hours(database, house.asking(), house.perez.id, night, first=None, last=None)
    await place(board, house, house.day, 0)
    [found] = await counted(board, house, since)
    assert [day.date for day in found.days] == [house.day - timedelta(days=1), house.day]


async def test_too_many_dates_are_asked_for_anew(database: Database, house: House) -> None:
    """A burst over many dates has the first ones counted, and the rest told as a stretch of time."""
    board, since = Board(database), await newest(database, house)
    days = dates(house.day, MOST_DATES + 2)
    for day in days:
        await place(board, house, day, 10)
    found = await counted(board, house, since)
    assert [day.date for one in found for day in one.days] == days[:MOST_DATES]
    [rest] = [one for one in found if one.uncounted]
    assert rest.uncounted == local_days(days[-2], days[-1], house.perez.zone)
    assert rest.of == {house.perez.id}
