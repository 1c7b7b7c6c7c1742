"""The live feed over a real WebSocket."""

import asyncio
import json
from dataclasses import replace
from datetime import datetime
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from deskcal.core.access import Role
from deskcal.core.booking import Status
from deskcal.core.refusals import PreconditionFailed
from deskcal.flows import hold
from deskcal.flows.board import Board
from deskcal.flows.book import Order, book
from deskcal.flows.cancel import cancel
from deskcal.flows.move import Move, move
from deskcal.flows.progress import Progress, progress
from deskcal.store.database import Database
from house import House, build_house


async def watch(url: str, token: str, *channels: str, **frame: Any) -> ClientConnection:
    """Connect, sign in and subscribe."""
    socket = await connect(url.replace("http", "ws") + "/v1/realtime/ws")
    await socket.send(json.dumps({"type": "authenticate", "token": token}))
    assert json.loads(await socket.recv())["type"] == "authenticated"
    await socket.send(json.dumps({"type": "subscribe", "channels": channels, **frame}))
    return socket


async def receive(socket: ClientConnection, kind: str) -> dict[str, Any]:
    """Wait for a frame of a kind, past any others."""
    while True:
        frame: dict[str, Any] = json.loads(await asyncio.wait_for(socket.recv(), 5))
        if frame["type"] == kind:
            return frame


async def batch(socket: ClientConnection) -> list[dict[str, Any]]:
    """Wait for the events of one change, sent as one frame."""
    frame: dict[str, Any] = await receive(socket, "batch")
    events: list[dict[str, Any]] = frame["events"]
    return events


def order(house: House, hour: int, *, patient: int = 0) -> Order:
    """Ask for a consultation with Dr. Perez."""
    return Order(
        patient_id=house.patients[patient].id,
        provider_id=house.perez.id,
        service_id=house.consult.id,
        start=house.at(hour),
        end=None,
        room_id=None,
        mode=None,
        notes=None,
        seen_at=None,
        overbook_reason=None,
    )


async def reserve(served: str, house: House, hour: int) -> httpx.Response:
    body = {
        "providerId": str(house.perez.id),
        "serviceId": str(house.consult.id),
        "timeslotId": house.slot(hour),
        "clientId": "Desk 3",
    }
    async with httpx.AsyncClient(base_url=served, headers=house.headers()) as http:
        return await http.post("/v1/reservations", json=body)


async def test_staff_see_who_holds_a_slot(served: str, house: House) -> None:
    """A hold reaches the clinic's channel with the desk's name and until when."""
    socket = await watch(served, house.tokens[Role.FRONT_DESK], f"clinic:{house.clinic.id}")
    await receive(socket, "subscribed")
    held = (await reserve(served, house, 10)).json()
    event = await receive(socket, "timeslot.updated")
    await socket.close()
    assert event["payload"]["timeslotId"] == house.slot(10)
    assert event["payload"]["status"] == "reserved"
    assert event["payload"]["heldBy"] == "Desk 3"
    assert event["payload"]["heldUntil"][:19] == held["expiresAt"][:19]
    assert event["payload"]["date"] == house.day.isoformat()


async def test_patients_see_states_and_never_who(served: str, house: House) -> None:
    """A patient on a provider's channel learns that a slot is reserved, and nothing else about it."""
    channel = f"provider.{house.perez.id}.availability"
    socket = await watch(served, house.tokens[Role.PATIENT], channel)
    await receive(socket, "subscribed")
    await reserve(served, house, 11)
    event = await receive(socket, "timeslot.updated")
    await socket.close()
    assert event["payload"]["status"] == "reserved"
    assert not {"heldBy", "patientId", "holdId", "owner"} & set(event["payload"])


async def test_a_channel_that_is_not_allowed_is_refused_alone(served: str, house: House) -> None:
    """A patient may not hear the clinic, and hears the provider all the same."""
    clinic, provider = f"clinic:{house.clinic.id}", f"provider:{house.perez.id}"
    socket = await watch(served, house.tokens[Role.PATIENT], clinic, provider)
    refused = await receive(socket, "error")
    subscribed = await receive(socket, "subscribed")
    await socket.close()
    assert (refused["error"], refused["channel"]) == ("FORBIDDEN", clinic)
    assert subscribed["channels"] == [provider]


async def test_a_provider_of_another_clinic_is_not_there(
    served: str, house: House, database: Database
) -> None:
    """Staff of one clinic cannot subscribe to a provider, a place or the channel of another."""
    other = await build_house(database, name="Hillside")
    names = (
        f"provider:{other.perez.id}",
        f"clinic:{other.clinic.id}",
        f"location:{other.clinic.id}:2027-01-01",
    )
    socket = await watch(served, house.tokens[Role.FRONT_DESK], *names)
    refused = [await receive(socket, "error") for _ in names]
    await socket.close()
    assert [(one["error"], one["channel"]) for one in refused] == [("FORBIDDEN", name) for name in names]


async def test_a_move_is_one_event(served: str, house: House, database: Database) -> None:
    """Staff and the patient hear of a move once, with old and new; of the slots the old one comes first."""
    board, slots = Board(database), f"provider:{house.perez.id}"
    made = await book(board, house.asking(), order(house, 9))
    desk = await watch(served, house.tokens[Role.FRONT_DESK], f"clinic:{house.clinic.id}")
    own = await watch(served, house.tokens[Role.PATIENT], f"user:{made.patient_id}", slots)
    await receive(desk, "subscribed")
    await receive(own, "subscribed")
    await move(board, house.asking(), made.id, Move(start=house.at(14)), version=None)
    told = await receive(desk, "appointment.rescheduled")
    states = [await receive(own, "timeslot.updated") for _ in range(2)]
    mine = await receive(own, "booking.rescheduled")
    await desk.close()
    await own.close()
    assert told["payload"]["appointmentId"] == mine["payload"]["appointmentId"] == str(made.id)
    assert datetime.fromisoformat(told["payload"]["previous"]["start"]) == house.at(9)
    assert datetime.fromisoformat(told["payload"]["start"]) == house.at(14)
    assert [(one["payload"]["timeslotId"], one["payload"]["status"]) for one in states] == [
        (house.slot(9), "available"),
        (house.slot(14), "booked"),
    ]
    assert {told["seq"], mine["seq"], *(one["seq"] for one in states)} == {told["seq"]}


