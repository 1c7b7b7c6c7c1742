"""Imports in the database: judged against the live calendar, and taken once."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from deskcal.core.booking import Status
from deskcal.core.importing import Creatable, ImportKind, OnConflict, Outcome, Terms
from deskcal.core.refusals import Invalid, SlotTaken
from deskcal.flows import appointments, hold, imports, rules
from deskcal.flows.book import Order, book
from deskcal.store.database import Database
from flows.importing import ALL, Importer, counted, lines, outcomes, visits
from house import House


@pytest.fixture
def importer(database: Database, house: House) -> Importer:
    return Importer(database, house)


async def test_patients_once(importer: Importer, house: House) -> None:
    """A patient is known by the other system's id, or by name and birth date however they are spelled."""
    terms = Terms(kind=ImportKind.PATIENTS)
    rows = (
        {"name": "Nadia Haddad", "date_of_birth": "1990-01-02", "external_id": "1"},
        {"name": "Somebody Else", "date_of_birth": "1991-01-02", "external_id": "1"},
        {"name": "LUKASZ muller", "date_of_birth": "1984-03-12", "external_id": "2"},
        {"name": "Nadia  Haddad", "date_of_birth": "1990-01-02"},
        {"name": "Nobody", "date_of_birth": "2199-01-02"},
        {"name": "No Mail", "email": "nowhere"},
    )
    verdicts = await importer.take(terms, *rows)
    assert outcomes(verdicts) == ["accepted", "known", "known", "known", "refused", "refused"]
    assert [one.field for one in verdicts[4:]] == ["date_of_birth", "email"]
    assert verdicts[2].id == house.patients[3].id
    again = await importer.take(terms, {"external_id": "2", "name": "Another Name"}, name="b")
    assert (again[0].outcome, again[0].id) == (Outcome.KNOWN, house.patients[3].id)


async def test_providers(importer: Importer) -> None:
    """What rows name and is not there is made where that is allowed; the reason says how to allow it."""
    row = {"name": "Dr. Noor", "services": "Consult;Massage", "location": "West", "hours": "mon 09:00-12:00"}
    terms = Terms(kind=ImportKind.PROVIDERS, create=frozenset({Creatable.LOCATIONS}))
    [refused] = await importer.take(terms, row)
    assert (refused.field, "--create services" in (refused.reason or "")) == ("services", True)
    made = await importer.take(replace(terms, create=ALL), row, row, name="b")
    assert outcomes(made) == ["accepted", "known"]
    known = importer.board
    async with known.database.read(importer.house.clinic.id) as tx:
        [provider] = [
            one for one in (await known.catalog_within(tx)).providers.values() if one.name == "Dr. Noor"
        ]
    assert (len(provider.prices), len(provider.openings), provider.location_id is None) == (2, 1, False)


async def test_who_was_made_offers_what_rows_ask(importer: Importer, house: House) -> None:
    """A provider whom an import has made may offer more in its later rows, but nothing that is not booked."""
    terms = visits(create=ALL, outside_hours=True)
    row = {"provider": "Dr. Noor", "date_of_birth": "1984-03-12", "patient_name": "Maria Lopez"}
    hours = {hour: f"2020-03-02 {hour:02}:00" for hour in (9, 10)}
    await importer.take(terms, row | {"service": "Massage", "start": hours[9]})
    assert importer.batch
    more = [row | {"service": name, "start": at} for name, at in (("Tea", hours[9]), ("Bath", hours[10]))]
    later = await imports.take(importer.board, importer.asking, importer.batch, lines(more, first=2))
    assert outcomes(later) == ["refused", "accepted"]
    async with importer.board.database.read(house.clinic.id) as tx:
        known = await importer.board.catalog_within(tx)
    [noor] = [one for one in known.providers.values() if one.name == "Dr. Noor"]
    assert [known.service(id_).title for id_ in noor.prices] == ["Massage", "Bath"]


async def test_judged_as_any_booking(importer: Importer, house: House) -> None:
    """Hours, rules, the patient and the provider's calendar are judged, and the reason names what it is."""
    await rules.add(
        importer.board.database,
        importer.asking,
        house.consult.id,
        type_="max_daily",
        payload={"max_per_day": 3},
        priority=1,
    )
    verdicts = await importer.take(
        visits(),
        importer.visit(house.at(9)),
        importer.visit(house.at(9), patient=1),
        importer.visit(house.at(9), provider="Dr. Li Chen"),
        importer.visit(house.at(8)),
        importer.visit(house.at(10), service="massage"),
        importer.visit(house.at(10), patient_name="Nobody"),
        importer.visit(house.at(11), status="completed"),
        importer.visit(house.at(11)),
        importer.visit(house.at(12)),
        importer.visit(house.at(13)),
    )
    assert outcomes(verdicts) == ["accepted", *["refused"] * 6, "accepted", "accepted", "refused"]
    reasons = [one.reason or "" for one in verdicts]
    first = await appointments.find(
        importer.board.database, importer.asking.actor, verdicts[0].id or UUID(int=0)
    )
    assert reasons[1].endswith(f"In the way: {first.reference}.")
    assert "patient has another appointment" in reasons[2]
    assert "works 09:00" in reasons[3]
    assert "there are: Consult" in reasons[4]
    assert "--create patients" in reasons[5]
    assert "has not begun" in reasons[6]
    assert "3" in reasons[9]


