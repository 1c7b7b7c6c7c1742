"""The queue: what waits for the server, what came of it, and drafts."""

import asyncio
from collections.abc import Hashable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar
from uuid import UUID

from msgspec import structs
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.events import Resize, ScreenResume

from deskcal.client.errors import ClientError
from deskcal.tui.appointments.acting import Acting
from deskcal.tui.booking.choices import Choices, compared_choice
from deskcal.tui.commands.queue import QUEUE
from deskcal.tui.desk import Desk
from deskcal.tui.memory.drafts import Draft
from deskcal.tui.memory.file import PRINTED
from deskcal.tui.memory.intents import Book, Intent, Move, State
from deskcal.tui.memory.replay import CHANGED
from deskcal.tui.question import Question
from deskcal.tui.queue.rows import rows
from deskcal.tui.queue.words import Entry, Sorted, about_words, detail_words, kind_words, sheet, sort
from deskcal.tui.table import Table
from deskcal.wire.calendar import Timeslot

MARKED = timedelta(seconds=3)
EMPTY = "While the server is away, what you decide waits here. ctrl+s keeps a draft."
PROMISE = "Sent again, an item still happens once. The order of one patient is kept."


class QueueScreen(Acting):
    """Reads the queue anew every second: other desks of this machine share it."""

    BINDINGS: ClassVar[list[BindingType]] = [*QUEUE]
    AREA = "queue"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.listed = Sorted(waiting=(), verdicts=(), drafts=())
        self._changed: dict[Hashable, datetime] = {}

    def body(self) -> ComposeResult:
        yield Table(id="queue")

    @property
    def table(self) -> Table:
        return self.query_one("#queue", Table)

    @property
    def entry(self) -> Entry | None:
        """What the cursor stands on."""
        key = self.table.key
        return next((entry for entry in self.listed.all if entry.id == key), None)

    @property
    def under_cursor(self) -> UUID | None:
        entry = self.entry
        return entry.appointment_id if isinstance(entry, Intent) else None

    @property
    def sentence(self) -> str:
        return sheet(self.listed, self.desk)

    def on_mount(self) -> None:
        self.set_focus(self.table)
        super().on_mount()

    def on_screen_resume(self, event: ScreenResume) -> None:
        self.draw()
        super().on_screen_resume(event)

    def on_resize(self, event: Resize) -> None:
        super().on_resize(event)
        self.call_after_refresh(self.draw)

    def on_table_moved(self) -> None:
        self.draw_lines()

    async def on_table_opened(self) -> None:
        await self.action_open()

    def tick(self) -> None:
        self.draw()
        super().tick()

    def hide_names(self) -> None:
        self.draw()
        super().hide_names()

    def load(self) -> None:
        self.ways.send_queue()

    def draw(self) -> None:
        """Draw the queue as it is now; what changed a moment ago is marked."""
        memory, now = self.desk.memory, self.desk.now()
        before = {entry.id: entry for entry in self.listed.all}
        self.listed = sort(memory.intents.all(), memory.drafts.all())
        for entry in self.listed.all:
            if before and entry != before.get(entry.id):
                self._changed[entry.id] = now
        changed = frozenset(key for key, at in self._changed.items() if now - at < MARKED)
        columns, drawn = rows(self.listed, self.desk, self.size.width)
        self.table.show(columns, drawn, changed=changed, empty=EMPTY)
        if self.is_current:
            self._note_shown()

    def _note_shown(self) -> None:
        for one in self.listed.verdicts:
            if one.state is State.DONE and not one.shown:
                self.desk.memory.intents.put(structs.replace(one, shown=True))

    def lines(self) -> Mapping[str, Content]:
        counts, drafts = self.desk.memory.intents.counts(), len(self.listed.drafts)
        parts = (
            (counts.waiting, "waiting, nothing of it is done yet"),
            (counts.needs_you, "needs you"),
            (drafts, "draft" if drafts == 1 else "drafts"),
        )
        words = "   ".join(f"{count} {what}" for count, what in parts if count)
        entry = self.entry
        return {
            "period": Content.styled(words or "Nothing waits.", "bold"),
            "detail": Content(detail_words(entry, self.desk) if entry else ""),
            "legend": Content(PROMISE),
        }

    async def action_open(self) -> None:
        """Take up a draft, decide what needs it, or open the appointment."""
        match self.entry:
            case Draft() as draft:
                await self.ways.take_up(draft)
            case Intent(state=State.NEEDS_YOU) as intent:
                await self._decide(intent)
            case Intent(appointment_id=UUID() as which):
                await self.open_appointment(which)
            case Intent() as intent:
                await self._edit(intent)

    async def action_edit(self) -> None:
        match self.entry:
            case Draft() as draft:
                await self.ways.take_up(draft)
            case Intent() as intent:
                await self._edit(intent)

    async def action_discard(self) -> None:
        """Drop an entry, after asking; a verdict that was read goes at once."""
        entry = self.entry
        if entry is None:
            return
        if isinstance(entry, Intent) and entry.state is State.DONE:
            self._discard(entry)
            return
        what = f"{kind_words(entry)} {about_words(entry, self.desk)}"
        sent = isinstance(entry, Intent) and entry.sent and entry.state is not State.NEEDS_YOU
        maybe = " It may have reached the server already: look before you do it again." if sent else ""

        def agreed(yes: bool | None) -> None:
            if yes:
                self._discard(entry)

        await self.app.push_screen(
            Question("Discard?", f"{what}\nEnter drops it, esc keeps it.{maybe}"), agreed
        )

    def _discard(self, entry: Entry) -> None:
        memory = self.desk.memory
        if isinstance(entry, Draft):
            memory.drafts.discard(entry.id)
        elif not memory.intents.discard(entry.id):
            self.say("It is being sent at this moment; its verdict comes here.")
        self.draw()

    def action_reload(self) -> None:
        """Try now: to reach the server, or again what it refused."""
        intent = self.entry
        if isinstance(intent, Intent) and intent.state is State.NEEDS_YOU:
            self.desk.memory.intents.put(intent.again())
            self.draw()
        super().action_reload()

    async def action_print_queue(self) -> None:
        folder = self.desk.memory.folder
        if folder is None:
            self.say("There is no data folder to write to.", alarm=True)
            return
        path = folder / PRINTED
        try:
            await asyncio.to_thread(_write, path, sheet(self.listed, self.desk))
        except OSError as error:
            self.say(f"{path} could not be written: {error.strerror}.", alarm=True)
        else:
            self.say(f"Written to {path}")

    async def _decide(self, intent: Intent) -> None:
        problem, deed = intent.problem, intent.deed
        if problem and problem.error == CHANGED:
            await self._ask_whether_still(intent)
        elif isinstance(deed, Book | Move) and problem and problem.alternatives:
            zone, desk = self.desk.zone, self.desk
            found = [compared_choice(slot, deed.slot, zone, desk) for slot in problem.alternatives]
            above = (about_words(intent, desk), f"{intent.verdict} Nothing was booked, no message was sent.")

            async def chosen(slot: Timeslot | None) -> None:
                if slot is not None:
                    await self._edit(intent, slot)

            await self.app.push_screen(Choices("NEEDS YOU", found, desk, above=above, alarm=True), chosen)
        else:
            self.say(f"{intent.verdict}   R tries it again, e edits it, del discards it.", alarm=True)

    async def _ask_whether_still(self, intent: Intent) -> None:
        what = f"{kind_words(intent)} {about_words(intent, self.desk)}"
        words = f"{what}\n{intent.verdict}.\nEnter does it all the same, esc leaves it here."

        async def agreed(yes: bool | None) -> None:
            if yes:
                await self._still(intent)

        await self.app.push_screen(Question("Changed meanwhile", words), agreed)

    async def _still(self, intent: Intent) -> None:
        """Send it once more, about the appointment as it is now."""
        if intent.appointment_id is None:
            return
        try:
            with self.desk.asking() as link:
                now = await link.appointment(intent.appointment_id)
        except ClientError as error:
            self.explain(error)
            return
        self.desk.memory.intents.put(intent.again().having_seen(now.version))
        self.draw()
        self.ways.send_queue()

    async def _edit(self, intent: Intent, slot: Timeslot | None = None) -> None:
        deed = intent.deed
        if not isinstance(deed, Book | Move):
            self.say("There is nothing to edit: del discards it, R tries it again.")
            return
        draft = Draft(
            id=intent.id,
            saved_at=intent.saved_at,
            slot=slot or deed.slot,
            moving=intent.appointment_id,
            patient=deed.patient,
            typed="",
            reason=deed.reason,
        )
        await self.ways.take_up(draft)


def _write(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text)
