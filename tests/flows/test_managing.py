"""What becomes of appointments: moved, canceled, missed."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from deskcal.core.booking import Appointment, Party, Status
from deskcal.core.refusals import (
    InvalidStatusChange,
    PreconditionFailed,
    SlotTaken,
    TooLate,
)
from deskcal.core.span import Span
from deskcal.flows import appointments, hold
from deskcal.flows.board import Board
from deskcal.flows.book import Order, book
from deskcal.flows.cancel import cancel
from deskcal.flows.move import Move, move, reschedule
from deskcal.flows.progress import Progress, progress
from deskcal.store.database import Database
from house import House
from races.rounds import Desk


async def booked(
    board: Board, house: House, start: datetime, *, patient: int = 0, why: str | None = None
) -> Appointment:
    return await book(
        board,
        house.asking(),
        Order(
            patient_id=house.patients[patient].id,
            provider_id=house.perez.id,
            service_id=house.consult.id,
            start=start,
            end=None,
            room_id=None,
            mode=None,
            notes=None,
            seen_at=None,
            overbook_reason=why,
        ),
    )


async def test_move_over_its_own_time(database: Database, house: House) -> None:
    """An appointment moves to a time that overlaps its own, and keeps its id; the old time is free then."""
    board = Board(database)
    made = await booked(board, house, house.at(9))
    moved = await move(board, house.asking(), made.id, Move(start=house.at(9, 15)), version=made.version)
    assert (moved.id, moved.version, moved.calendar_sequence) == (made.id, 2, 1)
    assert moved.span == Span.of_minutes(house.at(9, 15), 30)
    with pytest.raises(SlotTaken):
        await booked(board, house, house.at(9), patient=1)
    with pytest.raises(PreconditionFailed):
        await move(board, house.asking(), made.id, Move(start=house.at(11)), version=made.version)


async def test_move_through_a_hold_over_its_own_time(database: Database, house: House) -> None:
    """A hold that is for moving an appointment may lie over it; confirming it moves the appointment."""
    board = Board(database)
    made = await booked(board, house, house.at(9))
    wish = hold.Wish(
        provider_id=house.perez.id,
        service_id=house.consult.id,
        start=house.at(9),
        patient_id=None,
        room_id=None,
        client=None,
        moving_id=made.id,
    )
    longer = await move(
        board, house.asking(), made.id, Move(start=house.at(9, 15), end=house.at(10)), version=None
    )
    assert longer.span.minutes == 45
    placed = await hold.place(board, house.asking(), wish, seconds=60)
    moved = await reschedule(board, house.asking(), made.id, token=placed.token, reason=None, version=None)
    assert moved.span == Span.of_minutes(house.at(9), 30)
    other = await booked(board, house, house.at(9, 30), patient=1)
    assert other.status is Status.SCHEDULED


async def test_cancel_gives_the_time_back(database: Database, house: House) -> None:
    """A canceled appointment is nobody's obstacle; it cannot be canceled twice, nor moved."""
    board = Board(database)
    made = await booked(board, house, house.at(9))
    gone = await cancel(board, house.asking(), made.id, reason="ill", version=None)
    assert (gone.status, gone.charged_cents, gone.refunded_cents) == (Status.CANCELED, 0, 8000)
    await booked(board, house, house.at(9), patient=1)
    with pytest.raises(InvalidStatusChange):
        await cancel(board, house.asking(), made.id, reason=None, version=None)
    with pytest.raises(InvalidStatusChange):
        await move(board, house.asking(), made.id, Move(start=house.at(11)), version=None)
    _, entries = await appointments.audit(database, house.desk, made.id)
    assert [entry.event_type for entry in entries] == [
        "appointment.created",
        "appointment.canceled",
        "appointment.refused",
        "appointment.refused",
    ]


async def test_what_lay_on_top_is_guarded(database: Database, house: House) -> None:
    """When the appointment under an overbooking is canceled, nobody else gets in between."""
    board = Board(database)
    under = await booked(board, house, house.at(9))
    await booked(board, house, house.at(9, 15), patient=1, why="urgent")
    await cancel(board, house.asking(), under.id, reason=None, version=None)
    with pytest.raises(SlotTaken):
        await booked(board, house, house.at(9), patient=2)
    await booked(board, house, house.at(9, 45), patient=2)


