"""Cursors of lists: opaque to clients, the sort key of the last item to us."""

import base64
import binascii
from typing import Annotated
from uuid import UUID

import msgspec
from litestar.params import QueryParameter

from deskcal.core.refusals import Invalid

Limit = Annotated[int, QueryParameter(ge=1, le=200, description="How many at most.")]
Cursor = Annotated[str | None, QueryParameter(description="`nextCursor` of the page before.")]


def write_cursor(name: str, id_: UUID) -> str:
    """Spell where a page ended."""
    return base64.urlsafe_b64encode(msgspec.json.encode([name, id_])).decode()


def read_cursor(text: str | None) -> tuple[str, UUID] | None:
    """Read where the page before ended. Raises Invalid for anything else."""
    if text is None:
        return None
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(text), type=tuple[str, UUID])
    except (binascii.Error, msgspec.DecodeError, ValueError) as error:
        raise Invalid(("cursor", "this is not a cursor of this list; start without one")) from error
