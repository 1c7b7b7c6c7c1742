"""Imports on the wire: a file read in some way, its rows, and what became of them."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from deskcal.wire.catalog import Times
from deskcal.wire.shape import Request, Shape

MOST_ROWS, MOST_CHECKED = 500, 3000

KindName = Literal["patients", "providers", "appointments"]
CreatableName = Literal["patients", "providers", "locations", "services"]
OutcomeName = Literal["accepted", "moved", "known", "refused"]
OnConflictName = Literal["skip", "next-free", "fail"]
Text = Annotated[str, Meta(max_length=1000)]
Number = Annotated[int, Meta(ge=1, le=100_000_000)]


class Mapping(Request, kw_only=True):
    """Which column each field comes from, what it is where it is the same for all, and translated texts."""

    columns: dict[str, Text] = msgspec.field(default_factory=dict)
    constants: dict[str, Text] = msgspec.field(default_factory=dict)
    values: dict[str, dict[str, Text]] = msgspec.field(default_factory=dict)


class Terms(Request, kw_only=True):
    """How rows are read and what they may do.

    `dates` has strptime formats by field. Appointments without a time of day are put between the times of
    `spread`; `more_providers` makes a second provider of a name for those that one cannot hold.
    """

    kind: KindName
    dates: dict[str, Annotated[str, Meta(min_length=2, max_length=60)]] = msgspec.field(default_factory=dict)
    spread: Times | None = None
    more_providers: bool = False
    create: list[CreatableName] = msgspec.field(default_factory=list)
    on_conflict: OnConflictName = "skip"
    outside_hours: Literal["refuse", "allow"] = "refuse"


class NewImport(Request, kw_only=True):
    """An import to begin, or to go on with: the same file, mapping and terms are the same import."""

    file_name: Annotated[str, Meta(min_length=1, max_length=255)]
    file_hash: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
    terms: Terms
    mapping: Mapping = msgspec.field(default_factory=Mapping)
    idempotency_key: str | None = None


class Row(Request, kw_only=True):
    """A row by its number, counted from 1, and its texts by field."""

    number: Number
    values: dict[str, Text]


class Rows(Request, kw_only=True):
    """The next rows of an import, in order."""

    rows: Annotated[list[Row], Meta(min_length=1, max_length=MOST_ROWS)]
    idempotency_key: str | None = None


class Check(Request, kw_only=True):
    """Rows to judge together without taking any."""

    terms: Terms
    rows: Annotated[list[Row], Meta(min_length=1, max_length=MOST_CHECKED)]


class Verdict(Shape, kw_only=True, omit_defaults=True):
    """What became of a row: `id` is of what was made or was there, `start` of what got another time."""

    number: int
    outcome: OutcomeName
    id: UUID | None = None
    start: datetime | None = None
    field: str | None = None
    reason: str | None = None


class Verdicts(Shape, kw_only=True):
    """What became of each row, by number."""

    verdicts: list[Verdict]


class Import(Shape, kw_only=True):
    """An import; `taken` rows are done, so many of them by outcome."""

    id: UUID
    kind: KindName
    file_name: str
    state: Literal["running", "finished", "reverting", "reverted"]
    taken: int
    accepted: int
    moved: int
    known: int
    refused: int
    on_conflict: OnConflictName
    created_at: datetime
    updated_at: datetime


class RevertRequest(Request, kw_only=True):
    """Take an import back, or only say what would become of it."""

    dry_run: bool = False
    idempotency_key: str | None = None


class Staying(Shape, kw_only=True):
    """Something that an import made and that stays."""

    kind: Literal["appointment", "patient", "provider", "service", "location"]
    id: UUID
    reason: str


class Reverted(Shape, kw_only=True):
    """What a step took back, and at the end what stays; with `more` ask again."""

    appointments: int
    patients: int
    providers: int
    services: int
    locations: int
    staying: list[Staying]
    more: bool


class Imported(Shape, kw_only=True):
    """What became of a file, as the command line tells it: the counts, and rows refused or moved.

    `import_id` is None of a dry run, and where all was taken back.
    """

    import_id: UUID | None
    accepted: int
    moved: int
    known: int
    refused: int
    verdicts: list[Verdict]