async def test_what_becomes_of_an_appointment(served: str, house: House, database: Database) -> None:
    """Staff hear of a status and of a cancellation; the slot is free again, the patient is told."""
    board = Board(database)
    made = await book(board, house.asking(), order(house, 9))
    desk = await watch(served, house.tokens[Role.FRONT_DESK], f"clinic:{house.clinic.id}", batch=True)
    own = await watch(served, house.tokens[Role.PATIENT], f"user.{made.patient_id}.bookings")
    await receive(desk, "subscribed")
    await receive(own, "subscribed")
    await progress(board, house.asking(), made.id, Progress(status=Status.CONFIRMED), version=None)
    updated = [event for event in await batch(desk) if event["type"] == "appointment.updated"]
    with pytest.raises(PreconditionFailed):
        await cancel(board, house.asking(), made.id, reason=None, version=1)
    await cancel(board, house.asking(), made.id, reason=None, version=2)
    gone = await batch(desk)
    mine = await receive(own, "booking.cancelled")
    await desk.close()
    await own.close()
    assert [one["payload"]["status"] for one in updated] == ["confirmed"]
    kinds = ["timeslot.updated", "appointment.canceled", "availability.span_updated"]
    assert [one["type"] for one in gone] == kinds
    assert gone[0]["payload"]["status"] == "available"
    assert mine["payload"]["appointmentId"] == str(made.id)


async def test_a_freed_slot_may_still_be_taken(served: str, house: House, database: Database) -> None:
    """What lay on top of a canceled appointment has the slot; a session that loses one keeps count."""
    board = Board(database)
    under = await book(board, house.asking(), order(house, 9))
    await book(board, house.asking(), replace(order(house, 9, patient=1), overbook_reason="urgent"))
    seats = [
        await book(board, house.asking(), replace(order(house, 13, patient=n), service_id=house.group.id))
        for n in range(3)
    ]
    own = await watch(served, house.tokens[Role.PATIENT], f"provider:{house.perez.id}")
    await receive(own, "subscribed")
    await cancel(board, house.asking(), under.id, reason=None, version=None)
    still = await receive(own, "timeslot.updated")
    await cancel(board, house.asking(), seats[1].id, reason=None, version=None)
    fewer = await receive(own, "timeslot.updated")
    await own.close()
    assert (still["payload"]["status"], still["payload"]["remaining"]) == ("booked", 0)
    assert (fewer["payload"]["status"], fewer["payload"]["remaining"]) == ("limited", 1)


async def test_a_feed_resumes_where_it_was_left(served: str, house: House, database: Database) -> None:
    """What happened while nobody was connected is told after `since`, in order."""
    board = Board(database)
    socket = await watch(served, house.tokens[Role.FRONT_DESK], f"clinic:{house.clinic.id}")
    since = (await receive(socket, "subscribed"))["seq"]
    await socket.close()
    for hour in (9, 10, 11):
        wish = hold.Wish(
            provider_id=house.perez.id,
            service_id=house.consult.id,
            start=house.at(hour),
            patient_id=None,
            room_id=None,
            client=None,
        )
        await hold.place(board, house.asking(), wish, seconds=120)
    socket = await watch(served, house.tokens[Role.FRONT_DESK], f"clinic:{house.clinic.id}", since=since)
    seqs = [(await receive(socket, "timeslot.updated"))["seq"] for _ in range(3)]
    await socket.close()
    assert seqs == [since + 1, since + 2, since + 3]


async def test_without_a_token_the_connection_closes(served: str) -> None:
    """The first frame has to sign in; 4401 says that it did not."""
    async with connect(served.replace("http", "ws") + "/v1/realtime/ws") as socket:
        await socket.send(json.dumps({"type": "authenticate", "token": "nonsense"}))
        with pytest.raises(ConnectionClosed) as closed:
            await socket.recv()
    assert closed.value.rcvd
    assert closed.value.rcvd.code == 4401


async def test_bursts_are_coalesced_to_ten_frames_a_second(
    served: str, house: House, database: Database
) -> None:
    """Without `batch`, 30 changes of one slot come as few frames, the last of them with the last state."""
    board = Board(database)
    socket = await watch(served, house.tokens[Role.FRONT_DESK], f"provider:{house.perez.id}")
    await receive(socket, "subscribed")
    wish = hold.Wish(
        provider_id=house.perez.id,
        service_id=house.consult.id,
        start=house.at(9),
        patient_id=None,
        room_id=None,
        client=None,
    )
    last = 0
    for _ in range(15):
        placed = await hold.place(board, house.asking(), wish, seconds=120)
        await hold.release(database, house.asking(), placed.token)
    async with httpx.AsyncClient(base_url=served, headers=house.headers()) as http:
        last = (await http.get("/v1/log", params={"limit": 200})).json()["items"][-1]["seq"]
    frames = [await receive(socket, "timeslot.updated")]
    while frames[-1]["seq"] < last:
        frames.append(await receive(socket, "timeslot.updated"))
    await socket.close()
    assert len(frames) < 30
    assert frames[-1]["payload"]["status"] == "available"
