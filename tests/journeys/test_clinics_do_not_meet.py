"""Two clinics on one server: nothing of one can be read, held, booked or heard by the other."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from deskcal.client.errors import Rejected
from deskcal.client.feed import follow
from deskcal.core.access import Role
from deskcal.core.slot import slot_id
from deskcal.store.database import Database
from house import House, build_house
from journeys.routes import Route, routes
from made import FILE, parked, things

THINGS = {
    "locations": "location_id",
    "rooms": "room_id",
    "equipment": "equipment_id",
    "services": "service_id",
    "providers": "provider_id",
}
OF_A_CLINIC = [role for role in Role if role is not Role.OPS]
OF_ALL_CLINICS = {("get", "/v1/clinics")}


class Neighbour:
    """The other clinic, with what it has made, and everything that names something of it."""

    def __init__(self, house: House, token: str, appointment_id: str, made: dict[str, str]) -> None:
        self.house = house
        ids = {
            "clinic_id": house.clinic.id,
            "provider_id": house.perez.id,
            "service_id": house.consult.id,
            "patient_id": house.patients[0].id,
            "room_id": house.rooms[0].id,
        }
        self.names: dict[str, Any] = {name: str(id_) for name, id_ in ids.items()}
        key_id = str(UUID(house.tokens[Role.ADMIN].split("_")[2]))
        self.names |= {"appointment_id": appointment_id, "key_id": key_id, "token": token} | made
        self.names |= {"feed_token": f"{key_id}.ics"}
        self.wire: dict[str, Any] = {_camel(name): value for name, value in self.names.items()} | {
            "reservationToken": token,
            "refreshToken": token,
            "timeslotId": slot_id(house.perez.id, house.consult.id, house.at(15)),
            "start": house.at(15).isoformat(),
            "timezone": "UTC",
            "country": "US",
            "year": house.day.year,
            "month": house.day.month,
            "from": house.day.isoformat(),
            "to": house.day.isoformat(),
            "date": house.day.isoformat(),
            "aggregateId": appointment_id,
            "locationId": str(house.rooms[0].id),
            "serviceIds": [str(house.consult.id)],
            "name": "Somebody",
            "title": "Something",
            "durationMinutes": 30,
            "minutes": 15,
            "role": "patient",
            "monday": {"enabled": False},
            "first": house.day.isoformat(),
            "kind": "unavailable",
            "end": house.at(16).isoformat(),
            "type": "max_daily",
            "payload": {"max_per_day": 1},
            "offerId": appointment_id,
            "recurrenceRule": "FREQ=WEEKLY;COUNT=2",
            "patients": [str(patient.id) for patient in house.patients[:2]],
            "adjacency": "back_to_back",
            "reason": "somebody asked",
            "target": "ics",
            "text": "BEGIN:VCALENDAR\nEND:VCALENDAR\n",
            "rows": [{"number": 1, "values": {"name": "Somebody"}}],
            "email": "maria@example.org",
            "password": "correct horse battery",
            **FILE,
        }
        held = {"reservationToken": token, "patientId": self.names["patient_id"]}
        self.own: dict[str, dict[str, Any]] = {
            "/v1/jobs": {"kind": "cancel"},
            "/v1/bookings/batch": {"items": [held]},
        }
        self.secrets = {*map(str, ids.values()), appointment_id, key_id, token, *made.values()}

    def path(self, route: Route) -> str:
        """Fill a path with ids of what it is about."""
        thing = next((self.names[name] for part, name in THINGS.items() if f"/{part}/" in route.path), None)
        return route.path.format(**self.names, thing_id=thing, resource_id=thing)

    async def log(self, http: httpx.AsyncClient) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (
            await http.get("/v1/log", headers=self.house.headers(), params={"limit": 200})
        ).json()["items"]
        return found


@pytest.fixture
async def neighbour(served: str, database: Database) -> Neighbour:
    house = await build_house(database, name="Hillside")
    wish = {"providerId": str(house.perez.id), "serviceId": str(house.consult.id)}
    async with httpx.AsyncClient(base_url=served, headers=house.headers()) as http:
        tokens = [
            (await http.post("/v1/reservations", json=wish | {"timeslotId": house.slot(hour)})).json()[
                "reservationToken"
            ]
            for hour in (10, 11)
        ]
        confirm = {"reservationToken": tokens[0], "patientId": str(house.patients[0].id)}
        booked = await http.post("/v1/bookings", json=confirm)
        made = await things(http, house) | {"parked_id": await parked(database, house)}
    return Neighbour(house, tokens[1], booked.json()["id"], made)


@pytest.mark.parametrize("role", Role)
async def test_no_route_leads_to_the_other_clinic(
    role: Role, served: str, house: House, neighbour: Neighbour
) -> None:
    """Each route, asked with the other clinic's ids in path, query and body, has and does nothing of it."""
    async with httpx.AsyncClient(base_url=served) as http:
        before = await neighbour.log(http)
        for route in await routes(http):
            answer = await ask(http, route, house.headers(role), neighbour)
            assert answer.status_code < 500, (route, answer.text)
            if role is Role.OPS and (route.method, route.path) in OF_ALL_CLINICS:
                continue
            assert not {secret for secret in neighbour.secrets if secret in answer.text}, (route, answer.text)
            if route.path_names and (route.method, answer.status_code) != ("delete", 204):
                assert answer.status_code in {403, 404}, (route, answer.text)
        assert await neighbour.log(http) == before


