"""Days of 23, 24½ and 25 hours, as clients see them, wherever the clinic is."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date

import httpx
import pytest

from deskcal.core.access import Role
from deskcal.store.database import Database
from house import House, build_house

WHOLE_DAY = {"sunday": {"enabled": True, "start": "00:00", "end": "24:00"}}
NEW_YORK = "America/New_York"


@asynccontextmanager
async def open_all_sunday(
    served: str, database: Database, timezone: str
) -> AsyncIterator[tuple[House, httpx.AsyncClient]]:
    """Build a clinic in a zone, where Dr. Perez works from midnight to midnight on Sundays."""
    house = await build_house(database, name=timezone, timezone=timezone)
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.ADMIN)) as http:
        path = f"/v1/providers/{house.perez.id}/schedule"
        assert (await http.put(path, json=WHOLE_DAY)).is_success
        yield house, http


@pytest.mark.parametrize(
    ("timezone", "day", "slots", "label"),
    [
        (NEW_YORK, date(2026, 3, 1), 48, "America/New_York (EST)"),
        (NEW_YORK, date(2026, 3, 8), 46, "America/New_York (EDT)"),
        (NEW_YORK, date(2026, 11, 1), 50, "America/New_York (EST)"),
        ("Europe/Berlin", date(2026, 10, 25), 50, "Europe/Berlin (CET)"),
        ("Australia/Lord_Howe", date(2026, 4, 5), 49, "Australia/Lord_Howe (UTC+10:30)"),
        ("Australia/Lord_Howe", date(2026, 10, 4), 47, "Australia/Lord_Howe (UTC+11)"),
    ],
)
async def test_a_day_has_as_many_slots_as_it_has_half_hours(
    timezone: str, day: date, slots: int, label: str, served: str, database: Database
) -> None:
    """Every half hour that takes place is one slot, none is there twice, and the zone is said."""
    async with open_all_sunday(served, database, timezone) as (house, http):
        path = f"/v1/providers/{house.perez.id}/availability"
        query = {"serviceId": str(house.consult.id), "date": day.isoformat()}
        answer = (await http.get(path, params=query)).json()
    found = answer["timeslots"]
    assert (len(found), answer["timezoneLabel"]) == (slots, label)
    assert len({slot["id"] for slot in found}) == len({slot["startUtc"] for slot in found}) == slots
    assert [slot["endUtc"] for slot in found[:-1]] == [slot["startUtc"] for slot in found[1:]]


async def test_an_hour_that_comes_twice_is_two_hours(served: str, database: Database) -> None:
    """01:30 is offered once in summer time and once in winter time, each told apart by its offset."""
    async with open_all_sunday(served, database, NEW_YORK) as (house, http):
        path = f"/v1/providers/{house.perez.id}/availability"
        query = {"serviceId": str(house.consult.id), "date": "2026-11-01"}
        found = (await http.get(path, params=query)).json()["timeslots"]
    starts = [slot["start"] for slot in found if "T01:30" in slot["start"]]
    assert starts == ["2026-11-01T01:30:00-04:00", "2026-11-01T01:30:00-05:00"]


@pytest.mark.parametrize(
    ("start", "error", "next_valid"),
    [
        ("2026-03-08T02:30:00-05:00", "NONEXISTENT_LOCAL_TIME", "2026-03-08T03:00:00-04:00"),
        ("2026-03-09T09:30:00", "NAIVE_TIME", None),
    ],
)
async def test_a_time_that_says_nothing_is_refused(
    start: str, error: str, next_valid: str | None, served: str, house: House
) -> None:
    """A time that the clock skips is refused with the next one that exists; one without offset, always."""
    body = {
        "providerId": str(house.perez.id),
        "serviceId": str(house.consult.id),
        "patientId": str(house.patients[0].id),
        "start": start,
    }
    async with httpx.AsyncClient(base_url=served, headers=house.headers()) as http:
        refused = await http.post(f"/v1/clinics/{house.clinic.id}/appointments", json=body)
    assert (refused.status_code, refused.json()["error"]) == (400, error)
    assert refused.json().get("nextValid") == next_valid


async def test_when_availability_was_seen_needs_an_offset_too(served: str, house: House) -> None:
    """`availabilityFetchedAt` without an offset could be hours old, so it is refused."""
    body = {
        "providerId": str(house.perez.id),
        "serviceId": str(house.consult.id),
        "patientId": str(house.patients[0].id),
        "start": house.at(10).astimezone(UTC).isoformat(),
        "availabilityFetchedAt": "2026-03-09T09:30:00",
    }
    async with httpx.AsyncClient(base_url=served, headers=house.headers()) as http:
        refused = await http.post(f"/v1/clinics/{house.clinic.id}/appointments", json=body)
    assert (refused.status_code, refused.json()["error"]) == (400, "NAIVE_TIME")
