"""Clock changes rehearsed on a clinic, and other time zone data than the one in use."""

from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from pathlib import Path

import httpx

from deskcal.core.access import Role
from deskcal.core.clinic import Opening
from deskcal.core.clock_change import clock_changes
from deskcal.core.span import Span
from deskcal.core.window import Window, WindowKind
from deskcal.flows import clock_changes as flows
from deskcal.flows import providers, windows
from deskcal.flows.board import Board
from deskcal.flows.book import Order, book
from deskcal.store.database import Database
from deskcal.store.zone_data import ZoneData, copies, of_folder
from house import House

NIGHTS = tuple(Opening(weekday=day, opens=0, closes=6 * 60) for day in range(7))


def next_back(house: House) -> tuple[date, datetime]:
    """Give the day on which clocks go back next, and the instant."""
    now = datetime.now(UTC)
    year = clock_changes(house.perez.zone, Span(start=now, end=now + timedelta(days=400)))
    change = next(one for one in year if not one.forward)
    return change.day, change.at


async def test_who_works_at_night(served: str, house: House, database: Database) -> None:
    """Hours, windows and appointments of that night are named with how long they last; others are not."""
    asking = house.asking()
    day, at = next_back(house)
    await providers.set_hours(database, asking, house.perez.id, NIGHTS, first=None, last=None)
    for provider_id in (house.perez.id, house.chen.id):
        await windows.add(
            database,
            asking,
            "provider",
            provider_id,
            Window(
                id=house.clinic.id,
                kind=WindowKind.AVAILABLE,
                start=datetime.combine(day, time(1, 30)),
                end=datetime.combine(day, time(1, 45)),
            ),
        )
    for start in (at - timedelta(minutes=90), at - timedelta(minutes=30), at + timedelta(minutes=120)):
        order = Order(
            patient_id=house.patients[0].id,
            provider_id=house.perez.id,
            service_id=house.consult.id,
            start=start,
            end=start + timedelta(minutes=45),
            room_id=None,
            mode=None,
            notes=None,
            seen_at=None,
            overbook_reason="the night shift",
        )
        await book(Board(database), asking, order)
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.ADMIN)) as http:
        params = f"year={day.year}&zone=America/New_York"
        found = (await http.get(f"/v1/admin/clock-changes?{params}")).json()
        elsewhere = (await http.get("/v1/admin/clock-changes", params={"zone": "Asia/Tokyo"})).json()
    assert found["zones"] == ["America/New_York"]
    change = next(one for one in found["changes"] if one["kind"] == "back")
    assert (change["date"], change["dayMinutes"]) == (str(day), 1500)
    assert {
        (one["name"], one["windowKind"], one["wallMinutes"], one["minutes"], one["edgeInside"])
        for one in change["hours"]
    } == {
        (house.perez.name, None, 360, 420, False),
        (house.perez.name, "available", 15, 15, True),
        (house.chen.name, "available", 15, 15, True),
    }
    assert [(datetime.fromisoformat(one["start"]), one["across"]) for one in change["appointments"]] == [
        (at - timedelta(minutes=90), False),
        (at - timedelta(minutes=30), True),
    ]
    assert elsewhere["changes"] == []
    assert [one["inUse"] for one in found["zoneData"]] == [True, *([False] * (len(found["zoneData"]) - 1))]


async def test_the_next_change_of_each_zone(served: str, house: House) -> None:
    """Without a year the next one of every zone that the clinic works in; a zone that is none is refused."""
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.OPS)) as http:
        body = {"name": "Coast", "timezone": "Europe/Madrid"}
        assert (await http.post("/v1/locations", json=body)).status_code == 201
        found = (await http.get("/v1/admin/clock-changes")).json()
        wrong = await http.get("/v1/admin/clock-changes", params={"zone": "Madrid"})
    assert {one["zone"] for one in found["changes"]} == {"America/New_York", "Europe/Madrid"}
    assert len(found["changes"]) == 2
    assert [one["at"] for one in found["changes"]] == sorted(one["at"] for one in found["changes"])
    assert wrong.status_code == 400
    async with httpx.AsyncClient(base_url=served, headers=house.headers()) as http:
        assert (await http.get("/v1/admin/clock-changes")).status_code == 403


def planned_data(folder: Path) -> ZoneData:
    """Make a copy of the data by which New York is on the time of Honolulu."""
    (folder / "America").mkdir()
    with (files("tzdata.zoneinfo") / "Pacific" / "Honolulu").open("rb") as file:
        (folder / "America" / "New_York").write_bytes(file.read())
    (folder / "tzdata.zi").write_text("# version 2031z\n")
    return of_folder(folder)


async def test_another_copy_of_the_data(tmp_path: Path, house: House, database: Database) -> None:
    """A copy in which a zone has another offset names the time and the appointments that would look moved."""
    planned = planned_data(tmp_path)
    order = Order(
        patient_id=house.patients[0].id,
        provider_id=house.perez.id,
        service_id=house.consult.id,
        start=house.at(10),
        end=None,
        room_id=None,
        mode=None,
        notes=None,
        seen_at=None,
    )
    made = await book(Board(database), house.asking(), order)
    used = copies()[0]
    assert planned.version == "2031z"
    found = await flows.rehearse(
        database, house.desk, datetime.now(UTC), zone=None, year=None, copies=[used, planned]
    )
    [differing] = found.others
    assert {(one.zone, one.then) for one in differing} == {("America/New_York", timedelta(hours=-10))}
    assert {one.offset for one in differing} <= {timedelta(hours=-5), timedelta(hours=-4)}
    assert [one.id for part in differing for one in part.appointments] == [made.id]
    same = await flows.rehearse(
        database, house.desk, datetime.now(UTC), zone=None, year=None, copies=[used, used]
    )
    assert same.others == [[]]


def test_copies_say_what_they_are(tmp_path: Path) -> None:
    """The package names its release as the data does; a folder without a word of it has no version."""
    *_, package = copies()
    assert package.place == "the tzdata package"
    assert package.version is not None
    assert package.version[:2] == "20"
    assert package.version[-1].isalpha()
    assert package.zone("America/New_York") is not None
    assert package.zone("Mars/Olympus") is None
    bare = of_folder(tmp_path)
    assert (bare.version, bare.zone("America/New_York")) == (None, None)
    assert isinstance(bare, ZoneData)
