"""Drift of every kind, planted behind everybody's back, is found and named; where there is none, none is."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

import psycopg
import pytest

from deskcal.core.booking import Appointment
from deskcal.core.refusals import Invalid
from deskcal.flows.board import Board
from deskcal.flows.page import Page
from deskcal.flows.replay import Replay, Wanted, replay
from deskcal.store import log
from deskcal.store.database import Database
from flows.furnishing import furnish
from house import House
from races.rounds import Desk

EVERYTHING = Wanted(provider_id=None, first=None, last=None, most_days=None, check=True)


@dataclass(kw_only=True)
class Shop:
    """A house with a visit at 10:00, a board that remembers the day, and a connection that may do harm."""

    house: House
    board: Board
    harm: psycopg.AsyncConnection
    visit: Appointment

    @property
    def page(self) -> Page:
        """The page of the board that the visit is on."""
        return self.board._pages[self.house.clinic.id, self.visit.span.start.date()]  # noqa: SLF001  the harm

    async def look(self) -> None:
        await self.board.view(self.house.clinic.id, self.visit.span, self.visit.created_at)

    async def replayed(self, wanted: Wanted = EVERYTHING) -> Replay:
        return await replay(self.board, self.house.asking(), wanted)

    async def found(
        self, wanted: Wanted = EVERYTHING
    ) -> set[tuple[str, str, str, tuple[str, ...], tuple[str, ...]]]:
        """Say who, what, when on the wall clock, and which sources say it and which do not."""
        return {
            (
                one.name or one.kind,
                one.drift.what,
                f"{one.drift.span.start.astimezone(one.zone):%H:%M}-{one.drift.span.end.astimezone(one.zone):%H:%M}",
                one.drift.said_by,
                one.drift.not_by,
            )
            for one in (await self.replayed(wanted)).differences
        }


@pytest.fixture
async def shop(database: Database, database_url: str, house: House) -> AsyncIterator[Shop]:
    board = Board(database)
    board.listen(deaf=False)
    database.heard = board.hear
    desk = Desk(board, house, round_=0, now=house.asking().now)
    visit = await desk.book(house.perez, house.exam, 10, patient_id=house.patients[0].id)
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as harm:
        shop = Shop(house=house, board=board, harm=harm, visit=visit)
        await shop.look()
        assert await shop.found() == set()
        yield shop


async def test_a_minute_that_the_board_alone_takes(shop: Shop) -> None:
    """A bit flipped on in the live board is named with its minute, and a replay puts it right."""
    at = (shop.house.at(15) - shop.page.span.start) // timedelta(minutes=1)
    shop.page.booked[shop.house.perez.id] ^= 1 << at
    said = {(shop.house.perez.name, "booked", "15:00-15:01", ("live",), ("log", "occupancy"))}
    assert await shop.found() == said
    assert await shop.found(replace(EVERYTHING, check=False)) == said
    await shop.look()
    assert await shop.found() == set()


async def test_minutes_that_the_board_lacks(shop: Shop) -> None:
    """Bits flipped off are named too, of a room as of a provider."""
    room = shop.house.rooms[0] if shop.visit.room_id == shop.house.rooms[0].id else shop.house.rooms[1]
    shop.page.booked[room.id] = 0
    said = (room.name, "booked", "10:00-10:45", ("log", "occupancy"), ("live",))
    assert await shop.found() == {said}
    assert await shop.found(replace(EVERYTHING, provider_id=shop.house.perez.id)) == set()


async def test_a_visit_that_the_board_does_not_count(shop: Shop) -> None:
    """What rules count is compared as well."""
    shop.page.visits.clear()
    said = (shop.house.perez.name, "visit 1", "10:00-10:45", ("log", "occupancy"), ("live",))
    assert await shop.found() == {said}


async def test_a_page_that_would_not_hear(shop: Shop) -> None:
    """A page ahead of the log passes over what happens: it is named before anything is missed."""
    shop.page.seq += 1000
    found = await shop.found()
    assert {(kind, *sources) for kind, _, _, *sources in found} == {("board", ("live",), ("log",))}
    assert all(f"{shop.page.seq}, ahead of the log" in what for _, what, *_ in found)
    await shop.replayed(replace(EVERYTHING, check=False))
    await shop.look()
    assert await shop.found() == set()


async def test_a_row_deleted_behind_the_log(shop: Shop) -> None:
    """Time that nothing guards any more is named: the log and the board say that it is booked."""
    await shop.harm.execute("delete from occupancy where resource_id = %s", [shop.house.perez.id])
    said = {(shop.house.perez.name, "booked", "10:00-10:45", ("log", "live"), ("occupancy",))}
    assert await shop.found() == said
    await shop.replayed(replace(EVERYTHING, check=False))
    await shop.look()
    assert await shop.found() == {
        (shop.house.perez.name, "booked", "10:00-10:45", ("log",), ("occupancy", "live"))
    }


async def test_a_row_added_behind_the_log(shop: Shop) -> None:
    """Time that is guarded for nobody is named, of a patient as of a provider."""
    await shop.harm.execute(
        "insert into occupancy (clinic_id, resource_id, during, session_key, appointment_id)"
        " select clinic_id, resource_id, tstzrange(lower(during) + interval '4 hours', upper(during)"
        " + interval '4 hours'), nextval('session_keys'), appointment_id"
        " from occupancy where resource_id = any(%s)",
        [[shop.house.perez.id, shop.visit.patient_id]],
    )
    assert await shop.found() == {
        (shop.house.perez.name, "booked", "14:00-14:45", ("occupancy",), ("log", "live")),
        ("patient", "booked", "14:00-14:45", ("occupancy",), ("log",)),
    }


async def test_a_row_moved_behind_the_log(shop: Shop) -> None:
    """Where it was and where it is are both named."""
    await shop.harm.execute(
        "update occupancy set during = tstzrange(lower(during) + interval '15 minutes', upper(during)"
        " + interval '15 minutes') where resource_id = %s",
        [shop.house.perez.id],
    )
    assert await shop.found() == {
        (shop.house.perez.name, "booked", "10:00-10:15", ("log", "live"), ("occupancy",)),
        (shop.house.perez.name, "booked", "10:45-11:00", ("occupancy",), ("log", "live")),
    }


async def test_an_entry_gone_from_the_log(shop: Shop) -> None:
    """Without the entry that made it a booking is unknown to the log, which also lacks a number."""
    async with shop.board.database.read(shop.house.clinic.id) as tx:
        seq = await log.latest(tx)
    await shop.harm.execute("alter table log disable trigger user")
    await shop.harm.execute("delete from log where seq = %s", [seq])
    found = await shop.replayed()
    assert list(found.lost) == [seq]
    said = {(one.name or one.kind, one.drift.what) for one in found.differences}
    assert {
        (shop.house.perez.name, "booked"),
        (shop.house.perez.name, "visit 1"),
        ("patient", "booked"),
    } < said
    assert all(one.drift.not_by == ("log",) for one in found.differences)


async def test_a_check_writes_nothing(shop: Shop, database_url: str) -> None:
    """`check` works where the server may not write at all, and leaves log, rows and board as they were."""
    shop.page.booked[shop.house.perez.id] = 0
    name = database_url.rpartition("/")[2].partition("?")[0]
    await shop.harm.execute(f'alter database "{name}" set default_transaction_read_only = on')
    fresh = Database(database_url, connections=2)
    await fresh.open()
    before = await log_and_rows(shop.harm)
    assert len(await shop.found()) == 1
    reading = Board(fresh)
    assert (await replay(reading, shop.house.asking(), EVERYTHING)).differences == []
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        await replay(reading, shop.house.asking(), replace(EVERYTHING, check=False))
    await fresh.close()
    assert await log_and_rows(shop.harm) == before
    assert shop.page.booked[shop.house.perez.id] == 0


async def log_and_rows(connection: psycopg.AsyncConnection) -> list[object]:
    cursor = await connection.execute(
        "select (select count(*) from log), (select count(*) from idempotency_keys)"
    )
    return list(await cursor.fetchall())


async def test_a_long_range_goes_day_by_day(shop: Shop) -> None:
    """Asked for few days at a time, each answer says from which day to go on, until all are compared."""
    wanted, days = replace(EVERYTHING, first=shop.house.day - timedelta(days=40), most_days=7), []
    wanted = replace(wanted, last=shop.house.day)
    while wanted.first:
        found = await shop.replayed(wanted)
        days += [(found.first, found.last)]
        wanted = replace(wanted, first=found.then)
    assert [(last - first).days + 1 for first, last in days] == [7] * 5 + [6]
    assert (days[0][0], days[-1][1]) == (shop.house.day - timedelta(days=40), shop.house.day)
    with pytest.raises(Invalid):
        await shop.replayed(
            replace(EVERYTHING, first=shop.house.day, last=shop.house.day - timedelta(days=1))
        )


async def test_centuries_without_a_booking_take_no_time(shop: Shop) -> None:
    """Of a range of two hundred years only the days are read that something is near."""
    wanted = replace(EVERYTHING, first=date(1990, 1, 1), last=date(2190, 1, 1))
    shop.page.booked.clear()
    async with asyncio.timeout(20):
        found = await shop.replayed(wanted)
    assert found.differences == (await shop.replayed()).differences
    assert found.differences


@pytest.mark.parametrize(
    "number", [*range(6), *(pytest.param(n, marks=pytest.mark.prove) for n in range(6, 60))]
)
async def test_nothing_differs_after_random_work(database: Database, number: int) -> None:
    """Whatever desks do, with buffers, seats, units and bookings on top: log, database and board agree."""
    clinic = await furnish(database, Random(f"replay {number}"))  # noqa: S311  chance, not secrecy
    await clinic.view()
    for _ in range(12):
        for _ in range(4):
            await clinic.act()
        found = await replay(clinic.board, clinic.admin, EVERYTHING)
        assert (found.differences, found.lost) == ([], [])
    assert found.live_days


async def test_every_process_reads_anew(shop: Shop, database: Database) -> None:
    """A replay asked of one process rights the board of another, which hears of it by the log."""
    other = Board(database)
    other.listen(deaf=False)
    clinic_id = shop.house.clinic.id
    await other.view(clinic_id, shop.visit.span, shop.visit.created_at)
    harmed = other._pages[clinic_id, shop.visit.span.start.date()]  # noqa: SLF001  the harm
    harmed.booked.clear()
    await shop.replayed(replace(EVERYTHING, check=False))
    async with database.read(clinic_id) as tx:
        other.hear(clinic_id, await log.latest(tx))
    view = await other.view(clinic_id, shop.visit.span, shop.visit.created_at)
    assert view.booked(shop.house.perez.id, shop.visit.span)