async def test_a_no_show_and_back(database: Database, house: House) -> None:
    """A no-show keeps its time until that is given to others, and can be undone while nobody has it."""
    board = Board(database)
    made = await booked(board, house, house.at(9))
    late = replace(house.asking(), now=house.at(9, 20).astimezone(UTC))
    with pytest.raises(InvalidStatusChange):
        await progress(board, house.asking(), made.id, Progress(status=Status.NO_SHOW), version=None)
    missed = await progress(board, late, made.id, Progress(status=Status.NO_SHOW), version=None)
    assert missed.missed_by is Party.PATIENT
    freed = await progress(board, late, made.id, Progress(status=None, free=True), version=None)
    assert freed.freed
    back = await progress(board, late, made.id, Progress(status=Status.CHECKED_IN), version=None)
    assert (back.status, back.freed, back.missed_by) == (Status.CHECKED_IN, False, None)
    with pytest.raises(InvalidStatusChange):
        await progress(board, late, made.id, Progress(status=Status.SCHEDULED), version=None)


async def test_when_they_came(database: Database, house: House) -> None:
    """It is noted when a patient came and was called in; a step back forgets it, a step on does not."""
    board = Board(database)
    made = await booked(board, house, house.at(9))
    assert (made.checked_in_at, made.started_at) == (None, None)
    came, called, gone = (house.at(8, 55), house.at(9, 5), house.at(9, 30))
    times = []
    for now, status in (
        (came, Status.CHECKED_IN),
        (called, Status.IN_PROGRESS),
        (gone, Status.COMPLETED),
        (gone, Status.IN_PROGRESS),
        (gone, Status.CHECKED_IN),
        (gone, Status.CONFIRMED),
    ):
        asking = replace(house.asking(), now=now.astimezone(UTC))
        await progress(board, asking, made.id, Progress(status=status), version=None)
        kept = await appointments.find(database, house.desk, made.id)
        times.append((kept.checked_in_at, kept.started_at))
    assert times == [(came, None), (came, called), (came, called), (came, called), (came, None), (None, None)]


async def test_too_late(database: Database, house: House) -> None:
    """What has begun is neither canceled nor moved."""
    board = Board(database)
    made = await booked(board, house, house.at(9))
    late = replace(house.asking(), now=house.at(9, 1).astimezone(UTC))
    with pytest.raises(TooLate):
        await cancel(board, late, made.id, reason=None, version=None)
    with pytest.raises(TooLate):
        await move(board, late, made.id, Move(start=house.at(11)), version=None)


async def test_moved_through_holds_again_and_again(database: Database, house: House) -> None:
    """Each hold may lie over what the one before has given the appointment."""
    board = Board(database)
    desk = Desk(board, house, round_=0, now=datetime.now(UTC))
    held = await desk.hold(house.perez, house.exam, 9)
    made = await desk.confirm(held, patient_id=house.patients[0].id)
    for minute in (15, 30, 15):
        placed = await desk.hold(house.perez, house.exam, 9, minute, moving_id=made.id)
        moved = await reschedule(
            board, house.asking(), made.id, token=placed.token, reason=None, version=None
        )
        assert moved.span == Span.of_minutes(house.at(9, minute), 45)


async def test_the_board_sees_what_is_taken_back(database: Database, house: House) -> None:
    """A no-show who comes after all has the freed time again, for everybody who looks."""
    board, known = Board(database), Span.of_minutes(house.at(9), 30)
    made = await booked(board, house, house.at(9))
    late = replace(house.asking(), now=house.at(9, 20).astimezone(UTC))
    for said, minutes in (
        (Progress(status=Status.NO_SHOW, free=True), 0),
        (Progress(status=Status.CONFIRMED), 30),
    ):
        await progress(board, late, made.id, said, version=None)
        seen = await board.view(house.clinic.id, known, late.now)
        assert seen.booked(house.perez.id, known).bit_count() == minutes
