"""Places in a group session that has begun to fill: whoever joins shares its room and its equipment."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from deskcal.core.access import INSTALLATION, SYSTEM
from deskcal.core.clinic import Equipment
from deskcal.core.refusals import SlotTaken
from deskcal.core.window import Window, WindowKind
from deskcal.flows import resources, search, services, windows
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board
from deskcal.flows.calendar import check
from deskcal.store.database import Database
from deskcal.store.schedule_windows import ResourceKind
from house import House
from races.rounds import Desk

NOW = datetime.now(UTC)


@pytest.fixture
async def desk(database: Database, house: House) -> Desk:
    """Let groups need a room and two of three probes."""
    asking: Asking[Any] = Asking(actor=replace(SYSTEM, clinic_id=house.clinic.id), now=NOW)
    pool = Equipment(id=INSTALLATION, name="Probes", type="probe", location_id=None, units=())
    await resources.add_equipment(database, asking, pool, quantity=3)
    needs = {"room_type": "exam", "equipment_type": "probe", "equipment_units": 2}
    await services.change(database, asking, house.group.id, needs, version=None)
    return Desk(Board(database), house, round_=0, now=NOW)


async def close(desk: Desk, kind: ResourceKind, resource_id: UUID) -> None:
    start = desk.house.at(10).replace(tzinfo=None)
    window = Window(id=INSTALLATION, kind=WindowKind.UNAVAILABLE, start=start, end=start + timedelta(hours=1))
    asking: Asking[Any] = Asking(actor=replace(SYSTEM, clinic_id=desk.house.clinic.id), now=NOW)
    await windows.add(desk.board.database, asking, kind, resource_id, window)


async def against(desk: Desk, room_id: UUID | None = None) -> list[str]:
    reasons, _ = await check(
        desk.board,
        desk.house.asking(NOW),
        provider_id=desk.house.perez.id,
        service_id=desk.house.group.id,
        start=desk.house.at(10),
        patient_id=None,
        room_id=room_id,
    )
    return [reason.message for reason in reasons]


async def test_who_joins_shares(desk: Desk, house: House) -> None:
    """All seats are in one room with the same probes, and no other room can be chosen."""
    first = await desk.hold(house.perez, house.group, 10)
    [other] = {room.id for room in house.rooms} - {first.hold.room_id}
    assert await against(desk, first.hold.room_id) == []
    assert len(await against(desk, other)) == 1
    with pytest.raises(SlotTaken):
        await desk.hold(house.perez, house.group, 10, room_id=other)
    second = await desk.hold(house.perez, house.group, 10)
    assert (second.hold.room_id, second.hold.unit_ids) == (first.hold.room_id, first.hold.unit_ids)
    view = await desk.board.view(house.clinic.id, first.hold.span, NOW)
    wanted = search.Wanted(service_id=house.group.id, window=first.hold.span, providers=[house.perez.id])
    _, offers = search.search(view, wanted)
    assert [[room.id for room in offer.rooms] for offer in offers] == [[first.hold.room_id]]


async def test_nobody_joins_in_a_closed_room(desk: Desk, house: House) -> None:
    """Once the room of a session closes, its other places are not offered; the other room is no help."""
    first = await desk.hold(house.perez, house.group, 10)
    assert first.hold.room_id is not None
    await close(desk, "room", first.hold.room_id)
    assert await against(desk) == ["no room of type exam is free"]
    with pytest.raises(SlotTaken):
        await desk.hold(house.perez, house.group, 10)


async def test_who_joins_may_use_another_unit(desk: Desk, house: House) -> None:
    """When a probe of the session breaks, the third one does for whoever joins; without it nobody can."""
    first = await desk.hold(house.perez, house.group, 10)
    broken, kept = first.hold.unit_ids
    await close(desk, "equipment", broken)
    assert await against(desk) == []
    second = await desk.hold(house.perez, house.group, 10)
    assert kept in second.hold.unit_ids
    assert broken not in second.hold.unit_ids
    await close(desk, "equipment", kept)
    assert await against(desk) == ["1 probe of the 2 needed are free"]
    with pytest.raises(SlotTaken):
        await desk.hold(house.perez, house.group, 10)
