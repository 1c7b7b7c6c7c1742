"""Appointments as somebody's own calendar shows them, outside the house: what they are called, and where."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from deskcal.core.booking import Appointment
from deskcal.core.clinic import Clinic
from deskcal.core.outside import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """An appointment with the words that leave the house; none of them names the patient."""

    appointment: Appointment
    title: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The names of a clinic's rooms, and of the location where each provider is."""

    clinic: Clinic
    rooms: Mapping[UUID, str]
    locations: Mapping[UUID, str]


def shared(made: Appointment, side: Side, places: Places, *, link: str | None = None) -> Shared:
    """Word an appointment for one side. A remote one is at its link, where that may be told."""
    room = places.rooms.get(made.room_id) if made.room_id else None
    location = places.locations.get(made.provider_id)
    where = ", ".join(filter(None, (room, location))) or places.clinic.name
    return Shared(
        appointment=made,
        title=f"{made.service_title} with {made.provider_name}"
        if side is Side.PATIENT
        else f"{made.service_title} {made.reference}",
        place=(link or "Online") if made.mode.is_remote else where,
    )
