"""Patients: added, changed, found by any part of name, phone or birth date."""

from collections.abc import Sequence
from datetime import date
from typing import Any, LiteralString
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from deskcal.core.clinic import Patient
from deskcal.core.words import digits, folded
from deskcal.store.database import ReadTx, WriteTx

COLUMNS: LiteralString = """
select id, name, date_of_birth, phone, email, created_at, version from patients
where clinic_id = %(clinic_id)s
"""


def searchable(*, name: str, date_of_birth: date | None, phone: str | None) -> str:
    """Write down all that a patient is found by; a birth date with and without punctuation."""
    born = [date_of_birth.isoformat().replace("-", " "), f"{date_of_birth:%Y%m%d}"] if date_of_birth else []
    return " ".join([folded(name), *born, digits(phone or "")]).strip()


def _params(patient: Patient) -> dict[str, Any]:
    return {
        "id": patient.id,
        "name": patient.name,
        "date_of_birth": patient.date_of_birth,
        "phone": patient.phone,
        "email": patient.email,
        "search": searchable(name=patient.name, date_of_birth=patient.date_of_birth, phone=patient.phone),
    }


async def add(tx: WriteTx, patient: Patient) -> None:
    await tx.run(
        "insert into patients (clinic_id, id, name, date_of_birth, phone, email, search, created_at) values"
        " (%(clinic_id)s, %(id)s, %(name)s, %(date_of_birth)s, %(phone)s, %(email)s, %(search)s, %(at)s)",
        **_params(patient),
        at=patient.created_at,
    )


async def add_all(tx: WriteTx, added: Sequence[Patient]) -> None:
    await tx.run(
        "insert into patients (clinic_id, id, name, date_of_birth, phone, email, search, created_at)"
        " select %(clinic_id)s, p.* from jsonb_to_recordset(%(added)s) p(id uuid, name text,"
        "  date_of_birth date, phone text, email text, search text, at timestamptz)",
        added=Jsonb([_params(one) | {"at": one.created_at} for one in added], msgspec.json.encode),
    )


async def change(tx: WriteTx, patient: Patient, *, version: int) -> bool:
    """Write a patient as they are now; False when another change came first."""
    changed = await tx.run(
        "update patients set name = %(name)s, date_of_birth = %(date_of_birth)s, phone = %(phone)s,"
        " email = %(email)s, search = %(search)s, version = version + 1"
        " where clinic_id = %(clinic_id)s and id = %(id)s and version = %(version)s",
        **_params(patient),
        version=version,
    )
    return changed == 1


async def find(tx: ReadTx, patient_id: UUID) -> Patient | None:
    found = await tx.records(Patient, COLUMNS + " and id = %(id)s", id=patient_id)
    return found[0] if found else None


async def named(
    tx: ReadTx, *, ids: Sequence[UUID], births: Sequence[date], names: Sequence[str]
) -> list[Patient]:
    """List some patients, all who were born on some days, and those of some names without a birth date."""
    return await tx.records(
        Patient,
        COLUMNS
        + " and (id = any(%(ids)s) or date_of_birth = any(%(births)s::date[])"
        + "   or date_of_birth is null and name = any(%(names)s)) order by id",
        ids=list(ids),
        births=list(births),
        names=list(names),
    )


async def search(
    tx: ReadTx, words: Sequence[str], *, after: tuple[str, UUID] | None, limit: int
) -> list[Patient]:
    """Find the patients in whom every word occurs, by name; `after` is the last one already seen."""
    return await tx.records(
        Patient,
        COLUMNS
        + " and search like all(%(patterns)s)"
        + " and (%(name)s::text is null or (name, id) > (%(name)s, %(after)s::uuid))"
        + " order by name, id limit %(limit)s",
        patterns=[f"%{word}%" for word in words],
        name=after[0] if after else None,
        after=after[1] if after else None,
        limit=limit,
    )
