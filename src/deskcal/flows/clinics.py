"""Clinics: made, listed, changed."""

from collections.abc import Mapping
from typing import Any

import uuid_utils.compat as uuid

from deskcal.core.access import Actor
from deskcal.core.clinic import Clinic
from deskcal.core.localtime import find_zone
from deskcal.core.refusals import Invalid
from deskcal.core.words import slug
from deskcal.flows.asking import Asking
from deskcal.flows.editing import edited, known
from deskcal.store import appointments, clinics
from deskcal.store.database import Database, WriteTx


async def create(
    database: Database, asking: Asking[Clinic], *, name: str, timezone: str, wanted_slug: str | None
) -> Clinic:
    """Make a clinic. Raises Invalid for an unknown zone or a slug that is taken."""
    find_zone(timezone)
    made = Clinic(
        id=uuid.uuid7(), slug=wanted_slug or slug(name) or "clinic", name=name.strip(), timezone=timezone
    )

    async def work(tx: WriteTx) -> Clinic:
        if not await clinics.add(tx, made):
            raise Invalid(("slug", f"{made.slug} is taken by another clinic; choose another with --slug"))
        tx.say(asking.event("clinic.created", made.id))
        return made

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def every(database: Database, actor: Actor, *, installation: bool) -> list[Clinic]:
    """List the actor's clinic, or all of the installation."""
    async with database.read(actor.clinic_id, installation=installation) as tx:
        return await clinics.every(tx)


async def find(database: Database, actor: Actor) -> Clinic:
    """Give the actor's clinic. Raises NotFound."""
    async with database.read(actor.clinic_id) as tx:
        return known(await clinics.own(tx), "clinic")


async def change(
    database: Database, asking: Asking[Clinic], changes: Mapping[str, Any], *, version: int | None
) -> Clinic:
    """Change some fields of the actor's clinic. In another zone hours are read anew; appointments stay."""
    if "timezone" in changes:
        find_zone(changes["timezone"])

    async def work(tx: WriteTx) -> Clinic:
        found = known(await clinics.own(tx), "clinic")
        changed = await edited(tx, found, changes, kind="clinic", version=version, write=clinics.change)
        if "timezone" in changes:
            await appointments.show_in_zone(tx, location_id=None, now=asking.now)
        tx.say(asking.event("clinic.changed", changed.id, fields=sorted(changes)))
        return changed

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)
