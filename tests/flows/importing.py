"""An admin who imports rows, and what there is of a clinic before and after."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg

from deskcal.core.access import SYSTEM
from deskcal.core.importing import Creatable, ImportKind, Line, Terms, Verdict
from deskcal.flows import imports
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board
from deskcal.flows.imports import Source
from deskcal.store.database import Database
from house import House

ALL = frozenset(Creatable)
STATE = """
select 'occupancy', count(*),
  md5(coalesce(string_agg(resource_id || during::text, ',' order by resource_id, during), '')) from occupancy
union all select 'appointments', count(*), '' from appointments where status <> 'canceled'
union all select 'patients', count(*), '' from patients
union all select 'providers', count(*), '' from providers where retired_at is null
union all select 'services', count(*), '' from services where retired_at is null
union all select 'locations', count(*), '' from locations where retired_at is null
union all select 'external_ids', count(*), '' from external_ids order by 1
"""


class Importer:
    """An admin who imports rows."""

    def __init__(self, database: Database, house: House) -> None:
        self.board, self.house = Board(database), house
        self.batch: UUID | None = None

    @property
    def asking(self) -> Asking[Any]:
        return Asking(actor=replace(SYSTEM, clinic_id=self.house.clinic.id), now=datetime.now(UTC))

    async def take(self, terms: Terms, *rows: dict[str, str], name: str = "a") -> list[Verdict]:
        source = Source(file_name="x.csv", file_hash=name * 64, mapping={}, terms=terms)
        self.batch = (await imports.begin(self.board.database, self.asking, source)).id
        return await imports.take(self.board, self.asking, self.batch, lines(rows))

    async def check(self, terms: Terms, *rows: dict[str, str]) -> list[Verdict]:
        return await imports.check(self.board, self.asking, terms, lines(rows))

    def visit(self, start: datetime | str, *, patient: int = 0, **texts: str) -> dict[str, str]:
        """Spell a row of one of the house's patients with Dr. Perez, at a time of the clinic's clock."""
        at = start if isinstance(start, str) else start.strftime("%Y-%m-%d %H:%M")
        whom = self.house.patients[patient]
        row = {"patient_name": whom.name, "date_of_birth": str(whom.date_of_birth), "start": at}
        return row | {"provider": "dr jose perez", "service": "consult"} | texts


def lines(rows: Sequence[dict[str, str]], first: int = 1) -> list[Line]:
    return [Line(number=number, values=row) for number, row in enumerate(rows, first)]


def visits(**terms: Any) -> Terms:
    return Terms(kind=ImportKind.APPOINTMENTS, **terms)


def outcomes(verdicts: Sequence[Verdict]) -> list[str]:
    return [one.outcome.value for one in verdicts]


def counted(database_url: str) -> list[tuple[Any, ...]]:
    """Count what there is, and tell what is taken by one word."""
    with psycopg.connect(database_url) as owner:
        return owner.execute(STATE).fetchall()
