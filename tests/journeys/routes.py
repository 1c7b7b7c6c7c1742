"""Every route that the server has, as its OpenAPI document lists them."""

from dataclasses import dataclass
from typing import Any

import httpx

PUBLIC = (
    "/healthz",
    "/readyz",
    "/metrics",
    "/v1/auth/token",
    "/v1/auth/refresh",
    "/v1/auth/logout",
    "/v1/calendars/{feed_token}",
)


@dataclass(frozen=True, kw_only=True)
class Route:
    """One way to ask: what it takes in its path, its query and its body, and what of that has to be there."""

    method: str
    path: str
    path_names: tuple[str, ...]
    query_names: tuple[str, ...]
    body_names: tuple[str, ...]
    needed: frozenset[str]

    @property
    def is_public(self) -> bool:
        """Whether it works without a token."""
        return self.path in PUBLIC


async def routes(http: httpx.AsyncClient) -> list[Route]:
    document = (await http.get("/v1/openapi.json")).json()
    shapes = document["components"]["schemas"]

    def body_of(operation: dict[str, Any]) -> dict[str, Any]:
        content = operation.get("requestBody", {}).get("content", {})
        name = content.get("application/json", {}).get("schema", {}).get("$ref", "").rpartition("/")[2]
        found: dict[str, Any] = shapes.get(name, {})
        return found

    def named(operation: dict[str, Any], place: str) -> tuple[str, ...]:
        return tuple(one["name"] for one in operation.get("parameters", []) if one["in"] == place)

    def needed(parameter: dict[str, Any]) -> bool:
        return parameter["in"] == "query" and bool(parameter.get("required"))

    found = [
        Route(
            method=method,
            path=path,
            path_names=named(operation, "path"),
            query_names=named(operation, "query"),
            body_names=tuple(body_of(operation).get("properties", ())),
            needed=frozenset(
                [
                    *body_of(operation).get("required", ()),
                    *(one["name"] for one in operation.get("parameters", ()) if needed(one)),
                ]
            ),
        )
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    ]
    assert len(found) > 30
    return found
