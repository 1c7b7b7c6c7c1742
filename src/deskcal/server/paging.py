"""Cursors of lists: opaque to clients, the sort key of the last item to us."""

import base64
import binascii
from datetime import datetime
from typing import Annotated, TypeVar
from uuid import UUID

import msgspec
from litestar.params import QueryParameter

from deskcal.core.refusals import Invalid

T = TypeVar("T")

Limit = Annotated[int, QueryParameter(ge=1, le=200, description="How many at most.")]
Cursor = Annotated[str | None, QueryParameter(description="`nextCursor` of the page before.")]


def write_cursor(key: str | datetime | int, id_: UUID) -> str:
    """Spell where a page ended: what the list is sorted by, and the id."""
    return base64.urlsafe_b64encode(msgspec.json.encode([key, id_])).decode()


def read_cursor(text: str | None) -> tuple[str, UUID] | None:
    """Read where the page before ended, in a list by name. Raises Invalid for anything else."""
    return None if text is None else _read(text, tuple[str, UUID])


def read_place(text: str | None) -> tuple[datetime, UUID] | None:
    """Read where the page before ended, in a list by start. Raises Invalid for anything else."""
    return None if text is None else _read(text, tuple[datetime, UUID])


def read_number(text: str | None) -> int:
    """Read where the page before ended, in a list by number; 0 before the first. Raises Invalid likewise."""
    return 0 if text is None else _read(text, tuple[int, UUID])[0]


def _read(text: str, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(text), type=kind)
    except (binascii.Error, msgspec.DecodeError, ValueError) as error:
        raise Invalid(("cursor", "this is not a cursor of this list; start without one")) from error
