"""Services: added, changed, listed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuid

from deskcal.core.access import Actor
from deskcal.core.clinic import Service
from deskcal.flows.asking import Asking
from deskcal.flows.editing import edited, known
from deskcal.store import catalog, services
from deskcal.store.database import Database, WriteTx


async def add(database: Database, asking: Asking[Service], service: Service) -> Service:
    made = replace(service, id=uuid.uuid7(), title=service.title.strip())

    async def work(tx: WriteTx) -> Service:
        await services.add(tx, made)
        tx.say(asking.event("service.added", made.id))
        return made

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def every(database: Database, actor: Actor) -> list[Service]:
    async with database.read(actor.clinic_id) as tx:
        return await catalog.services(tx)


async def find(database: Database, actor: Actor, service_id: UUID) -> Service:
    """Look a service up. Raises NotFound."""
    async with database.read(actor.clinic_id) as tx:
        return known(await catalog.service(tx, service_id), "service")


async def change(
    database: Database,
    asking: Asking[Service],
    service_id: UUID,
    changes: Mapping[str, Any],
    *,
    version: int | None,
) -> Service:
    """Change some fields; appointments stay as they were booked, price and policy too."""

    async def work(tx: WriteTx) -> Service:
        found = known(await catalog.service(tx, service_id), "service")
        changed = await edited(tx, found, changes, kind="service", version=version, write=services.change)
        tx.say(asking.event("service.changed", service_id, fields=sorted(changes)))
        return changed

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)
