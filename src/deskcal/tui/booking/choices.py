"""A numbered list of slots: next available, several starts in one cell, and the conflict dialog."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from deskcal.tui.command import bindings
from deskcal.tui.commands.anywhere import Waitlist
from deskcal.tui.commands.lists import CHOICES, PICK
from deskcal.tui.desk import Desk
from deskcal.tui.fields import Dialog
from deskcal.tui.picks import Picks
from deskcal.tui.spoken import what_changes
from deskcal.wire.calendar import Timeslot

MOST = 9
STARTLED = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A slot and how its line reads."""

    slot: Timeslot
    words: str


class Choices(Dialog[Timeslot]):
    """Slots to take by number. Answers the one taken, or None.

    One that opens by itself, while somebody types, takes no key for the first second. `waitlist` is what `W`
    does; a slot can be taken all the same, until an earlier one comes free.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*CHOICES, *PICK, *bindings(Waitlist)]

    def __init__(
        self,
        title: str,
        choices: Sequence[Choice],
        desk: Desk,
        *,
        above: Sequence[str] = (),
        alarm: bool = False,
        unasked: bool = False,
        waitlist: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        super().__init__(classes="alarm" if alarm else "")
        self.title = title
        self._choices = choices[:MOST]
        self._above = above
        self._waitlist = waitlist
        self._now = desk.now
        self._from = desk.now() + STARTLED if unasked else datetime.min.replace(tzinfo=desk.now().tzinfo)

    def body(self) -> ComposeResult:
        for line in self._above:
            yield Static(line, markup=False, classes="line")
        yield Picks([f"{n}  {choice.words}" for n, choice in enumerate(self._choices, 1)])
        nothing = "Nothing is free near that. esc, then n looks further ahead."
        last = "Choosing one HOLDS it at once." if self._choices else nothing
        waits = " W puts on the waitlist." if self._waitlist else ""
        yield Static(last + waits, markup=False, classes="line quiet")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        return action != "waitlist" or self._waitlist is not None

    async def action_waitlist(self) -> None:
        if self._waitlist and self._now() >= self._from:
            await self._waitlist()

    def action_highlight(self, step: int) -> None:
        self.query_one(Picks).move(step)

    def on_picks_picked(self, event: Picks.Picked) -> None:
        self.action_take(event.at + 1)

    def action_take(self, number: int) -> None:
        if number <= len(self._choices) and self._now() >= self._from:
            self.dismiss(self._choices[number - 1].slot)

    def action_take_highlighted(self) -> None:
        if self._now() >= self._from:
            if not self._choices:
                self.dismiss(None)
            else:
                self.action_take((self.query_one(Picks).at or 0) + 1)

    def action_leave(self) -> None:
        if self._now() >= self._from:
            self.dismiss(None)


def plain_choice(slot: Timeslot, zone: tzinfo) -> Choice:
    """Write a slot: day, time, provider."""
    return Choice(slot=slot, words=f"{slot.start.astimezone(zone):%a %d %b  %H:%M}  {slot.provider_name}")


def compared_choice(slot: Timeslot, wanted: Timeslot, zone: tzinfo, desk: Desk) -> Choice:
    """Write a slot and what changes against the one that was wanted."""
    line = f"{slot.start.astimezone(zone):%a %d %b  %H:%M}  {slot.provider_name:<16.16}"
    return Choice(slot=slot, words=f"{line}  {what_changes(slot, wanted, zone, desk.services)}")
