"""The OpenAPI document, and what it says of answers that are sent as they were kept."""

from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import MediaType, Request, Response, get
from litestar.openapi.datastructures import ResponseSpec

from deskcal.server.problems import MEDIA_TYPE
from deskcal.wire.problem import Problem

EXPECTED = {
    400: "A field cannot be used.",
    401: "No token, or one that is not good any more.",
    403: "The role or the scopes do not cover it.",
    404: "Nothing of that id in this clinic.",
    409: "Somebody was first.",
    412: "It has changed since the version of If-Match.",
    422: "A rule of the clinic is against it.",
    428: "If-Match is missing.",
    503: "The database is away; ask again in a moment.",
}


PROBLEMS: Mapping[int, ResponseSpec] = {
    code: ResponseSpec(
        data_container=Problem, generate_examples=False, description=said, media_type=MEDIA_TYPE
    )
    for code, said in EXPECTED.items()
}
"""For a route that has no shape to answer with."""


def answers(shape: Any, status: int = 200, media_type: str = MediaType.JSON) -> Mapping[int, ResponseSpec]:
    """Say that a route answers with a shape, or with a problem."""
    good = ResponseSpec(
        data_container=shape, generate_examples=False, description="Done.", media_type=media_type
    )
    return {status: good} | dict(PROBLEMS)


@get("/v1/openapi.json", include_in_schema=False)
async def openapi_json(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Give the OpenAPI 3.1 document."""
    document = request.app.openapi_schema.to_schema()
    return Response(msgspec.json.encode(document), media_type="application/json")
