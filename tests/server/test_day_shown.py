"""The day that staff see: what has become of each appointment, as soon as it has."""

import httpx

from house import House
from server.test_delays import lane_of
from server.test_managing_routes import booked


async def test_a_status_is_seen_in_the_day_at_once(served: str, house: House) -> None:
    """Who has looked at the day a moment ago sees there what has become of an appointment since."""
    day = house.day.isoformat()
    async with httpx.AsyncClient(base_url=served, headers=house.headers()) as http:
        made = await booked(http, house)
        before = await lane_of(http, house, day)
        changed = await http.patch(
            f"/v1/clinics/{house.clinic.id}/appointments/{made['id']}",
            json={"status": "checked_in"},
            headers={"If-Match": f'"{made["version"]}"'},
        )
        assert changed.status_code == 200, changed.text
        after = await lane_of(http, house, day)
    seen = [(one["status"], one["version"]) for lane in (before, after) for one in lane["appointments"]]
    assert seen == [("scheduled", made["version"]), ("checked_in", changed.json()["version"])]
