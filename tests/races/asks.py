"""The requests that desks send, with a house's ids filled in."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from deskcal.core.clinic import Provider, Service
from deskcal.core.slot import slot_id
from house import House
from races.callers import Ask


def look(provider: Provider, service: Service, day: date) -> Ask:
    path = f"/v1/providers/{provider.id}/availability?serviceId={service.id}&date={day}"
    return Ask(method="GET", path=path, body={})


def hold(
    provider: Provider,
    service: Service,
    start: datetime,
    *,
    patient_id: UUID | None = None,
    room_id: UUID | None = None,
    moving: str | None = None,
    key: str | None = None,
) -> Ask:
    body = {
        "providerId": str(provider.id),
        "serviceId": str(service.id),
        "timeslotId": slot_id(provider.id, service.id, start),
    } | ({"appointmentId": moving} if moving else {})
    return Ask(path="/v1/reservations", body=body | _ids(patientId=patient_id, roomId=room_id), key=key)


def hold_any(service: Service, start: datetime) -> Ask:
    """Hold a slot with whoever is best."""
    body = {"providerId": "any", "serviceId": str(service.id), "start": start.isoformat()}
    return Ask(path="/v1/reservations", body=body)


def book(
    house: House,
    provider: Provider,
    service: Service,
    start: datetime,
    *,
    patient_id: UUID,
    room_id: UUID | None = None,
    overbook: str | None = None,
    key: str | None = None,
) -> Ask:
    body: dict[str, Any] = {
        "providerId": str(provider.id),
        "serviceId": str(service.id),
        "patientId": str(patient_id),
        "start": start.isoformat(),
    }
    if overbook:
        body["overbook"] = {"reason": overbook}
    path = f"/v1/clinics/{house.clinic.id}/appointments"
    return Ask(path=path, body=body | _ids(roomId=room_id), key=key)


def confirm(token: str, *, patient_id: UUID | None = None, key: str | None = None) -> Ask:
    body = {"reservationToken": token} | _ids(patientId=patient_id)
    return Ask(path="/v1/bookings", body=body, key=key)


def confirm_all(patients: Mapping[str, UUID], *, key: str | None = None) -> Ask:
    """Confirm several holds together; the mapping is from tokens."""
    items = [{"reservationToken": token} | _ids(patientId=who) for token, who in patients.items()]
    return Ask(path="/v1/bookings/batch", body={"items": items}, key=key)


def renew(token: str, *, key: str) -> Ask:
    return Ask(path=f"/v1/reservations/{token}/renew", body={}, key=key)


def release(token: str) -> Ask:
    return Ask(method="DELETE", path=f"/v1/reservations/{token}", body={})


def change(house: House, appointment_id: str, seen: int | str, **changes: str) -> Ask:
    path = f"/v1/clinics/{house.clinic.id}/appointments/{appointment_id}"
    return Ask(method="PATCH", path=path, body=changes, seen=seen)


def cancel(appointment_id: str, seen: int | None = None) -> Ask:
    return Ask(path=f"/v1/appointments/{appointment_id}/cancel", body={"reason": "ill"}, seen=seen)


def reschedule(appointment_id: str, token: str, seen: int | None = None) -> Ask:
    body = {"reservationToken": token}
    return Ask(path=f"/v1/appointments/{appointment_id}/reschedule", body=body, seen=seen)


def _ids(**ids: UUID | None) -> dict[str, str]:
    return {name: str(value) for name, value in ids.items() if value is not None}