@pytest.mark.parametrize("role", OF_A_CLINIC)
async def test_naming_the_other_clinic_does_not_help(
    role: Role, served: str, house: House, neighbour: Neighbour
) -> None:
    """With the other clinic's id in the header every route that asks who is calling answers 404."""
    headers = house.headers(role) | {"X-Clinic-Id": str(neighbour.house.clinic.id)}
    async with httpx.AsyncClient(base_url=served) as http:
        for route in await routes(http):
            answer = await ask(http, route, headers, neighbour)
            assert answer.status_code == 404 or route.is_public, (route, answer.text)


async def test_ones_own_slot_takes_nobody_of_the_other_clinic(
    served: str, house: House, neighbour: Neighbour
) -> None:
    """The other clinic's patients and rooms are not there for a slot of one's own, held or booked."""
    own = {"providerId": str(house.perez.id), "serviceId": str(house.exam.id)}
    wish = own | {"timeslotId": house.slot(10, service=house.exam)}
    order = own | {"patientId": str(house.patients[0].id), "start": house.at(10).isoformat()}
    book = f"/v1/clinics/{house.clinic.id}/appointments"
    async with httpx.AsyncClient(base_url=served, headers=house.headers()) as http:
        for path, body in (("/v1/reservations", wish), (book, order)):
            for name in ("patientId", "roomId"):
                refused = await http.post(path, json=body | {name: neighbour.wire[name]})
                assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, name)


async def test_no_channel_of_the_other_clinic_is_told(
    served: str, house: House, neighbour: Neighbour
) -> None:
    """The live feed refuses the other clinic's channels."""
    other = neighbour.house
    for channel in (
        f"clinic:{other.clinic.id}",
        f"provider:{other.perez.id}",
        f"user:{other.patients[0].id}",
    ):
        news = follow(served, house.tokens[Role.ADMIN], [channel])
        with pytest.raises(Rejected, match="FORBIDDEN"):
            await anext(news)
    news = follow(
        served, house.tokens[Role.ADMIN], [f"clinic:{house.clinic.id}"], clinic_id=UUID(other.clinic.id.hex)
    )
    with pytest.raises(Rejected):
        await anext(news)


async def ask(
    http: httpx.AsyncClient, route: Route, headers: dict[str, str], neighbour: Neighbour
) -> httpx.Response:
    said = neighbour.wire | neighbour.own.get(route.path, {})
    assert route.needed <= said.keys(), route
    return await http.request(
        route.method,
        neighbour.path(route),
        headers=headers | {"If-Match": "*"},
        params={name: said[name] for name in route.query_names if name in said},
        json={name: said[name] for name in route.body_names if name in said} if route.body_names else None,
    )


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(map(str.title, rest))
