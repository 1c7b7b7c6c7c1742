"""Patients: added, changed, found."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuid

from deskcal.core.access import Actor
from deskcal.core.clinic import Patient
from deskcal.core.refusals import Invalid, NotFound
from deskcal.core.words import search_words
from deskcal.flows.asking import Asking
from deskcal.flows.editing import edited, known
from deskcal.store import patients
from deskcal.store.database import Database, WriteTx

OLDEST_BIRTH = date(1880, 1, 1)


async def add(database: Database, asking: Asking[Patient], patient: Patient) -> Patient:
    async def work(tx: WriteTx) -> Patient:
        return await added(tx, asking, patient)

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def added(tx: WriteTx, asking: Asking[Any], patient: Patient) -> Patient:
    """Add a patient within a transaction."""
    made = replace(patient, id=uuid.uuid7(), name=patient.name.strip(), created_at=asking.now)
    insist(made, asking.now.date())
    await patients.add(tx, made)
    tx.say(asking.event("patient.added", made.id))
    return made


async def change(
    database: Database,
    asking: Asking[Patient],
    patient_id: UUID,
    changes: Mapping[str, Any],
    *,
    version: int | None,
) -> Patient:
    """Change some fields. Raises PreconditionFailed when `version`, if given, is not the newest."""

    async def work(tx: WriteTx) -> Patient:
        found = known(await patients.find(tx, patient_id), "patient")
        changed = await edited(tx, found, changes, kind="patient", version=version, write=patients.change)
        insist(changed, asking.now.date())
        tx.say(asking.event("patient.changed", patient_id, fields=sorted(changes)))
        return changed

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def find(database: Database, actor: Actor, patient_id: UUID) -> Patient:
    """Look one up; a patient finds nobody but themselves."""
    async with database.read(actor.clinic_id) as tx:
        found = await patients.find(tx, patient_id)
    if found is None or actor.patient_id not in {None, patient_id}:
        raise NotFound("There is no such patient.")
    return found


async def search(
    database: Database, actor: Actor, *, query: str, after: tuple[str, UUID] | None, limit: int
) -> list[Patient]:
    """Find patients by any part of name, phone or birth date, in any order."""
    async with database.read(actor.clinic_id) as tx:
        return await patients.search(tx, search_words(query), after=after, limit=limit)


async def of_ids(database: Database, actor: Actor, ids: Sequence[UUID]) -> list[Patient]:
    """Look up those of some ids who are there."""
    async with database.read(actor.clinic_id) as tx:
        return await patients.named(tx, ids=ids, births=(), names=())


def insist(patient: Patient, today: date) -> None:
    """Raise Invalid for what cannot be a patient."""
    born = patient.date_of_birth
    if born is not None and not OLDEST_BIRTH <= born <= today:
        raise Invalid(("dateOfBirth", f"{born} cannot be a birth date"))
    if patient.email is not None and "@" not in patient.email:
        raise Invalid(("email", "an e-mail address has an @ in it"))
    if not patient.name:
        raise Invalid(("name", "a patient needs a name"))
