"""Availability windows of providers, rooms and equipment on the wire."""

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, field

from deskcal.wire.booking import Appointment
from deskcal.wire.shape import Request, Shape

MOST_TEXT = 5_000_000
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


class NewCalendarImport(Request, kw_only=True):
    """A calendar as iCalendar, whose busy times a provider gets; `from` and `until` are local dates.

    `replace` takes away what is not in it any more. Titles are not kept unless `keepTitles` says so.
    """

    text: Annotated[str, Meta(max_length=MOST_TEXT)]
    first: str | None = field(default=None, name="from")
    until: str | None = None
    replace: bool = False
    keep_titles: bool = False
    dry_run: bool = False
    idempotency_key: str | None = None


class ImportedEvent(Shape, kw_only=True):
    """What came of the event at a line of the file; `windows` counts those that it has now."""

    uid: str | None
    line: int | None
    verdict: Literal["imported", "changed", "unchanged", "removed", "skipped", "refused"]
    reason: str | None
    start: str | None
    windows: int


class CalendarImported(Shape, kw_only=True):
    """What came of each event, and the coming appointments that clash with new ones; they stay booked."""

    events: list[ImportedEvent]
    appointments: list[Appointment]


class WindowChanged(Shape, kw_only=True):
    """A window that was added or removed, and the coming appointments that lie outside the hours by that.

    They stay booked.
    """

    window: Window
    appointments: list[Appointment]
