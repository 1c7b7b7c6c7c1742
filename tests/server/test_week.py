"""The week view over HTTP."""

from typing import Any

import httpx

from house import House


async def week(http: httpx.AsyncClient, house: House, **params: Any) -> dict[str, Any]:
    answer = await http.get("/v1/availability/week", params={"start": house.day.isoformat(), **params})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_a_week_is_spans_with_the_same_providers(served: str, house: House) -> None:
    """A free day is one span; a booking cuts out the half hour in which one provider is left."""
    async with httpx.AsyncClient(base_url=served, headers=house.headers()) as http:
        free = await week(http, house)
        body = {
            "patientId": str(house.patients[0].id),
            "providerId": str(house.perez.id),
            "serviceId": str(house.consult.id),
            "start": house.at(10).isoformat(),
        }
        made = await http.post(f"/v1/clinics/{house.clinic.id}/appointments", json=body)
        assert made.status_code == 201, made.text
        cut = await week(http, house)
    assert len(free["spans"]) == 7
    assert free["spans"][0] == {
        "start": house.at(9).isoformat(),
        "end": house.at(17).isoformat(),
        "label": f"2 providers free, 09:00-17:00 {house.at(9).tzname()}",
        "severity": "limited",
        "availableCount": 32,
        "providerIds": [str(house.perez.id), str(house.chen.id)],
    }
    assert [span["availableCount"] for span in cut["spans"][:3]] == [4, 1, 26]
    assert cut["spans"][1]["providerIds"] == [str(house.chen.id)]
    assert free["timezone"] == "America/New_York"


async def test_a_week_of_one_provider(served: str, house: House) -> None:
    """Filters narrow the spans to a provider and a service."""
    async with httpx.AsyncClient(base_url=served, headers=house.headers()) as http:
        one = await week(http, house, providerId=house.chen.id, serviceId=house.exam.id)
    assert {id_ for span in one["spans"] for id_ in span["providerIds"]} == {str(house.chen.id)}
    assert one["spans"][0]["end"] == house.at(17).isoformat()


async def test_a_week_needs_a_date(served: str, house: House) -> None:
    """What is no date is refused by the name of the field."""
    async with httpx.AsyncClient(base_url=served, headers=house.headers()) as http:
        refused = await http.get("/v1/availability/week", params={"start": "next week"})
    assert refused.status_code == 400
    assert [one["field"] for one in refused.json()["errors"]] == ["start"]
