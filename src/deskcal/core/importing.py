"""Imports: what a file can be read as, which columns fill which fields, and what becomes of each row."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from enum import StrEnum
from uuid import UUID

from deskcal.core.refusals import Invalid
from deskcal.core.words import folded

_HOLE = re.compile(r"\{([^{}]+)\}")
_MOST_NAMED = 20
_LONGEST = 1000
"""A text is cut there, which no field may be as long as."""


class ImportKind(StrEnum):
    """What the rows of a file are."""

    PATIENTS = "patients"
    PROVIDERS = "providers"
    APPOINTMENTS = "appointments"


FIELDS: Mapping[ImportKind, tuple[str, ...]] = {
    ImportKind.PATIENTS: ("name", "date_of_birth", "phone", "email", "external_id"),
    ImportKind.PROVIDERS: ("name", "specialty", "services", "location", "hours", "external_id"),
    ImportKind.APPOINTMENTS: (
        *("patient", "patient_name", "date_of_birth", "provider", "location", "service", "duration"),
        *("start", "date", "time", "status", "external_id"),
    ),
}
"""What rows can be read into. `patient` is what the other system calls them; `start` has date and time."""

DATES = frozenset({"date_of_birth", "start", "date", "time"})


class Creatable(StrEnum):
    """What rows may name that is not there yet, and have made."""

    PATIENTS = "patients"
    PROVIDERS = "providers"
    LOCATIONS = "locations"
    SERVICES = "services"


class OnConflict(StrEnum):
    """What becomes of an appointment that something is in the way of."""

    SKIP = "skip"
    NEXT_FREE = "next-free"
    FAIL = "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How the rows of an import are read, and what they may do.

    `dates` has the strptime format of a field that is not written as ISO. `spread` are minutes of the wall
    clock between which appointments without a time of day are put; with `more_providers`, what one provider
    cannot hold goes to a second of that name, and so on.
    """

    kind: ImportKind
    dates: Mapping[str, str] = field(default_factory=dict)
    spread: tuple[int, int] | None = None
    more_providers: bool = False
    create: frozenset[Creatable] = frozenset()
    on_conflict: OnConflict = OnConflict.SKIP
    outside_hours: bool = False
    """Take what lies in the past also where it is outside the hours of today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of a file: its number below the heading, counted from 1, and its texts by field."""

    number: int
    values: Mapping[str, str]


class Outcome(StrEnum):
    """What became of a row."""

    ACCEPTED = "accepted"
    MOVED = "moved"
    KNOWN = "known"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of a row: the id of what was made or was there, or the field and the reason against it.

    It names no patient, but may quote a text that could not be read.
    """

    number: int
    outcome: Outcome
    id: UUID | None = None
    start: datetime | None = None
    field: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldMap:
    """Where each field comes from: a column, several as in `{First} {Last}`, or a constant.

    `values` translates texts of a field; others stay as they are.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def over(self, words: Sequence[str]) -> "FieldMap":
        """Put `FIELD=COLUMN` and `FIELD:=value`, as they are typed, over what a mapping file says."""
        columns, constants = dict(self.columns), dict(self.constants)
        for word in words:
            name, sign, source = word.partition("=")
            name, constant = name.strip().removesuffix(":"), name.strip().endswith(":")
            if not (sign and name and source):
                raise Invalid(("map", f'write FIELD=COLUMN, or FIELD:=value for all rows, not "{word}"'))
            columns.pop(name, None)
            constants.pop(name, None)
            (constants if constant else columns)[name] = source
        return FieldMap(columns=columns, constants=constants, values=self.values)

    def fitted(self, kind: ImportKind, header: Sequence[str]) -> "FieldMap":
        """Fill fields that nothing is said about from columns of their name.

        Raises Invalid for a field or a column that is not there, naming those that are.
        """
        known = FIELDS[kind]
        for name in (*self.columns, *self.constants, *self.values):
            if name not in known:
                raise Invalid(("map", not_there(f"{kind} have no field", name, known)))
        for source in self.columns.values():
            for column in holes(source, header):
                if column not in header:
                    raise Invalid(("map", not_there("the file has no column", column, header)))
        alike = {"_".join(folded(column).split()): column for column in header}
        own = {
            name: alike[name]
            for name in known
            if name in alike and name not in self.columns and name not in self.constants
        }
        if not (own or self.columns):
            columns, fields = ", ".join(header), ", ".join(known)
            raise Invalid(
                ("map", f"say what the columns are: --map FIELD=COLUMN. Columns: {columns}. Fields: {fields}")
            )
        return FieldMap(columns={**self.columns, **own}, constants=self.constants, values=self.values)

    def read(self, record: Mapping[str, str]) -> dict[str, str]:
        """Give the texts of a row by field, without those that are empty."""
        found = dict(self.constants)
        for name, source in self.columns.items():
            text = record[source] if source in record else _HOLE.sub(lambda hole: record[hole[1]], source)
            found[name] = self.values.get(name, {}).get(text.strip(), text.strip())[:_LONGEST]
        return {name: text for name, text in found.items() if text}


def holes(source: str, header: Sequence[str]) -> list[str]:
    """List the columns that a source names."""
    return [source] if source in header else _HOLE.findall(source) or [source]


def not_there(what: str, name: str, known: Iterable[str]) -> str:
    """Say that there is nothing of a name, what is nearest, and what there is."""
    names = list(known)
    by_folded = {folded(one): one for one in names}
    near = get_close_matches(folded(name), by_folded, n=1)
    hint = f"did you mean {by_folded[near[0]]}? " if near else ""
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return f'{what} "{name}"; {hint}there are: {", ".join(names[:_MOST_NAMED]) or "none"}{more}'
