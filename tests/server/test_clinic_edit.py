import httpx

from deskcal.core.access import Role
from house import House


async def test_a_clinic_is_changed_by_who_saw_it(served: str, house: House) -> None:
    """A change names the version that was seen; what it does not name stays."""
    path = f"/v1/clinics/{house.clinic.id}"
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.ADMIN)) as http:
        seen = await http.get(path)
        blind = await http.patch(path, json={"limitedPercent": 30})
        changed = await http.patch(
            path, json={"limitedPercent": 30}, headers={"If-Match": seen.headers["etag"]}
        )
        late = await http.patch(path, json={"name": "Lakeside"}, headers={"If-Match": seen.headers["etag"]})
        too_much = await http.patch(path, json={"limitedPercent": 101}, headers={"If-Match": "*"})
        shown = await http.get(path)
    assert (blind.status_code, blind.json()["error"]) == (428, "PRECONDITION_REQUIRED")
    assert changed.status_code == 200
    assert changed.headers["etag"] == shown.headers["etag"] != seen.headers["etag"]
    assert (late.status_code, late.json()["error"]) == (412, "PRECONDITION_FAILED")
    assert too_much.status_code == 400
    assert (shown.json()["name"], shown.json()["limitedPercent"]) == (house.clinic.name, 30)


async def test_who_changes_a_clinic(served: str, house: House) -> None:
    """The desk sees its clinic and leaves it as it is; ops change the one that the path names."""
    path = f"/v1/clinics/{house.clinic.id}"
    body, whatever = {"name": "Lakeside"}, {"If-Match": "*"}
    async with httpx.AsyncClient(base_url=served, headers=house.headers()) as http:
        seen = await http.get(path)
        refused = await http.patch(path, json=body, headers=whatever)
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.OPS)) as http:
        changed = await http.patch(path, json=body, headers=whatever)
    assert (seen.status_code, refused.status_code) == (200, 403)
    assert changed.json()["name"] == "Lakeside"
