"""JSON that an admin writes, read into the fields of a dataclass: each wrong key is named, with what to do.

The metadata of a field has a reader for each key that it may be given under, first the key that it is written
back under. A reader takes the value and the name to blame, and raises Invalid.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, dataclass
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

from deskcal.core.localtime import parse_date
from deskcal.core.refusals import Invalid

Fields: TypeAlias = Iterable[Field[Any]]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Days:
    """Local dates, first to last."""

    first: date
    last: date


def read_payload(fields: Fields, payload: Mapping[str, object]) -> dict[str, Any]:
    """Give values by the names of their fields; keys are snake_case or camelCase. Raises Invalid."""
    kept = [each for each in fields if each.metadata]
    readers = {key: (each.name, reader) for each in kept for key, reader in each.metadata.items()}
    wrong: list[tuple[str, str]] = []
    # What is missing is read as null, so that its reader says what to write.
    given: dict[str, tuple[str, object]] = {
        each.name: (next(iter(each.metadata)), None) for each in kept if each.default is MISSING
    }
    written: set[str] = set()
    for spelled, value in payload.items():
        key = re.sub(r"(?<=[a-z0-9])[A-Z]", lambda hump: f"_{hump[0].lower()}", spelled)
        if key not in readers:
            wrong.append((f"payload.{spelled}", f"is not known here; write {' or '.join(readers)}"))
            continue
        name, _ = readers[key]
        if name in written:
            wrong.append((f"payload.{spelled}", "says again what another key says; write one of them"))
        written.add(name)
        given[name] = key, value
    values: dict[str, Any] = {}
    for name, (key, value) in given.items():
        _, read = readers[key]
        try:
            values[name] = read(value, f"payload.{key}")
        except Invalid as refusal:
            wrong.extend(refusal.fields)
    if wrong:
        raise Invalid(*wrong)
    return values


def write_payload(fields: Fields, values: object) -> dict[str, object]:
    """Give the JSON that reads back as these values, without what is at its default."""
    kept = [(each, getattr(values, each.name)) for each in fields if each.metadata]
    return {next(iter(each.metadata)): _json(value) for each, value in kept if value != each.default}


def _json(value: object) -> object:
    match value:
        case UUID():
            return str(value)
        case Days(first=first, last=last) if first == last:
            return str(first)
        case Days(first=first, last=last):
            return {"start": str(first), "end": str(last)}
        case frozenset() | tuple():
            return [_json(one) for one in sorted(value)]
    return value


def whole(least: int, most: int | None = None) -> Callable[[object, str], int]:
    """Make the reader of a whole number."""

    def read(value: object, field: str) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= (most or value):
            return value
        raise Invalid((field, f"write a whole number from {least} {f'to {most}' if most else 'on'}"))

    return read


def flag(value: object, field: str) -> bool:
    """Read yes or no."""
    if not isinstance(value, bool):
        raise Invalid((field, "write true or false"))
    return value


def text(value: object, field: str) -> str:
    """Read words, without the spaces around them."""
    if not isinstance(value, str) or not value.strip():
        raise Invalid((field, "write a text that is not empty"))
    return value.strip()


def texts(value: object, field: str) -> frozenset[str]:
    """Read one text or more."""
    return frozenset(text(one, field) for one in _list(value, field, "texts"))


def ids(value: object, field: str) -> frozenset[UUID]:
    """Read one id or more."""
    return frozenset(_id(one, field) for one in _list(value, field, "ids"))


def dates(value: object, field: str) -> tuple[Days, ...]:
    """Read dates, and stretches of them with a start and an end, both included; in order, each once."""
    return tuple(sorted({_days(one, field) for one in _list(value, field, "dates")}))


def _list(value: object, field: str, what: str) -> list[object]:
    if not isinstance(value, list) or not value:
        raise Invalid((field, f"write a list of {what}, at least one"))
    return value


def _id(value: object, field: str) -> UUID:
    try:
        return UUID(text(value, field))
    except ValueError:
        raise Invalid((field, f'"{value}" is not an id; write it like {UUID(int=1)}')) from None


def _days(value: object, field: str) -> Days:
    match value:
        case str():
            day = parse_date(value.strip(), field=field)
            return Days(first=day, last=day)
        case {"start": str(start), "end": str(end), **rest} if not rest:
            first, last = parse_date(start.strip(), field=field), parse_date(end.strip(), field=field)
            if last < first:
                raise Invalid((field, f"{last} is before {first}; write the first date as start"))
            return Days(first=first, last=last)
    raise Invalid((field, 'write each as "YYYY-MM-DD" or as {"start": "YYYY-MM-DD", "end": "YYYY-MM-DD"}'))
