"""How every shape on the wire is spelled: camelCase, and unknown fields refused on the way in."""

from typing import Generic, TypeVar

import msgspec


class Shape(msgspec.Struct, rename="camel", kw_only=True):
    """Something that deskcal answers. Fields may be added, so readers ignore unknown ones."""


class Request(msgspec.Struct, rename="camel", kw_only=True, forbid_unknown_fields=True):
    """Something that a client sends. An unknown field is a mistake and is refused."""


ItemT = TypeVar("ItemT")


class Page(msgspec.Struct, Generic[ItemT], rename="camel", kw_only=True):
    """A part of a list; `next_cursor` asks for the next one and is None at the end."""

    items: list[ItemT]
    next_cursor: str | None = None
