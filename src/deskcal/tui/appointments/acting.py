"""What any area can do with the appointment under its cursor."""

from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from textual.binding import BindingType

from deskcal.client.errors import ClientError
from deskcal.tui.appointments.changes import Decided
from deskcal.tui.appointments.changing import Changing
from deskcal.tui.commands.appointment import APPOINTMENT, OnAppointment
from deskcal.tui.memory.drafts import whose
from deskcal.tui.spoken import read_back
from deskcal.wire.booking import Appointment, AppointmentChange, AppointmentStatus
from deskcal.wire.calendar import Timeslot


class Acting(Changing):
    """An area says which appointment is meant; the rest is the same everywhere."""

    BINDINGS: ClassVar[list[BindingType]] = [*APPOINTMENT]
    _idle = frozenset[str]()

    @property
    def under_cursor(self) -> UUID | None:
        """The appointment that the commands are for."""
        return None

    @property
    def provider_under_cursor(self) -> UUID | None:
        """The provider of the appointment under the cursor."""
        meant = self.known(self.under_cursor) if self.under_cursor else None
        return meant.provider_id if meant else None

    @property
    def idle(self) -> frozenset[str]:
        """Groups of commands with nothing to act on: they are not offered, and their keys say why."""
        return frozenset() if self.under_cursor else frozenset({OnAppointment.group})

    def draw_lines(self) -> None:
        super().draw_lines()
        if self.is_mounted and self._idle != (idle := self.idle):
            self._idle = idle
            self.refresh_bindings()

    @property
    def sentence(self) -> str:
        meant = self.known(self.under_cursor) if self.under_cursor else None
        room = self.desk.rooms.get(meant.room_id) if meant and meant.room_id else None
        return read_back(meant, self.desk.zone, room=room) if meant else super().sentence

    async def open_appointment(self, appointment_id: UUID) -> None:
        """Show an appointment: at once what is known of it, then what the server answers."""
        from deskcal.tui.appointments.detail import Detail

        await self.app.push_screen(Detail(self.desk, appointment_id, self.known(appointment_id)))

    async def action_become(self, status: AppointmentStatus) -> None:
        if (which := self._which()) and (meant := self.meant(which) or await self._whole()):
            self.carry(Decided(appointment=meant, request=AppointmentChange(status=status)))

    async def action_no_show(self) -> None:
        from deskcal.tui.appointments.no_show import NoShow

        if which := self._which():
            await self.app.push_screen(NoShow(self.desk, which, self.meant(which)), self.carry)

    async def action_cancel_appointment(self) -> None:
        from deskcal.tui.appointments.cancel import Cancel

        if which := self._which():
            await self.app.push_screen(Cancel(self.desk, which, self.meant(which)), self.carry)

    async def action_move_appointment(self) -> None:
        if meant := await self._whole():
            await self.ways.move(meant)

    async def action_book_another(self) -> None:
        """Look for one more time for the same patient."""
        if (meant := await self._whole()) is None:
            return
        try:
            self.desk.errand.patient = await self.desk.patient(whose(meant))
        except ClientError as error:
            self.explain(error)
            return
        self.desk.errand.moving = None
        await self.ways.action_area("day")
        self.say(f"One more for {self.name_of(meant)}: Enter on a slot, or n, holds it. F drops the patient.")

    async def action_same_time_tomorrow(self) -> None:
        """Hold the same time of the next day for it, or the nearest there is."""
        if (meant := await self._whole()) is None:
            return
        start = self.desk.local(meant.start)
        wanted = datetime.combine(start.date() + timedelta(days=1), start.time(), self.desk.zone)
        try:
            free = await self._free_on(wanted, meant)
        except ClientError as error:
            self.explain(error)
            return
        if not free:
            self.say(f"{meant.provider_name} has nothing free on {wanted:%a %d %b}. r looks further.")
            return
        nearest = min(free, key=lambda slot: abs(slot.start - wanted))
        await self.ways.move(meant)
        await self.ways.take(nearest)
        if nearest.start != wanted:
            self.say(f"{wanted:%H:%M} is not free on {wanted:%a %d %b}: this is the nearest.")

    async def _free_on(self, wanted: datetime, meant: Appointment) -> list[Timeslot]:
        with self.desk.asking() as link:
            day = await link.calendar_day(
                wanted.date(), service_id=meant.service_id, provider_id=meant.provider_id
            )
        slots = [slot for lane in day.providers for slot in lane.timeslots]
        return [slot for slot in slots if slot.status in {"available", "limited"}]

    def _which(self) -> UUID | None:
        if self.under_cursor is None:
            self.say("Stand on an appointment first: this is about one.")
        return self.under_cursor

    async def _whole(self) -> Appointment | None:
        """Give the appointment under the cursor, asking for it where the area has only a part."""
        if (which := self._which()) is None:
            return None
        if known := self.known(which):
            return known
        try:
            with self.desk.asking() as link:
                return await link.appointment(which)
        except ClientError as error:
            self.explain(error)
            return None
