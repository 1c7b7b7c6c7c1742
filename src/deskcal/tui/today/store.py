"""Today as the server knows it: everybody's appointment, the free time beside them, and who waits for it."""

import asyncio
from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from deskcal.tui.calendar.day_store import DayStore
from deskcal.tui.desk import Desk
from deskcal.tui.filters import Filter
from deskcal.tui.link import Link
from deskcal.tui.waitlist.standing import standing
from deskcal.wire.booking import Appointment
from deskcal.wire.realtime import Event
from deskcal.wire.waitlist import Entry


class TodayStore:
    """Holds one day. `changed` is called whenever it reads differently; every fetching raises ClientError."""

    def __init__(self, desk: Desk, changed: Callable[[], None]) -> None:
        self.day: date | None = None
        self.appointments: dict[UUID, Appointment] = {}
        self.entries: list[Entry] = []
        self.lanes = DayStore(desk, changed)
        self._desk = desk
        self._changed = changed

    async def load(self) -> None:
        """Fetch the clinic's day of now; what was heard of meanwhile is not forgotten."""
        day = self._desk.today
        if self.lanes.day != day:
            self.lanes.turn(day, Filter())
        with self._desk.asking() as link:
            found, self.entries, _ = await asyncio.gather(
                every_appointment(link, day), standing(link), self.lanes.load()
            )
        if day != self.day:
            self.day, self.appointments = day, {}
        self.appointments = {one.id: self._newer(one) for one in found}
        self._changed()

    async def read(self, appointment_id: UUID) -> None:
        """Fetch one appointment again."""
        with self._desk.asking() as link:
            self.put(await link.appointment(appointment_id))

    def put(self, fresh: Appointment) -> None:
        """Take an appointment as it is now."""
        if self._desk.local(fresh.start).date() == self.day:
            self.appointments[fresh.id] = self._newer(fresh)
        else:
            self.appointments.pop(fresh.id, None)
        self._changed()

    async def read_waitlist(self) -> None:
        with self._desk.asking() as link:
            self.entries = await standing(link)
        self._changed()

    def concerns(self, event: Event) -> UUID | None:
        """Tell which of today's appointments an event is about."""
        if not event.type.startswith("appointment.") or "appointmentId" not in event.payload:
            return None
        appointment_id = UUID(str(event.payload["appointmentId"]))
        start = event.payload.get("start")
        is_today = start and self._desk.local(datetime.fromisoformat(str(start))).date() == self.day
        return appointment_id if is_today or appointment_id in self.appointments else None

    def _newer(self, fresh: Appointment) -> Appointment:
        known = self.appointments.get(fresh.id, fresh)
        return known if known.version > fresh.version else fresh


async def every_appointment(link: Link, day: date) -> list[Appointment]:
    """List all appointments of a day, page after page. Raises ClientError."""
    page = await link.appointments(link.clinic.id, day=day)
    found = page.items
    while page.next_cursor is not None:
        page = await link.appointments(link.clinic.id, day=day, cursor=page.next_cursor)
        found += page.items
    return found
