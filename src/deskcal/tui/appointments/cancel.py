"""Canceling: what it costs at this moment, why, and whether the clinic charges it."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widgets import Label, Static

from deskcal.tui.appointments.deciding import Deciding
from deskcal.tui.appointments.facts import costs_words
from deskcal.tui.commands.deciding import CANCELING
from deskcal.tui.fields import Field
from deskcal.tui.link import Link
from deskcal.tui.spoken import money
from deskcal.wire.booking import Cancellation, CancelRequest

REASONS = ("patient asked", "patient is ill", "doctor is ill", "we are closed")
BY_THE_CLINIC = 3
"""The first of REASONS that is the clinic's own: those waive the fee."""


class Cancel(Deciding):
    """Shows the server's fee and refund; there is nothing to agree to before they are known."""

    BINDINGS: ClassVar[list[BindingType]] = [*CANCELING]
    TITLE = "Cancel"
    YES = "Yes, cancel"

    _costs: Cancellation | None = None
    _waived = False

    def compose_facts(self) -> ComposeResult:
        yield Static(markup=False, id="costs")
        yield Static(markup=False, id="until", classes="quiet")
        with Horizontal(classes="entry"):
            yield Label("Reason")
            yield Field(placeholder="tab, then in your own words", id="reason")
        numbered = "   ".join(f"{n} {reason}" for n, reason in enumerate(REASONS, 1))
        yield Static(numbered, markup=False, id="reasons", classes="quiet")
        yield Static(markup=False, id="waive")

    async def fetch(self, link: Link) -> None:
        self._costs = await link.cancellation(self._appointment_id)

    def draw(self) -> None:
        costs = self._costs
        if costs is None and self.desk.connection.is_offline:
            self.write("costs", "OFFLINE: fee and refund are what they are when the server answers.")
            self.answer("Yes, cancel then")
            return
        if costs is None:
            self.write("costs", "Asking the server for fee and refund ...")
            return
        free = self.desk.local(costs.refundable_until)
        passed = self.desk.now() > costs.refundable_until
        self.write("costs", f"{costs_words(costs).capitalize()}.")
        until = "The free-cancel time passed on" if passed else "Canceling is free until"
        self.write("until", f"{until} {free:%a %d %b %H:%M}.")
        self.write("waive", f"Waive the fee (w)   {'[x] yes' if self._waived else '[ ] no'}")
        charged = costs.fee_cents if not self._waived else 0
        self.answer(
            f"Yes, cancel and charge {money(charged, costs.currency)}" if charged else "Yes, cancel, no fee"
        )

    def request(self) -> CancelRequest | None:
        if self._costs is None and not self.desk.connection.is_offline:
            self.write("problem", "One moment: the fee is not known yet.")
            return None
        reason = self.query_one("#reason", Field).value.strip()
        return CancelRequest(reason=reason or None, waive_fee=self._waived)

    def action_reason(self, number: int) -> None:
        self.query_one("#reason", Field).value = REASONS[number - 1]
        self._waived = number >= BY_THE_CLINIC
        self.draw()

    def action_waive_fee(self) -> None:
        self._waived = not self._waived
        self.draw()
