"""Surveys of rows that a test makes up: a provider's own, and those of each room."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from deskcal.core.clinic import Provider, Room, Service
from deskcal.core.lane import Rows, slots
from deskcal.core.localtime import local_day
from deskcal.core.session import in_force
from deskcal.core.slot import Busy, Slot
from deskcal.core.span import Span
from deskcal.core.survey import Survey


def survey_of(
    *,
    provider: Provider,
    service: Service,
    window: Span,
    busy: Sequence[Busy],
    rooms: Mapping[UUID, Sequence[Busy]],
    now: datetime,
) -> Survey:
    """Look at a stretch of time of a clinic that has these rooms, of the type that the service asks for."""
    taken = {provider.id: in_force(busy, now)} | {room: in_force(rows, now) for room, rows in rooms.items()}
    kind = service.room_type or ""
    return Survey(
        service=service,
        rooms=[
            Room(id=room, name=f"Room {number}", type=kind, location_id=None)
            for number, room in enumerate(rooms, 1)
        ],
        equipment=(),
        window=window,
        sight=Rows(taken=taken),
        now=now,
    )


def lane_of(
    *,
    provider: Provider,
    service: Service,
    day: date,
    busy: Sequence[Busy],
    rooms: Mapping[UUID, Sequence[Busy]],
    now: datetime,
) -> tuple[Slot, ...]:
    """Give the slots of a provider's local day."""
    window = local_day(day, provider.zone)
    survey = survey_of(provider=provider, service=service, window=window, busy=busy, rooms=rooms, now=now)
    return slots(survey, survey.of(provider))
