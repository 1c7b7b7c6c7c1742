"""What a hold takes, how long it lasts, and what becomes of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from deskcal.core.refusals import HoldExpired, HoldRenewed, Kind, NotFound, OutsideHours, SlotTaken
from deskcal.flows import hold
from deskcal.flows.board import Board
from deskcal.flows.confirm import Decision, confirm
from deskcal.store import log, occupancy
from deskcal.store.database import Database
from house import House

NOW = datetime.now(UTC)


def wish(house: House, hour: int, minute: int = 0, **facts: Any) -> hold.Wish:
    return replace(
        hold.Wish(
            provider_id=house.perez.id,
            service_id=house.consult.id,
            start=house.at(hour, minute),
            patient_id=None,
            room_id=None,
            client="Desk 1",
        ),
        **facts,
    )


def decision(placed: hold.Placed, patient_id: UUID | None) -> Decision:
    return Decision(token=placed.token, patient_id=patient_id, mode=None, notes=None)


async def test_a_hold_is_renewed_once(database: Database, house: House) -> None:
    """The time starts again the first time, and not the second."""
    placed = await hold.place(Board(database), house.asking(NOW), wish(house, 9), seconds=60)
    later = NOW + timedelta(seconds=50)
    renewed = await hold.renew(database, house.asking(later), placed.token, seconds=60)
    assert renewed.expires_at == later + timedelta(seconds=60)
    with pytest.raises(HoldRenewed):
        await hold.renew(database, house.asking(later), placed.token, seconds=60)


async def test_the_sweeper_gives_back_what_ran_out(database: Database, house: House) -> None:
    """A hold that ran out is lapsed once, its slot is free, and the log says so."""
    board = Board(database)
    placed = await hold.place(board, house.asking(NOW), wish(house, 9), seconds=60)
    later = NOW + timedelta(seconds=61)
    assert await hold.sweep(database, NOW) == 0
    assert await hold.sweep(database, later) == 1
    assert await hold.sweep(database, later) == 0
    async with database.read(house.clinic.id) as tx:
        assert await occupancy.of_resources(tx, [house.perez.id], placed.hold.span) == []
        told = [entry.event_type for entry in await log.of_aggregates(tx, [placed.hold.id])]
    assert told == ["hold.placed", "hold.lapsed"]
    with pytest.raises(HoldExpired) as refused:
        await confirm(board, house.asking(later), decision(placed, house.patients[0].id))
    assert refused.value.alternatives


async def test_a_hold_in_the_way_that_ran_out_is_lapsed_by_the_next(database: Database, house: House) -> None:
    """Nobody waits for the sweeper: whoever wants the slot lapses the hold that ran out, in one change."""
    board = Board(database)
    first = await hold.place(board, house.asking(NOW), wish(house, 9), seconds=60)
    later = NOW + timedelta(seconds=61)
    second = await hold.place(board, house.asking(later), wish(house, 9), seconds=60)
    async with database.read(house.clinic.id) as tx:
        told = [entry.event_type for entry in await log.of_aggregates(tx, [first.hold.id, second.hold.id])]
    assert told == ["hold.placed", "hold.lapsed", "hold.placed"]


async def test_rooms_are_chosen_until_none_is_left(database: Database, house: House) -> None:
    """Two rooms serve two exams at once; a third is refused, naming the rooms."""
    board = Board(database)
    exam: dict[str, Any] = {"service_id": house.exam.id}
    first = await hold.place(board, house.asking(NOW), wish(house, 9, **exam), seconds=60)
    second = await hold.place(
        board, house.asking(NOW), wish(house, 9, provider_id=house.chen.id, **exam), seconds=60
    )
    assert {first.hold.room_id, second.hold.room_id} == {room.id for room in house.rooms}
    taken = first.hold.room_id
    with pytest.raises(SlotTaken) as refused:
        await hold.place(board, house.asking(NOW), wish(house, 9, 30, room_id=taken, **exam), seconds=60)
    assert {Kind.ROOM, Kind.PROVIDER} == {found.kind for found in refused.value.conflicts}
    assert refused.value.alternatives


async def test_a_slot_off_the_grid_is_nobodys(database: Database, house: House) -> None:
    """A hold starts where a slot starts, whatever id a client makes up."""
    with pytest.raises(OutsideHours):
        await hold.place(Board(database), house.asking(NOW), wish(house, 9, 7), seconds=60)


async def test_a_patient_is_in_one_place(database: Database, house: House) -> None:
    """Confirming for somebody who is elsewhere then is refused, and the hold still runs for another."""
    board, maria, mario = Board(database), house.patients[0].id, house.patients[1].id
    first = await hold.place(board, house.asking(NOW), wish(house, 9), seconds=60)
    second = await hold.place(board, house.asking(NOW), wish(house, 9, provider_id=house.chen.id), seconds=60)
    await confirm(board, house.asking(NOW), decision(first, maria))
    with pytest.raises(SlotTaken) as refused:
        await confirm(board, house.asking(NOW), decision(second, maria))
    assert [found.kind for found in refused.value.conflicts] == [Kind.PATIENT]
    assert (await confirm(board, house.asking(NOW), decision(second, mario))).patient_id == mario


async def test_a_hold_is_its_owners_alone(database: Database, house: House) -> None:
    """Somebody else who knows the token finds nothing, and releasing it does nothing."""
    placed = await hold.place(Board(database), house.asking(NOW), wish(house, 9), seconds=60)
    stranger = replace(house.asking(NOW), actor=replace(house.desk, sub="somebody else"))
    await hold.release(database, stranger, placed.token)
    with pytest.raises(NotFound):
        await hold.find(database, stranger.actor, placed.token, NOW)
    assert (await hold.find(database, house.desk, placed.token, NOW)).id == placed.hold.id
