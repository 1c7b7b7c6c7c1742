"""Rules of services: kept as type and payload, read as what judges a booking."""

from collections.abc import Iterable
from typing import Any, LiteralString
from uuid import UUID

from psycopg.types.json import Jsonb

from deskcal.core.rule import Rule
from deskcal.core.rules import payload_of
from deskcal.core.unreadable import restored
from deskcal.store.database import ReadTx, WriteTx

RULES: LiteralString = """
select service_id, id, type, payload, priority from service_rules where clinic_id = %(clinic_id)s
"""
FIRST_SPEAKS_FIRST: LiteralString = " order by priority desc, id"


def _by_service(rows: Iterable[tuple[Any, ...]]) -> dict[UUID, tuple[Rule, ...]]:
    found: dict[UUID, list[Rule]] = {}
    for service_id, id_, type_, payload, priority in rows:
        found.setdefault(service_id, []).append(restored(type_, payload, id=id_, priority=priority))
    return {service_id: tuple(rules) for service_id, rules in found.items()}


async def every(tx: ReadTx) -> dict[UUID, tuple[Rule, ...]]:
    """Read the rules of the clinic by service, the highest priority first."""
    return _by_service(await tx.rows(RULES + FIRST_SPEAKS_FIRST))


async def of(tx: ReadTx, service_id: UUID) -> tuple[Rule, ...]:
    """Read the rules of a service, the highest priority first."""
    rows = await tx.rows(
        RULES + " and service_id = %(service_id)s" + FIRST_SPEAKS_FIRST, service_id=service_id
    )
    return _by_service(rows).get(service_id, ())


async def add(tx: WriteTx, service_id: UUID, rule: Rule) -> None:
    await tx.run(
        "insert into service_rules (clinic_id, id, service_id, type, payload, priority)"
        " values (%(clinic_id)s, %(id)s, %(service_id)s, %(type)s, %(payload)s, %(priority)s)",
        id=rule.id,
        service_id=service_id,
        type=rule.type,
        payload=Jsonb(payload_of(rule)),
        priority=rule.priority,
    )


async def remove(tx: WriteTx, service_id: UUID, rule_id: UUID) -> bool:
    """Delete a rule of a service; False when it has none of that id."""
    removed = await tx.run(
        "delete from service_rules"
        " where clinic_id = %(clinic_id)s and service_id = %(service_id)s and id = %(id)s",
        id=rule_id,
        service_id=service_id,
    )
    return removed == 1
