"""Somebody did not come: who it was, what that costs, and whether others get the time."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from deskcal.tui.appointments.deciding import Deciding
from deskcal.tui.appointments.outline import Outline
from deskcal.tui.commands.deciding import MISSED
from deskcal.tui.spoken import money
from deskcal.wire.booking import AppointmentChange


class NoShow(Deciding):
    """The patient is meant unless somebody says otherwise, and the time is kept."""

    BINDINGS: ClassVar[list[BindingType]] = [*MISSED]
    TITLE = "No-show"
    YES = "Yes, no-show"

    _by_provider = False
    _free = False

    def compose_facts(self) -> ComposeResult:
        yield Static(markup=False, id="who")
        yield Static(markup=False, id="free")
        yield Static("u takes it back afterwards.", markup=False, classes="quiet", id="until")

    def draw(self) -> None:
        patient, provider = ("[ ]", "[x]") if self._by_provider else ("[x]", "[ ]")
        self.write("who", f"Who did not come?   {patient} p the patient   {provider} d the doctor")
        self.write("free", f"Give its time to others (g)   {'[x] yes' if self._free else '[ ] no'}")
        one = self.appointment
        if isinstance(one, Outline):
            self.answer("Yes, no-show, no fee" if self._by_provider else "Yes, no-show, fee as booked")
        elif one:
            fee = 0 if self._by_provider else one.cancellation_policy.no_show_fee_cents
            self.answer(f"Yes, no-show, fee {money(fee, one.currency)}" if fee else "Yes, no-show, no fee")

    def request(self) -> AppointmentChange:
        return AppointmentChange(
            status="no_show",
            missed_by="provider" if self._by_provider else "patient",
            free_time=self._free,
        )

    def action_patient_missed(self) -> None:
        self._by_provider = False
        self.draw()

    def action_provider_missed(self) -> None:
        self._by_provider = True
        self.draw()

    def action_give_its_time(self) -> None:
        self._free = not self._free
        self.draw()
