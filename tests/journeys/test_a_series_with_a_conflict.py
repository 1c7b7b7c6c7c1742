"""A receptionist books four Mondays, and the third is taken."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from deskcal.client.errors import Refused
from deskcal.client.http import Client
from deskcal.wire.booking import Appointment, BookRequest
from deskcal.wire.series import CancelSeriesRequest, NewSeries, NewWalkIn
from house import House

Wanted = Callable[..., NewSeries]
WEEK = timedelta(days=7)


@pytest.fixture
def wanted(house: House) -> Wanted:
    """Spell the wish for the same time in four weeks, on the clinic's wall clock."""

    def spell(**how: object) -> NewSeries:
        return NewSeries(
            patient_id=house.patients[0].id,
            provider_id=house.perez.id,
            service_id=house.consult.id,
            start=f"{house.day} 10:00",
            recurrence_rule="FREQ=WEEKLY;COUNT=4",
            **how,  # type: ignore[arg-type]
        )

    return spell


@pytest.fixture
async def third_week(desk: Client, house: House) -> Appointment:
    """Book somebody else in the third week."""
    order = BookRequest(
        patient_id=house.patients[1].id,
        provider_id=house.perez.id,
        service_id=house.consult.id,
        start=house.at(10, day=house.day + 2 * WEEK).isoformat(),
    )
    return await desk.book(house.clinic.id, order, key="somebody else")


async def test_all_or_none(desk: Client, house: House, wanted: Wanted, third_week: Appointment) -> None:
    """With one conflict none is booked; each of the four has a verdict, the third with what is free."""
    with pytest.raises(Refused, match="1 of 4 cannot be booked") as refused:
        await desk.book_series(house.clinic.id, wanted(), key="once")
    problem = refused.value.problem
    assert (problem.status, problem.error) == (409, "NOT_ALL_AVAILABLE")
    assert problem.verdicts is not None
    assert [verdict.available for verdict in problem.verdicts] == [True, True, False, True]
    third = problem.verdicts[2]
    assert (third.start, third.reasons[0].code) == (third_week.start, "SLOT_ALREADY_BOOKED")
    assert len(third.alternatives) == 2
    assert (await desk.appointments(house.clinic.id)).items == [third_week]
    judged = await desk.judge_series(house.clinic.id, wanted(dry_run=True))
    assert judged.verdicts == problem.verdicts


async def test_what_can_be_had(desk: Client, house: House, wanted: Wanted, third_week: Appointment) -> None:
    """With skip the others are booked and the third is listed; asked again with the key nothing changes."""
    made = await desk.book_series(house.clinic.id, wanted(on_conflict="skip"), key="once")
    assert [one.start for one in made.refused] == [third_week.start]
    assert len(made.booked) == 3
    assert {one.series_id for one in made.booked} == {made.series.id}
    assert await desk.book_series(house.clinic.id, wanted(on_conflict="skip"), key="once") == made
    assert len((await desk.appointments(house.clinic.id)).items) == 4


async def test_the_rest_of_it(desk: Client, patient: Client, house: House, wanted: Wanted) -> None:
    """The patient sees her series and cancels it from a day on; what comes before stays."""
    made = await desk.book_series(house.clinic.id, wanted(), key="once")
    assert (await patient.series(made.series.id)).appointments == made.booked
    since = CancelSeriesRequest(since=str(house.day + 2 * WEEK), reason="well again")
    gone = await patient.cancel_series(made.series.id, since, key="cancel")
    assert [one.appointment.start for one in gone] == [one.start for one in made.booked[2:]]
    assert {one.fee_cents for one in gone} == {0}
    shown = await desk.series(made.series.id)
    assert [one.status for one in shown.appointments] == [*["scheduled"] * 2, *["canceled"] * 2]


async def test_who_has_come_is_said_once(desk: Client, house: House) -> None:
    """A walk-in is a patient known already or a new one: neither, and both, is refused."""
    with pytest.raises(Refused, match="say who has come"):
        await desk.walk_in(house.clinic.id, NewWalkIn(service_id=house.consult.id), key="nobody")
