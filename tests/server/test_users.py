"""Users over HTTP: added, listed page after page, changed as they were seen, signed in and out."""

from typing import Any

import httpx
import pytest

from deskcal.core.access import Role
from house import House

PASSWORD = "correct horse battery"  # noqa: S105


async def added(http: httpx.AsyncClient, email: str = "maria@example.org", **facts: Any) -> dict[str, Any]:
    made = await http.post("/v1/users", json={"email": email, "role": "front_desk"} | facts)
    assert made.status_code == 201, made.text
    user: dict[str, Any] = made.json()
    return user


async def test_from_hiring_to_leaving(served: str, house: House) -> None:
    """An admin adds somebody with a password; they work under their name until they are disabled."""
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.ADMIN)) as http:
        user = await added(http)
        set_ = await http.post(f"/v1/users/{user['id']}/password", json={"password": PASSWORD})
        pair = (
            await http.post("/v1/auth/token", json={"email": "maria@example.org", "password": PASSWORD})
        ).json()
        me = await http.get("/v1/auth/me", headers={"Authorization": f"Bearer {pair['accessToken']}"})
        seen = await http.get(f"/v1/users/{user['id']}")
        stale = await http.patch(
            f"/v1/users/{user['id']}", json={"disabled": True}, headers={"If-Match": '"1"'}
        )
        left = await http.patch(
            f"/v1/users/{user['id']}", json={"disabled": True}, headers={"If-Match": seen.headers["etag"]}
        )
        refused = await http.post("/v1/auth/refresh", json={"refreshToken": pair["refreshToken"]})
    assert "password" not in set_.text.lower()
    assert (me.json()["email"], me.json()["role"]) == ("maria@example.org", "front_desk")
    assert (stale.status_code, left.json()["version"]) == (412, 3)
    assert left.json()["disabledAt"]
    assert refused.status_code == 401


async def test_the_list_goes_on_by_cursor(served: str, house: House) -> None:
    """Users are listed by address, two a page, and none twice; keys are nobody's users."""
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.ADMIN)) as http:
        for name in ("Eve", "adam", "Cain"):
            await added(http, f"{name}@example.org")
        first = (await http.get("/v1/users", params={"limit": 2})).json()
        rest = (await http.get("/v1/users", params={"limit": 2, "cursor": first["nextCursor"]})).json()
    emails = [one["email"] for one in first["items"] + rest["items"]]
    assert emails == ["adam@example.org", "Cain@example.org", "Eve@example.org"]
    assert rest["nextCursor"] is None


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"email": "maria@example.org", "password": "wrong"}, 401),
        ({"email": "nobody@example.org", "password": "wrong"}, 401),
        ({"email": "maria@example.org"}, 400),
        ({}, 400),
    ],
)
async def test_who_cannot_sign_in(body: dict[str, str], status: int, served: str, house: House) -> None:
    """A wrong password and an unknown address get the same answer."""
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.ADMIN)) as http:
        await added(http)
        refused = await http.post("/v1/auth/token", json=body)
    assert refused.status_code == status
    assert status == 400 or refused.json()["error"] == "UNAUTHENTICATED"
    assert "example.org" not in refused.text


@pytest.mark.parametrize("password", ["short", "x" * 1001])
async def test_a_password_has_a_length(password: str, served: str, house: House) -> None:
    """Ten characters at least, a thousand at most; what is refused is not repeated."""
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.ADMIN)) as http:
        user = await added(http)
        refused = await http.post(f"/v1/users/{user['id']}/password", json={"password": password})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "password")
    assert password not in refused.text


async def test_a_password_is_set_once_per_key(served: str, house: House) -> None:
    """The same key again answers as the first time; with another password it is another request."""
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.ADMIN)) as http:
        path = f"/v1/users/{(await added(http))['id']}/password"
        body = {"password": PASSWORD, "idempotencyKey": "k"}
        first, again = await http.post(path, json=body), await http.post(path, json=body)
        other = await http.post(path, json=body | {"password": "other horse battery"})
    assert (first.status_code, again.json()) == (200, first.json())
    assert other.json()["error"] == "IDEMPOTENCY_KEY_REUSED"


async def test_the_desk_adds_nobody(served: str, house: House) -> None:
    """Users are for admins; the desk sees and adds none."""
    async with httpx.AsyncClient(base_url=served, headers=house.headers()) as http:
        answers = [
            await http.get("/v1/users"),
            await http.post("/v1/users", json={"email": "a@example.org", "role": "patient"}),
        ]
    assert [one.status_code for one in answers] == [403, 403]
