"""A clinic with buffers, fees and equipment, as often as it is wanted."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuid

from databases import copied
from deskcal.core.access import INSTALLATION, SYSTEM
from deskcal.core.clinic import CancellationPolicy, Equipment, Service
from deskcal.flows import resources, services
from deskcal.flows.asking import Asking
from deskcal.store.database import Database
from deskcal.store.embedded import Cluster
from house import House, build_house

POLICIES = (
    CancellationPolicy(free_until_hours=24, fee_cents=2500, no_show_fee_cents=4000),
    CancellationPolicy(free_until_hours=2, fee_cents=9900, no_show_fee_cents=0),
)


@dataclass(frozen=True, kw_only=True)
class Practice:
    """A house in a database to be copied, with services by name and the units of its X-ray pool."""

    cluster: Cluster
    name: str
    house: House
    services: dict[str, Service]
    units: tuple[UUID, ...]

    @classmethod
    async def build(cls, cluster: Cluster, name: str) -> "Practice":
        """Build it into an empty database of that name."""
        database = Database(cluster.url(database=name), connections=2)
        await database.open()
        house = await build_house(database)
        asking: Asking[Any] = Asking(actor=replace(SYSTEM, clinic_id=house.clinic.id), now=datetime.now(UTC))
        pool = Equipment(id=INSTALLATION, name="X-ray", type="xray", location_id=None, units=())
        pool = await resources.add_equipment(database, asking, pool, quantity=2)
        changes: dict[str, dict[str, Any]] = {
            "consult": {"buffer_after_minutes": 10},
            "exam": {"buffer_before_minutes": 5, "equipment_type": "xray", "price_cents": 9000},
            "group": {"price_cents": 2000},
        }
        changed = {
            kind: await services.change(
                database, asking, getattr(house, kind).id, fields | {"policy": POLICIES[0]}, version=None
            )
            for kind, fields in changes.items()
        }
        await database.close()
        units = tuple(unit.id for unit in pool.units)
        return cls(cluster=cluster, name=name, house=house, services=changed, units=units)

    @contextmanager
    def copy(self) -> Iterator[str]:
        """Give the URL of a copy that lasts until the end of the block."""
        with copied(self.cluster, f"{self.name}_{uuid.uuid7().hex}", template=self.name) as url:
            yield url
