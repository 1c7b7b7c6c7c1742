"""Series that want the same times at the same moment, over two server processes."""

from datetime import datetime, timedelta

from house import House
from races.callers import Ask, callers
from races.truth import Truth

WEEKS = 6


def series(house: House, start: datetime, *, patient: int, on_conflict: str) -> Ask:
    body = {
        "patientId": str(house.patients[patient].id),
        "providerId": str(house.perez.id),
        "serviceId": str(house.consult.id),
        "start": start.replace(tzinfo=None).isoformat(),
        "recurrenceRule": f"FREQ=WEEKLY;COUNT={WEEKS}",
        "onConflict": on_conflict,
    }
    return Ask(path=f"/v1/clinics/{house.clinic.id}/series", body=body)


def starts(house: House) -> tuple[datetime, datetime]:
    """Give the starts of two series of which the last weeks of one overlap the first ones of the other."""
    return house.at(10), house.at(10, 15, day=house.day + timedelta(weeks=WEEKS // 2))


async def test_one_series_or_the_other(addresses: tuple[str, str], house: House, truth: Truth) -> None:
    """Of twelve series that want some of the same weeks one is booked, and none in part."""
    wanted = [
        series(house, starts(house)[number % 2], patient=number % 4, on_conflict="fail")
        for number in range(12)
    ]
    async with callers(addresses, house.headers(), len(wanted)) as desks:
        answers = await desks.at_once(wanted)
    assert sorted(answer.status for answer in answers) == [201, *[409] * 11], answers
    lost = [answer for answer in answers if answer.status == 409]
    assert {len(answer.body["verdicts"]) for answer in lost} == {WEEKS}
    assert truth.rows("select count(*) from appointments group by series_id") == [(WEEKS,)]
    assert truth.rows("select count(*) from series") == [(1,)]
    truth.insist()


async def test_two_series_share_what_there_is(addresses: tuple[str, str], house: House, truth: Truth) -> None:
    """With skip each week goes to one of two, and each of them lists exactly what it did not get."""
    wanted = [
        series(house, start, patient=patient, on_conflict="skip")
        for patient, start in enumerate(starts(house))
    ]
    async with callers(addresses, house.headers(), 2) as desks:
        answers = await desks.at_once(wanted)
    assert [answer.status for answer in answers] == [201, 201]
    booked = [len(answer.body["booked"]) for answer in answers]
    assert [len(answer.body["refused"]) for answer in answers] == [WEEKS - made for made in booked]
    assert sum(booked) == WEEKS + WEEKS // 2
    truth.insist()
