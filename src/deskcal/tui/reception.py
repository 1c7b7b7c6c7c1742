"""What a reception does besides calls: walk-ins, the waitlist, who runs late, and the day on paper."""

from pathlib import Path
from uuid import UUID

from deskcal.client.errors import ClientError
from deskcal.tui.errands import Errands
from deskcal.tui.filters import Filter
from deskcal.wire.booking import Appointment
from deskcal.wire.people import Patient
from deskcal.wire.waitlist import Entry


class Reception(Errands):
    """Works in every area; its dialogs are imported when they are first wanted."""

    @property
    def under_cursor(self) -> UUID | None:
        """The appointment that is meant, if there is one under the cursor."""
        return None

    @property
    def provider_under_cursor(self) -> UUID | None:
        """The provider that is meant, if the cursor stands on anything of theirs."""
        return None

    async def action_running_late(self) -> None:
        """Ask how late the provider runs; today, unless another day is in view."""
        from deskcal.tui.late import ask_delay, note_delay

        provider_id, day = self.provider_under_cursor, self.day_in_view
        if provider_id is None:
            self.say("Stand on a doctor's lane, row or appointment first: this is about one.")
            return
        if self.desk.connection.is_offline:
            self.say("Offline: nobody can be told who runs late. R tries to connect now.", alarm=True)
            return

        async def note(minutes: int) -> None:
            try:
                self.say(await note_delay(self.desk, provider_id, day, minutes))
            except ClientError as error:
                self.explain(error)

        def answered(minutes: int | None) -> None:
            if minutes is not None:
                self.app.run_worker(note(minutes), group="delays")

        await self.app.push_screen(ask_delay(self.desk, provider_id, day), answered)

    async def action_walk_in(self) -> None:
        from deskcal.tui.walk_in import TooBusy, WalkIn, came_words, other_times

        async def answered(answer: Appointment | TooBusy | None) -> None:
            if isinstance(answer, Appointment):
                self.desk.errand.patient = None
                self.say(came_words(answer, self.desk))
            elif answer is not None:
                self.desk.errand.patient = answer.patient
                await self.app.push_screen(other_times(answer, self.desk), self._chosen)

        await self.app.push_screen(WalkIn(self.desk, self.find_patients), answered)

    async def action_waitlist(self) -> None:
        """Put on the waitlist whom the errand or the cursor means; else show who is on it.

        Of whoever was booked just now, and waits for the same, ask whether they wait on.
        """
        from deskcal.tui.waitlist.dialog import WaitlistDialog

        try:
            patient, wanted = await self._meant()
        except ClientError as error:
            self.explain(error)
            return
        entry, self.desk.errand.waits = self.desk.errand.waits, None
        if entry and (patient is None or patient.id == entry.patient_id):
            await self._ask_to_take_off(entry)
        elif patient is not None:
            await self.put_on_waitlist(patient, wanted)
        else:
            waitlist = WaitlistDialog(self.desk, self.find_patients)
            await self.app.push_screen(waitlist, lambda _: self.draw_lines())

    async def _ask_to_take_off(self, entry: Entry) -> None:
        from deskcal.tui.waitlist.off import ask_to_take_off, take_off

        async def answered(agreed: bool | None) -> None:
            if agreed:
                try:
                    self.say(await take_off(self.desk, entry))
                except ClientError as error:
                    self.explain(error)

        await self.app.push_screen(ask_to_take_off(self.desk, entry), answered)

    async def put_on_waitlist(self, patient: Patient | None, wanted: Filter) -> None:
        """Ask for whom, what and when somebody waits, as far as that is not known."""
        from deskcal.tui.waitlist.dialog import joined_words
        from deskcal.tui.waitlist.join import JoinWaitlist

        def joined(entry: Entry | None) -> None:
            if entry is not None:
                self.say(joined_words(entry, self.desk))

        join = JoinWaitlist(self.desk, self.find_patients, patient=patient, wanted=wanted)
        await self.app.push_screen(join, joined)

    async def _meant(self) -> tuple[Patient | None, Filter]:
        if self.under_cursor is None or self.desk.errand.patient is not None:
            return self.desk.errand.patient, self.desk.errand.filter
        with self.desk.asking() as link:
            found = await link.appointment(self.under_cursor)
            patient = await link.patient(found.patient_id)
        return patient, Filter(service_id=found.service_id, provider_id=found.provider_id)

    async def action_print_day(self) -> None:
        """Save the day list; where there is a printer, ask whether to print it."""
        from deskcal.tui.day_list import can_print, save_day
        from deskcal.tui.question import Question

        day = self.day_in_view
        try:
            path = await save_day(self.desk, day)
        except ClientError as error:
            self.explain(error)
            return
        except OSError as error:
            self.say(f"The day list cannot be saved: {error}", alarm=True)
            return
        self.say(f"{day:%a %d %b} saved to {path}")
        if can_print():
            question = Question("Print the day list?", f"It is saved to {path}. Enter prints it.")

            async def answered(agreed: bool | None) -> None:
                if agreed:
                    await self._print(path)

            await self.app.push_screen(question, answered)

    async def _print(self, path: Path) -> None:
        from deskcal.tui.day_list import print_file

        if await print_file(path):
            self.say(f"{path.name} is printed.")
        else:
            self.say(f"The printer refused {path.name}; it is saved to {path}.", alarm=True)
