"""What a change of clocks touches, and what another zone would change."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from deskcal.wire.shape import Shape


class HoursTouched(Shape, kw_only=True):
    """Hours on the wall clock with a part that is missing or comes twice; `minutes` is how long they last.

    Without `windowId` they are a provider's weekly hours. `edgeInside`: they begin or end within that part,
    which means the first instant after what is missing, or the first of two.
    """

    kind: Literal["provider", "room", "equipment"]
    resource_id: UUID
    name: str
    window_id: UUID | None
    window_kind: Literal["available", "unavailable", "override"] | None
    recurs: bool
    start: str
    end: str
    wall_minutes: int
    minutes: int
    edge_inside: bool


class AppointmentTouched(Shape, kw_only=True):
    """An appointment at that time; `start` and `end` are as they are shown, `across` spans the change."""

    id: UUID
    reference: str
    provider_id: UUID
    provider_name: str
    start: datetime
    end: datetime
    across: bool
    series_id: UUID | None


class ClockChange(Shape, kw_only=True):
    """Clocks go `forward` or `back` at an instant: `wallStart` to `wallEnd` is missing, or comes twice."""

    zone: str
    kind: Literal["forward", "back"]
    at: datetime
    date: date
    day_minutes: int
    wall_start: str
    wall_end: str
    name_before: str
    name_after: str
    hours: list[HoursTouched]
    appointments: list[AppointmentTouched]


class OtherTime(Shape, kw_only=True):
    """A stretch of time that another copy of the data shows otherwise; offsets are minutes from UTC."""

    zone: str
    start: datetime
    end: datetime
    offset_minutes: int
    then_minutes: int
    appointments: list[AppointmentTouched]


class ZoneData(Shape, kw_only=True):
    """A copy of the time zone data on the server's machine, and what it would change if it were used."""

    version: str | None
    place: str
    in_use: bool
    differences: list[OtherTime]


class Rezoned(Shape, kw_only=True):
    """An appointment at its moment, as it is shown now and `then`; `outside` its provider's hours then."""

    id: UUID
    reference: str
    provider_name: str
    start: datetime
    then: datetime
    outside: bool


class HoursMoved(Shape, kw_only=True):
    """Something with hours on the wall clock of the zone: a provider's weekly ones, and windows."""

    kind: Literal["provider", "room", "equipment"]
    id: UUID
    name: str
    weekly_hours: bool
    windows: int


class Rezoning(Shape, kw_only=True):
    """What another zone would change: hours begin `shiftMinutes` later, appointments look moved."""

    before: str
    after: str
    shift_minutes: int
    hours: list[HoursMoved]
    appointments: list[Rezoned]


class Rehearsal(Shape, kw_only=True):
    """`GET /v1/admin/clock-changes`: the changes of the zones, by instant, and the data they come from."""

    zones: list[str]
    changes: list[ClockChange]
    zone_data: list[ZoneData]
