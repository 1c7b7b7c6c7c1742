"""Availability windows: times besides the weekly hours at which a resource is there, or is not."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID


class WindowKind(StrEnum):
    """What a window does to the hours: adds time, takes it away, or stands in place of the weekly hours."""

    AVAILABLE = "available"
    UNAVAILABLE = "unavailable"
    OVERRIDE = "override"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """`start` and `end` are naive wall-clock times of the resource's zone; the first of a series, where `rule` is given.

    An all-day window begins and ends at midnight, the end behind the last day. `rule` is what `read_rule` gave:
    lines of RRULE, EXDATE and RDATE.
    """

    id: UUID
    kind: WindowKind
    start: datetime
    end: datetime
    all_day: bool = False
    rule: str | None = None
    reason: str | None = None
    source: Literal["manual", "imported"] = "manual"
