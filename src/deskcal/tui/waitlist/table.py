"""The waitlist as a table that answers for its patients: accept, decline, withdraw."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import ClassVar

from textual import work
from textual.binding import BindingType
from textual.message import Message

from deskcal.client.errors import ClientError
from deskcal.client.told import Live, Resync, Told
from deskcal.tui.commands.waitlist import WAITLIST
from deskcal.tui.desk import Desk
from deskcal.tui.names import shown
from deskcal.tui.question import Question
from deskcal.tui.table import Table
from deskcal.tui.waitlist.model import COLUMNS, entry_row
from deskcal.tui.waitlist.standing import standing
from deskcal.tui.waitlist.words import offer_words, open_offer
from deskcal.wire.realtime import Event
from deskcal.wire.waitlist import Acceptance, Answer, Entry

NOTHING = "Nobody is on the waitlist. W puts somebody on it."


class WaitlistTable(Table):
    """Who waits longest stands first. It fetches by itself; whoever shows it passes on the feed."""

    BINDINGS: ClassVar[list[BindingType]] = [*WAITLIST]

    @dataclass
    class Said(Message):
        """What came of a command."""

        words: str
        alarm: bool = False

    def __init__(self, desk: Desk, *, id: str | None = None) -> None:  # noqa: A002  Textual's own name
        super().__init__(id=id)
        self.entries: list[Entry] = []
        self._desk = desk

    @property
    def entry(self) -> Entry | None:
        """The entry under the cursor."""
        return next((one for one in self.entries if one.id == self.key), None)

    def on_mount(self) -> None:
        self.load()

    def load(self) -> None:
        self._load()

    def told(self, told: Told) -> None:
        match told:
            case Live() | Resync():
                self.load()
            case Event(type="waitlist.updated"):
                self.load()

    def draw(self) -> None:
        """Draw what reads differently now; offers run out as time passes."""
        now = self._desk.now()
        self.show(COLUMNS, [entry_row(one, self._desk, now) for one in self.entries], empty=NOTHING)

    async def action_accept(self) -> None:
        """Book what is offered, once more asked."""
        entry = self.entry
        offer = open_offer(entry, self._desk.now()) if entry else None
        if entry is None or offer is None:
            self.post_message(
                self.Said("Nothing is offered yet: a freed time that suits is offered by itself.")
            )
            return
        name, what = self._whose(entry), f"{entry.service_title} {offer_words(offer, self._desk)}"

        async def book() -> str:
            with self._desk.asking() as link:
                made = await link.accept_offer(entry.id, Acceptance(offer_id=offer.id), key=str(offer.id))
            return f"booked {made.reference} {name}, {what}"

        await self._ask("Accept the offer?", f"{name}: {what}. Enter books it.", book)

    async def action_decline(self) -> None:
        """Leave what is offered to the next in line."""
        entry = self.entry
        offer = open_offer(entry, self._desk.now()) if entry else None
        if entry is None or offer is None:
            self.post_message(self.Said("Nothing is offered that could be declined."))
            return

        name = self._whose(entry)

        async def decline() -> str:
            with self._desk.asking() as link:
                await link.decline_offer(entry.id, Answer(offer_id=offer.id), key=f"{offer.id}-no")
            return f"declined for {name}, who waits on; the next in line is asked"

        words = f"{name} waits on. Enter offers it to the next in line."
        await self._ask("Decline the offer?", words, decline)

    async def action_withdraw(self) -> None:
        """Take somebody off the waitlist."""
        entry = self.entry
        if entry is None:
            return
        name = self._whose(entry)

        async def leave() -> str:
            with self._desk.asking() as link:
                await link.leave_waitlist(entry.id)
            return f"{name} does not wait any more"

        words = f"{name}, {entry.service_title}. Enter takes them off the waitlist."
        await self._ask("Wait no longer?", words, leave)

    async def _ask(self, title: str, words: str, do: Callable[[], Awaitable[str]]) -> None:
        async def answered(agreed: bool | None) -> None:
            if not agreed:
                return
            try:
                self.post_message(self.Said(await do()))
            except ClientError as error:
                self.post_message(self.Said(str(error), alarm=True))
            self.load()

        await self.app.push_screen(Question(title, words), answered)

    def _whose(self, entry: Entry) -> str:
        return shown(entry.patient_name, private=self._desk.private)

    @work(group="waitlist", exclusive=True)
    async def _load(self) -> None:
        try:
            with self._desk.asking() as link:
                self.entries = await standing(link)
        except ClientError as error:
            self.post_message(self.Said(str(error), alarm=True))
        else:
            self.draw()
