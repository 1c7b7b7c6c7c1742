"""What any area can do for the caller: find them, narrow, go to a date, find the next free slots."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from deskcal.client.errors import ClientError
from deskcal.tui.area import Area
from deskcal.tui.filters import Filter
from deskcal.tui.names import brief
from deskcal.wire.calendar import Timeslot
from deskcal.wire.people import Patient

if TYPE_CHECKING:
    from deskcal.tui.ask import Ask
    from deskcal.tui.booking.wish import Wish


class Errands(Area):
    """The errand is the desk's, so it goes with the person from area to area.

    Its dialogs are imported when they are first wanted.
    """

    @property
    def day_in_view(self) -> date:
        """The date from which to look on: the one shown, never one that is over."""
        return self.desk.today

    async def narrowed(self) -> None:
        """Show what the errand's filter leaves; it was just changed."""
        self.load()

    async def turn_to(self, day: date) -> None:
        """Go to a date."""
        await self.ways.show_day(day)

    async def action_find_patient(self) -> None:
        from deskcal.tui.ask import FindPatient
        from deskcal.tui.booking.finder import Finder

        finder = Finder(self.find_patients, debounce=self.desk.debounce)
        await self.app.push_screen(FindPatient(finder), self.for_patient)

    def for_patient(self, patient: Patient | None) -> None:
        """Let what comes next be for this patient."""
        if patient is not None:
            self.desk.errand.patient = patient
            name = brief(patient.name, private=self.desk.private)
            self.say(f"For {name}: Enter on a slot, or n, holds it. F drops the patient.")

    async def find_patients(self, text: str) -> list[Patient]:
        from deskcal.tui.patients.finding import find_patients

        return await find_patients(self.desk, text)

    async def action_go_to_date(self) -> None:
        from deskcal.tui.ask import ask_date

        await self.app.push_screen(ask_date(self.desk.today), self._gone)

    async def _gone(self, day: date | None) -> None:
        if day is not None:
            await self.turn_to(day)

    async def action_filter(self) -> None:
        await self.app.push_screen(self._ask_filter("Show only"), self._filtered)

    async def _filtered(self, chosen: Filter | None) -> None:
        if chosen is not None:
            self.desk.errand.filter = chosen
            await self.narrowed()

    async def action_clear_filters(self) -> None:
        self.desk.errand.patient = self.desk.errand.moving = None
        await self._filtered(Filter())

    async def action_book_by_words(self) -> None:
        await self.app.push_screen(self._ask_wish(), self._wished)

    def _ask_wish(self) -> "Ask[Wish]":
        from deskcal.tui.ask import Ask
        from deskcal.tui.booking.wish import read_wish, wish_words

        desk, whom = self.desk, self.desk.errand.patient

        def read(text: str) -> "tuple[Wish | None, str]":
            if not text.strip():
                return None, "patient, service, length, provider, day, am or pm; whatever is left out is any"
            wish = read_wish(
                text,
                today=desk.today,
                services=desk.services,
                providers=desk.providers,
                is_for_somebody=whom is not None,
            )
            words = wish_words(wish, desk.service_names, desk.providers, whom=whom.name if whom else "")
            return None if wish.problem else wish, words

        return Ask("Book by words", "lop mar fu 30m perez tue am", read)

    async def _wished(self, wish: "Wish | None") -> None:
        from deskcal.tui.booking.choices import MOST
        from deskcal.tui.booking.finding import wished

        if wish is None:
            return
        try:
            if wish.patient:
                found = await self.find_patients(wish.patient)
                if not found:
                    self.say(f'No patient matches "{wish.patient}". / finds them another way.', alarm=True)
                    return
                self.desk.errand.patient = found[0]
                if len(found) > 1:
                    self.say(f"{len(found)} patients match: read the birth date back.")
            slots = await wished(self.desk, wish, limit=MOST)
        except ClientError as error:
            self.explain(error)
            return
        whom = self.desk.errand.patient
        born = f"  {whom.date_of_birth}" if whom and whom.date_of_birth else ""
        if not slots:
            self.say("Nothing is free for that in two weeks. g goes further ahead, n tries there.")
        else:
            await self.choose(f"For {whom.name}{born}" if whom else "Free for that", slots)

    async def action_next_available(self) -> None:
        """Ask with whom and for what, unless it is a move: then that is known."""
        if self.desk.errand.moving:
            await self._next(self.desk.errand.filter)
        else:
            await self.app.push_screen(self._ask_filter("Next available"), self._next)

    async def _next(self, chosen: Filter | None) -> None:
        from deskcal.tui.booking.choices import MOST
        from deskcal.tui.booking.finding import next_free

        if chosen is None:
            return
        try:
            found = await next_free(self.desk, self.day_in_view, chosen, limit=MOST)
        except ClientError as error:
            self.explain(error)
            return
        if found:
            await self.choose("Next available", found)
        else:
            self.say("Nothing is free in these two weeks. g goes further ahead, n tries there.")

    async def choose(self, title: str, slots: Sequence[Timeslot]) -> None:
        """Let one of several slots be taken by its number."""
        from deskcal.tui.booking.choices import Choices, plain_choice

        choices = [plain_choice(slot, self.desk.zone) for slot in slots]
        await self.app.push_screen(Choices(title, choices, self.desk), self._chosen)

    async def _chosen(self, slot: Timeslot | None) -> None:
        if slot is not None:
            await self.ways.take(slot)

    def _ask_filter(self, title: str) -> "Ask[Filter]":
        from deskcal.tui.ask import ask_filter

        return ask_filter(title, self.desk.errand.filter, self.desk.service_names, self.desk.providers)

    def action_copy(self) -> None:
        if sentence := self.sentence:
            self.app.copy_to_clipboard(sentence)
            self.say("Copied." if self.desk.private else f"Copied: {sentence}")
        else:
            self.say("Nothing to copy yet: hold a slot, or stand on an appointment.")

    @property
    def sentence(self) -> str:
        """What `y` copies: the sentence to say back to the caller."""
        return self.desk.read_back
