"""Services, written: the catalogue reads them."""

from typing import Any

from deskcal.core.clinic import Service
from deskcal.store.database import WriteTx


def _params(service: Service) -> dict[str, Any]:
    return {
        "id": service.id,
        "title": service.title,
        "description": service.description,
        "duration": service.duration_minutes,
        "step": service.slot_step_minutes,
        "before": service.buffer_before_minutes,
        "after": service.buffer_after_minutes,
        "capacity": service.capacity,
        "price": service.price_cents,
        "currency": service.currency,
        "modality": service.modality,
        "room_type": service.room_type,
        "room_features": sorted(service.room_features),
        "equipment_type": service.equipment_type,
        "equipment_units": service.equipment_units,
        "free_until": service.policy.free_until_hours,
        "fee": service.policy.fee_cents,
        "no_show_fee": service.policy.no_show_fee_cents,
    }


async def add(tx: WriteTx, made: Service) -> None:
    """Write a service, but for its rules."""
    await tx.run(
        "insert into services (clinic_id, id, title, description, duration_minutes, slot_step_minutes,"
        " buffer_before_minutes, buffer_after_minutes, capacity, price_cents, currency, modality, room_type,"
        " room_features, equipment_type, equipment_units, free_until_hours, fee_cents, no_show_fee_cents)"
        " values (%(clinic_id)s, %(id)s, %(title)s, %(description)s, %(duration)s, %(step)s, %(before)s,"
        " %(after)s, %(capacity)s, %(price)s, %(currency)s, %(modality)s, %(room_type)s, %(room_features)s,"
        " %(equipment_type)s, %(equipment_units)s, %(free_until)s, %(fee)s, %(no_show_fee)s)",
        **_params(made),
    )


async def change(tx: WriteTx, changed: Service, *, version: int) -> bool:
    """Write a service as it is now, but for its rules; False when another change came first."""
    count = await tx.run(
        "update services set title = %(title)s, description = %(description)s,"
        " duration_minutes = %(duration)s, slot_step_minutes = %(step)s, buffer_before_minutes = %(before)s,"
        " buffer_after_minutes = %(after)s, capacity = %(capacity)s, price_cents = %(price)s,"
        " currency = %(currency)s, modality = %(modality)s, room_type = %(room_type)s,"
        " room_features = %(room_features)s, equipment_type = %(equipment_type)s,"
        " equipment_units = %(equipment_units)s, free_until_hours = %(free_until)s, fee_cents = %(fee)s,"
        " no_show_fee_cents = %(no_show_fee)s, version = version + 1"
        " where clinic_id = %(clinic_id)s and id = %(id)s and version = %(version)s",
        **_params(changed),
        version=version,
    )
    return count == 1