async def test_a_hold_is_in_the_way_until_it_runs_out(importer: Importer, house: House) -> None:
    """A desk that is just booking is not disturbed; a hold that ran out is lapsed."""
    wish = hold.Wish(
        provider_id=house.perez.id,
        service_id=house.consult.id,
        start=house.at(9),
        patient_id=None,
        room_id=None,
        client=None,
    )
    await hold.place(importer.board, house.asking(), wish, seconds=120)
    [held] = await importer.check(visits(), importer.visit(house.at(9)))
    assert "held by somebody else" in (held.reason or "")
    before = replace(house.asking(), now=datetime.now(UTC) - timedelta(seconds=300))
    await hold.place(importer.board, before, replace(wish, start=house.at(10)), seconds=120)
    assert outcomes(await importer.take(visits(), importer.visit(house.at(10)))) == ["accepted"]


async def test_next_free(importer: Importer, house: House) -> None:
    """What clashes gets the nearest free start of that day, or of the next that has one, and says so."""
    terms = visits(on_conflict=OnConflict.NEXT_FREE)
    rows = [importer.visit(house.at(9), patient=number % 4, external_id=str(number)) for number in range(17)]
    verdicts = await importer.take(terms, *rows)
    assert outcomes(verdicts) == ["accepted", *["moved"] * 16]
    starts = [one.start for one in verdicts[1:]]
    assert starts[:15] == [(house.at(9) + timedelta(minutes=30 * n)).astimezone(UTC) for n in range(1, 16)]
    assert starts[15] == house.at(9, day=house.day + timedelta(days=1)).astimezone(UTC)


async def test_rooms_are_found_on_other_days_too(importer: Importer, house: House) -> None:
    """A booking that is moved to the next day has a room there that is free."""
    terms = visits(on_conflict=OnConflict.NEXT_FREE)
    late = house.at(16, 15)
    rows = [importer.visit(late, patient=number, service="exam") for number in range(2)]
    tomorrow = late + timedelta(days=1)
    others = [
        importer.visit(tomorrow.replace(hour=9, minute=0), patient=2, service="exam", provider="Dr. Li Chen"),
    ]
    verdicts = await importer.take(terms, *others, *rows)
    assert outcomes(verdicts) == ["accepted", "accepted", "moved"]


async def test_history(importer: Importer, house: House) -> None:
    """The past is taken with its status, outside hours only where allowed, and never twice at a time."""
    past = house.at(20) - timedelta(days=100)
    rows = (
        importer.visit(past, status="no_show"),
        importer.visit(past, patient=1),
        importer.visit(past, patient=2, service="exam", provider="Dr. Li Chen"),
    )
    [refused, *_] = await importer.check(visits(), *rows)
    assert "--outside-hours allow" in (refused.reason or "")
    verdicts = await importer.take(visits(outside_hours=True), *rows)
    assert outcomes(verdicts) == ["accepted", "refused", "accepted"]
    found = [
        await appointments.find(importer.board.database, importer.asking.actor, one.id)
        for one in verdicts
        if one.id
    ]
    assert [one.status for one in found] == [Status.NO_SHOW, Status.COMPLETED]
    assert found[0].missed_by == "patient"


async def test_days_without_times(importer: Importer, house: House, database_url: str) -> None:
    """Rows with a mere date are put one after the other; what a provider cannot hold goes to a second."""
    terms = visits(spread=(540, 600), more_providers=True, create=ALL, outside_hours=True)
    day = str(house.day - timedelta(days=100))
    rows = [
        {"patient": str(n), "patient_name": f"P {n}", "provider": "Clinic West", "location": "West"}
        | {"service": "Visit", "duration": "20", "date": day, "external_id": str(n)}
        for n in range(7)
    ]
    before = counted(database_url)
    verdicts = await importer.check(terms, *rows)
    assert outcomes(verdicts) == ["accepted"] * 7
    assert counted(database_url) == before
    await importer.take(terms, *rows)
    counts = {name: count for name, count, _ in counted(database_url)}
    assert (counts["providers"], counts["locations"], counts["patients"]) == (5, 1, 11)
    again = await importer.take(terms, *rows, name="b")
    assert outcomes(again) == ["known"] * 7


async def test_a_chunk_twice_and_a_gap(importer: Importer, house: House, database_url: str) -> None:
    """Rows that were taken keep their verdicts; rows that come too early are refused."""
    rows = [importer.visit(house.at(hour)) for hour in (9, 10)]
    first = await importer.take(visits(), *rows)
    assert await importer.take(visits(), *rows) == first
    assert importer.batch is not None
    with pytest.raises(Invalid, match="next row is 3"):
        await imports.take(importer.board, importer.asking, importer.batch, lines(rows, first=4))
    both = await imports.take(
        importer.board, importer.asking, importer.batch, lines([*rows, importer.visit(house.at(11))])
    )
    assert both[:2] == first
    assert {name: count for name, count, _ in counted(database_url)}["appointments"] == 3


async def test_a_desk_books_meanwhile(importer: Importer, house: House) -> None:
    """Of an import and a desk that want the same slots at the same moment, each slot has one winner."""
    hours = range(9, 17)

    async def desk(hour: int) -> bool:
        order = Order(
            patient_id=house.patients[1].id,
            provider_id=house.perez.id,
            service_id=house.consult.id,
            start=house.at(hour),
        )
        try:
            await book(importer.board, house.asking(), order)
        except SlotTaken:
            return False
        return True

    await importer.take(visits(), importer.visit(house.at(9), patient=2, provider="Dr. Li Chen"))
    assert importer.batch
    rows = lines([importer.visit(house.at(hour)) for hour in hours], first=2)

    async def one_after_the_other() -> list[bool]:
        return [await desk(hour) for hour in hours]

    verdicts, won = await asyncio.gather(
        imports.take(importer.board, importer.asking, importer.batch, rows), one_after_the_other()
    )
    assert [one.outcome is Outcome.ACCEPTED for one in verdicts] == [not mine for mine in won]
