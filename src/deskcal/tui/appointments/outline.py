"""An appointment as far as the day tells of it: enough to say how it goes on without asking for the rest."""

from datetime import datetime
from typing import TypeAlias, cast
from uuid import UUID

import msgspec

from deskcal.wire.booking import Appointment, AppointmentStatus
from deskcal.wire.calendar import DayAppointment, Lane


class Outline(msgspec.Struct, frozen=True, kw_only=True):
    """What the day says of an appointment, by the names that it has in the whole."""

    id: UUID
    reference: str
    patient_id: UUID
    patient_name: str
    provider_id: UUID
    provider_name: str
    service_title: str
    start: datetime
    end: datetime
    status: AppointmentStatus
    version: int


Meant: TypeAlias = Appointment | Outline


def outline_of(one: DayAppointment, lane: Lane) -> Outline:
    """Give an appointment of a lane."""
    return Outline(
        id=one.id,
        reference=one.reference,
        patient_id=one.patient_id,
        patient_name=one.patient_name,
        provider_id=lane.provider.id,
        provider_name=lane.provider.name,
        service_title=one.service_title,
        start=one.start,
        end=one.end,
        status=cast("AppointmentStatus", one.status),
        version=one.version,
    )
