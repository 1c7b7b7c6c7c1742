"""The hold panel: beside or under the living grid, from the key press to the booking."""

from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Label, Static

from deskcal.tui.booking.entered import Entered
from deskcal.tui.booking.finder import Finder
from deskcal.tui.booking.hold import Hold, Stage, clock
from deskcal.tui.commands.holding import PANEL
from deskcal.tui.desk import Desk
from deskcal.tui.fields import Field
from deskcal.tui.spoken import say_back, service_words
from deskcal.wire.people import Patient

BAR = 20
SOON = 20


class HoldPanel(Vertical):
    """Shows a hold and takes the patient and the reason. The screen does the rest."""

    BINDINGS: ClassVar[list[BindingType]] = [*PANEL]

    def __init__(self, desk: Desk, hold: Hold, finder: Finder) -> None:
        super().__init__(id="hold")
        self._desk = desk
        self._hold = hold
        self._finder = finder
        self._before = Entered()

    def compose(self) -> ComposeResult:
        yield Static(markup=False, id="what")
        yield Static(markup=False, id="time")
        yield self._finder
        with Horizontal(classes="entry"):
            yield Label("Reason")
            yield Field(id="reason")
        yield Static(markup=False, id="say")
        yield Static(markup=False, id="warnings")
        yield Button("Enter  Confirm booking", id="confirm", compact=True, action="screen.confirm")

    def open(self, hold: Hold, entered: Entered) -> None:
        """Stand beside the grid for a hold, with what was put in before."""
        self._before = entered
        self._finder.reset(entered.patient, entered.text)
        self._finder.disabled = hold.moving is not None
        self.query_one("#reason", Field).fill(entered.reason)
        self.warn([])
        self.show(hold, self._desk.now())
        self.display = True

    def close(self) -> None:
        """Go out of sight, and forget what was put in. The next hold finds it mounted."""
        self.display = False
        self._before = Entered()
        self._finder.reset(None, "")
        self.query_one("#reason", Field).fill("")
        self.warn([])

    @property
    def patient(self) -> Patient | None:
        return self._finder.chosen

    @property
    def hold_shown(self) -> Hold:
        return self._hold

    @property
    def finder(self) -> Finder:
        return self._finder

    @property
    def reason(self) -> str:
        return self.query_one("#reason", Field).value.strip()

    @property
    def entered(self) -> Entered:
        """What stands in it now."""
        text = "" if self.patient else self._finder.text
        return Entered(patient=self.patient, text=text, reason=self.reason, parked=self._before.parked)

    @property
    def room(self) -> str | None:
        """The room held, by name."""
        reservation = self._hold.reservation
        return self._desk.rooms.get(reservation.room_id) if reservation and reservation.room_id else None

    @property
    def sentence(self) -> str:
        """What to say back to the caller."""
        slot = self._hold.slot
        service = self._desk.services.get(slot.service_id)
        currency = service.currency if service else "USD"
        return say_back(self.patient, slot, self._desk.zone, room=self.room, currency=currency)

    def show(self, hold: Hold, now: datetime) -> None:
        """Draw the hold as it is now."""
        self._hold = hold
        slot = hold.slot
        what = "NOT HELD" if hold.stage is Stage.UNHELD else "MOVE" if hold.moving else "HOLD"
        self.border_title = f"{what}  {self._desk.local(slot.start):%a %d %b %H:%M}  {slot.provider_name}"
        what = service_words(self._desk.services.get(slot.service_id), slot, self.room)
        if moving := hold.moving:
            was = f"{self._desk.local(moving.start):%a %d %b %H:%M}  {moving.provider_name}"
            what = f"{moving.reference}  was {was}"
        self.query_one("#what", Static).update(what, layout=False)
        self.query_one("#say", Static).update(f'Say: "{self.sentence}"')
        self.tick(now)

    def tick(self, now: datetime) -> None:
        """Let time pass."""
        hold = self._hold
        left = hold.seconds_left(now)
        self.query_one("#time", Static).update(time_words(hold, left), layout=False)
        self.set_class(hold.stage is Stage.LAPSED or (hold.stage is Stage.HELD and left <= SOON), "soon")
        button = self.query_one("#confirm", Button)
        button.disabled = hold.stage is not Stage.HELD
        button.label = _BUTTON.get(
            hold.stage, "Enter  Confirm move" if hold.moving else "Enter  Confirm booking"
        )

    def warn(self, warnings: list[str]) -> None:
        """Show what to mind about this patient on this day."""
        lines = self.query_one("#warnings", Static)
        lines.update("\n".join(f"! {line}" for line in warnings))
        lines.display = bool(warnings)


_BUTTON = {
    Stage.UNHELD: "ctrl+s  Keep it for later",
    Stage.PENDING: "asking for the slot",
    Stage.CONFIRMING: "booking",
    Stage.LAPSED: "Confirm is off: hold again first",
    Stage.REFUSED: "Not held",
}


def time_words(hold: Hold, left: int) -> str:
    """Say how long the hold lasts, with a bar, or what to do when it does not any more."""
    match hold.stage:
        case Stage.UNHELD:
            return "OFFLINE: not held, not booked"
        case Stage.PENDING:
            return "Asking the server for this slot"
        case Stage.REFUSED:
            return "Not held"
        case Stage.LAPSED:
            return "0:00  The hold ran out. Enter or ctrl+r holds it again."
        case Stage.CONFIRMING:
            return "Booking, one moment"
    whole = hold.reservation.ttl_seconds if hold.reservation else left
    filled = min(BAR, round(BAR * left / max(1, whole)))
    soon = "SOON " if left <= SOON else ""
    return f"Held for you {clock(left)} {soon}{'#' * filled}{'-' * (BAR - filled)}"
