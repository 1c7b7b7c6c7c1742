"""Availability windows of providers, rooms and equipment on the wire."""

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from deskcal.wire.booking import Appointment
from deskcal.wire.shape import Request, Shape

Reason = Annotated[str, Meta(max_length=500)]


class Window(Shape, kw_only=True):
    """`start` and `end` are RFC 3339, or local dates where it is all day, the last one inclusive.

    With `recurrence_rule` they are those of the first of a series. Patients are told no `reason`.
    """

    id: UUID
    kind: Literal["available", "unavailable", "override"]
    start: str
    end: str
    all_day: bool
    recurrence_rule: str | None
    reason: str | None
    source: Literal["manual", "imported"]


class NewWindow(Request, kw_only=True):
    """A window to add; `recurrence_rule` as iCalendar writes it, `FREQ=WEEKLY;BYDAY=MO`."""

    kind: Literal["available", "unavailable", "override"]
    start: str
    end: str
    all_day: bool = False
    recurrence_rule: Annotated[str, Meta(min_length=1, max_length=2000)] | None = None
    reason: Reason | None = None
    idempotency_key: str | None = None


class WindowChanged(Shape, kw_only=True):
    """A window that was added or removed, and the coming appointments that lie outside the hours by that.

    They stay booked.
    """

    window: Window
    appointments: list[Appointment]
