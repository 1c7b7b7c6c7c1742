"""Somebody did not come; then it turns out that she did."""

from datetime import UTC, datetime, timedelta

import pytest

from deskcal.client.errors import Refused
from deskcal.client.http import Client
from deskcal.core.booking import Appointment
from deskcal.flows.board import Board
from deskcal.store.database import Database
from deskcal.wire.booking import AppointmentChange
from house import House
from races.rounds import Desk

YESTERDAY = -8
"""Days from the house's working day."""


@pytest.fixture
def earlier(database: Database, house: House) -> Desk:
    """Give the desk as it was two days ago."""
    now = datetime.now(UTC) - timedelta(days=2)
    return Desk(Board(database), house, round_=YESTERDAY, now=now)


@pytest.fixture
async def yesterdays(earlier: Desk, house: House) -> Appointment:
    """Give Maria's appointment of yesterday at ten."""
    return await earlier.book(house.perez, house.consult, 10, patient_id=house.patients[0].id)


async def test_marked_freed_and_undone(desk: Client, house: House, yesterdays: Appointment) -> None:
    """The desk marks her as missing, gives her time away, and takes all of it back."""
    clinic = house.clinic.id
    missed = await desk.change(
        clinic, yesterdays.id, AppointmentChange(status="no_show"), version=yesterdays.version
    )
    assert (missed.status, missed.missed_by, missed.time_freed) == ("no_show", "patient", False)
    freed = await desk.change(
        clinic, yesterdays.id, AppointmentChange(free_time=True), version=missed.version
    )
    assert freed.time_freed
    came = AppointmentChange(status="checked_in", reason="she sat in the other waiting room")
    back = await desk.change(clinic, yesterdays.id, came, version=freed.version)
    assert (back.status, back.missed_by, back.time_freed, back.charged_cents) == (
        "checked_in",
        None,
        False,
        0,
    )
    actions = [entry.action for entry in await desk.audit(yesterdays.id)]
    assert actions == ["created", "status_changed", "freed", "status_changed"]


async def test_too_late_when_somebody_has_the_time(
    desk: Client, house: House, earlier: Desk, yesterdays: Appointment
) -> None:
    """Once Mario has her time she is told so, and stays a no-show."""
    said = AppointmentChange(status="no_show", missed_by="patient", free_time=True)
    freed = await desk.change(house.clinic.id, yesterdays.id, said, version=yesterdays.version)
    await earlier.book(house.perez, house.consult, 10, patient_id=house.patients[1].id)
    with pytest.raises(Refused) as refused:
        await desk.change(
            house.clinic.id, yesterdays.id, AppointmentChange(status="confirmed"), version=freed.version
        )
    assert refused.value.problem.error == "SLOT_ALREADY_BOOKED"
    assert refused.value.problem.detail.startswith("The time was given to others.")
    assert (await desk.appointment(yesterdays.id)).status == "no_show"
