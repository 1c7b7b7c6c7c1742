"""Changes of what somebody saw: the ETag of an answer, the If-Match of a change, and what it names."""

from typing import Any, Protocol

import msgspec
from litestar import MediaType, Request, Response

from deskcal.core.refusals import Invalid, PreconditionRequired


class Versioned(Protocol):
    """A shape whose `version` counts its changes."""

    version: int


class _Answer(msgspec.Struct):
    version: int | None = None


def etag_of(body: bytes) -> dict[str, str]:
    """Give the header that goes with an answer in JSON; none without a version."""
    version = msgspec.json.decode(body, type=_Answer).version if body.startswith(b"{") else None
    return {} if version is None else {"ETag": f'"{version}"'}


def shown(request: Request[Any, Any, Any], found: Versioned) -> Response[bytes]:
    """Answer with a thing and its ETag, or 304 to whoever has that version."""
    headers = {"ETag": f'"{found.version}"'}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(b"", status_code=304, headers=headers)
    return Response(msgspec.json.encode(found), media_type=MediaType.JSON, headers=headers)


def seen_version(request: Request[Any, Any, Any]) -> int | None:
    """Give the version that the caller saw, None where any will do; what is not an ETag of ours matches none.

    Raises PreconditionRequired without If-Match: a change to what nobody looked at undoes the work of others.
    """
    seen = request.headers.get("if-match")
    if seen is None:
        raise PreconditionRequired("Send the ETag of what you saw as If-Match; * changes it whatever it is.")
    if seen == "*":
        return None
    text = seen.strip('"')
    return int(text) if text.isdecimal() and text.isascii() else 0


def given(data: msgspec.Struct) -> dict[str, Any]:
    """Give the fields that a change names, null ones too. Raises Invalid when it names none."""
    fields = {name: getattr(data, name) for name in data.__struct_fields__ if name != "idempotency_key"}
    changes = {name: value for name, value in fields.items() if value is not msgspec.UNSET}
    if not changes:
        raise Invalid(("body", "say what is to change"))
    return changes
