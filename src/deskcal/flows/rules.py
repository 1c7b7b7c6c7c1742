"""Rules of services: added, listed, removed."""

from collections.abc import Mapping
from uuid import UUID

import uuid_utils.compat as uuid

from deskcal.core.access import Actor
from deskcal.core.refusals import Invalid, NotFound
from deskcal.core.rule import Rule
from deskcal.core.rules import AllowedProvider, read_rule
from deskcal.flows.asking import Asking
from deskcal.flows.editing import known
from deskcal.store import catalog, service_rules
from deskcal.store.database import Database, ReadTx, WriteTx


async def every(database: Database, actor: Actor, service_id: UUID) -> tuple[Rule, ...]:
    """List the rules of a service, the highest priority first. Raises NotFound."""
    async with database.read(actor.clinic_id) as tx:
        known(await catalog.service(tx, service_id), "service")
        return await service_rules.of(tx, service_id)


async def add(
    database: Database,
    asking: Asking[Rule],
    service_id: UUID,
    *,
    type_: str,
    payload: Mapping[str, object],
    priority: int,
) -> Rule:
    """Give a service a rule. Raises Invalid, naming each key of the payload that cannot be used."""
    rule = read_rule(type_, payload, id=uuid.uuid7(), priority=priority)

    async def work(tx: WriteTx) -> Rule:
        known(await catalog.service(tx, service_id), "service")
        if isinstance(rule, AllowedProvider):
            await _insist_providers(tx, rule)
        await service_rules.add(tx, service_id, rule)
        tx.say(asking.event("service.rule_added", service_id, ruleId=rule.id))
        return rule

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def remove(database: Database, asking: Asking[Rule], service_id: UUID, rule_id: UUID) -> Rule:
    """Take a rule away from a service. Raises NotFound."""

    async def work(tx: WriteTx) -> Rule:
        gone = next((one for one in await service_rules.of(tx, service_id) if one.id == rule_id), None)
        if gone is None or not await service_rules.remove(tx, service_id, rule_id):
            raise NotFound("There is no such rule of this service.")
        tx.say(asking.event("service.rule_removed", service_id, ruleId=rule_id))
        return gone

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def _insist_providers(tx: ReadTx, rule: AllowedProvider) -> None:
    unknown = rule.provider_ids - {provider.id for provider in await catalog.providers(tx)}
    if unknown:
        listed = ", ".join(sorted(map(str, unknown)))
        raise Invalid(("payload.provider_ids", f"there is no such provider: {listed}"))
