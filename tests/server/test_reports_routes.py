"""Reports over HTTP: for whom they are, and what they answer."""

from datetime import date, timedelta

import httpx
import pytest

from deskcal.core.access import Role
from house import House

REPORTS = ("volume", "no-shows", "utilization", "peak-hours")


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.PATIENT, 403), (Role.PROVIDER, 403), (Role.FRONT_DESK, 200), (Role.ADMIN, 200), (Role.OPS, 200)],
)
async def test_who_may_ask(report: str, role: Role, status: int, served: str, house: House) -> None:
    """The front desk and admins; how often others' patients come is no provider's business."""
    async with httpx.AsyncClient(base_url=served, headers=house.headers(role)) as http:
        answer = await http.get(f"/v1/reports/{report}")
    assert answer.status_code == status


async def test_what_is_answered(served: str, house: House) -> None:
    """Totals agree with the rows, no patient is named, and the last four weeks are meant unless said."""
    order = {
        "patientId": str(house.patients[0].id),
        "serviceId": str(house.consult.id),
        "providerId": str(house.perez.id),
        "start": house.at(10).isoformat(),
    }
    day = {"from": str(house.day), "to": str(house.day)}
    async with httpx.AsyncClient(base_url=served, headers=house.headers()) as http:
        booked = await http.post(f"/v1/clinics/{house.clinic.id}/appointments", json=order)
        assert booked.status_code == 201, booked.text
        found = {name: (await http.get(f"/v1/reports/{name}", params=day)) for name in REPORTS}
        usual = (await http.get("/v1/reports/volume", params={"per": "week"})).json()
        turned = await http.get("/v1/reports/volume", params={"from": "2026-02-02", "to": "2026-02-01"})
    assert "Lopez" not in "".join(answer.text for answer in found.values())
    volume, no_shows, used, peaks = (answer.json() for answer in found.values())
    assert (volume["from"], volume["total"]["booked"], volume["rows"][0]["booked"]) == (day["from"], 1, 1)
    assert (no_shows["rows"][0]["by"], no_shows["rows"][0]["unmarked"]) == ("all", 1)
    assert used["total"] == {"openMinutes": 960, "bookedMinutes": 30, "outsideMinutes": 0, "rate": 0.0312}
    assert used["leftOut"] == {"canceled": 0, "freed": 0, "retired": 0}
    assert peaks["rows"] == [{"weekday": house.day.weekday(), "hour": 10, "booked": 1}]
    assert date.fromisoformat(usual["to"]) - date.fromisoformat(usual["from"]) == timedelta(days=27)
    assert (turned.status_code, turned.json()["errors"][0]["field"]) == (400, "to")
