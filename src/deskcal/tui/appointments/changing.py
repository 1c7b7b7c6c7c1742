"""An area that changes appointments: drawn at once, taken back when refused, queued when nobody answers."""

from uuid import UUID

from msgspec import structs

from deskcal.client.errors import Refused
from deskcal.tui.appointments.changes import Change, Decided
from deskcal.tui.appointments.outline import Meant
from deskcal.tui.appointments.statuses import WORDS, back_to
from deskcal.tui.memory.file import NotKept
from deskcal.tui.names import shown
from deskcal.tui.reception import Reception
from deskcal.tui.spoken import money
from deskcal.wire.booking import Appointment, AppointmentChange, AppointmentStatus, Canceled, CancelRequest


class Changing(Reception):
    """What is asked goes on when the area is left: the work is the application's."""

    def known(self, appointment_id: UUID) -> Appointment | None:
        """Give an appointment as it is drawn here, where the area has all of it; offline, as last listed."""
        if not self.desk.connection.is_offline:
            return None
        from deskcal.tui.appointments.lists import recalled

        return recalled(self.desk, appointment_id)

    def meant(self, appointment_id: UUID) -> Meant | None:
        """Give what is known here of an appointment, be it in outline."""
        return self.known(appointment_id)

    def draw_pending(self) -> None:
        """Draw what of `desk.changes.pending` stands here as an outline."""

    def appointment_changed(self, appointment: Appointment) -> None:
        """Draw what becomes of an appointment, before the server agrees, and as it was if it does not."""

    def carry(self, decided: Decided | None, *, undoing: bool = False) -> None:
        """Carry out what somebody decided; None is nothing."""
        if decided is None:
            return
        if meant := self.meant(decided.appointment.id):
            self.desk.changes.pending[meant.id] = _aim(decided)
            self._redrawn(structs.replace(meant, status=_aim(decided)))
        self.app.run_worker(self._carried(decided, undoing=undoing), group="changes")

    def action_undo(self) -> None:
        """Take back the last status given at this desk, unless somebody changed the appointment since."""
        last = self.desk.changes.last
        if last is None:
            self.say("Nothing to undo: no status was changed at this desk.")
        elif self.desk.connection.is_offline:
            self.say("Offline: nothing can be undone until the server answers. R tries now.", alarm=True)
        else:
            self.desk.changes.last = None
            back = AppointmentChange(status=back_to(last.was))
            self.carry(Decided(appointment=last.appointment, request=back), undoing=True)

    def name_of(self, appointment: Meant) -> str:
        return shown(appointment.patient_name, private=self.desk.private)

    async def _carried(self, decided: Decided, *, undoing: bool) -> None:
        from deskcal.tui.appointments.facts import canceled_words
        from deskcal.tui.appointments.refusal import refusal

        before, changes = decided.appointment, self.desk.changes
        now: Meant = before
        try:
            outcome = await changes.ask(self.desk, decided)
        except Refused as refused:
            now, words = await refusal(self.desk, refused, before)
            self.say(words, alarm=True)
        except NotKept as full:
            self.say(str(full), alarm=True)
        else:
            match outcome:
                case None:
                    what = f"{self.name_of(before)} {WORDS[_aim(decided)]}"
                    self.say(f"Not done yet: {what} waits in the queue (F8) until the server answers.")
                case Canceled():
                    now = outcome.appointment
                    self.say(canceled_words(outcome, self.desk))
                case Appointment():
                    now = outcome
                    self._went_on(before, now, undoing=undoing)
        if changes.pending.get(before.id) == _aim(decided):
            del changes.pending[before.id]
        self._redrawn(now)

    def _redrawn(self, meant: Meant) -> None:
        if isinstance(meant, Appointment):
            self.appointment_changed(meant)
        self.draw_pending()

    def _went_on(self, before: Meant, now: Appointment, *, undoing: bool) -> None:
        words = f"{self.name_of(now)} {WORDS[now.status]}"
        if undoing:
            self.say(f"{words} again")
            return
        self.desk.changes.last = Change(appointment=now, was=before.status)
        fee = f", fee {money(now.charged_cents, now.currency)}" if now.charged_cents else ""
        self.desk.say(f"{words}{fee}", undo=True)
        self.draw_lines()


def _aim(decided: Decided) -> AppointmentStatus:
    if isinstance(decided.request, CancelRequest):
        return "canceled"
    return decided.request.status or decided.appointment.status
