"""Drafts on screen: bookings put aside, to be taken up again or thrown away."""

from typing import ClassVar

from textual.binding import BindingType

from deskcal.tui.commands.table import DRAFTS
from deskcal.tui.desk import Desk
from deskcal.tui.memory.drafts import Draft
from deskcal.tui.names import shown
from deskcal.tui.question import Question
from deskcal.tui.table import Table
from deskcal.tui.table_rows import Column, Row

COLUMNS = (
    Column(title="Saved", width=5),
    Column(title="Patient", width=16, grows=True),
    Column(title="Time", width=16),
    Column(title="Doctor", width=10, grows=True),
    Column(title="Reason", width=14, grows=True),
)
NOTHING = "No drafts. ctrl+s puts a booking aside while its time is held."


class DraftsTable(Table):
    """The drafts of every desk of this machine, oldest first."""

    BINDINGS: ClassVar[list[BindingType]] = [*DRAFTS]

    def __init__(self, desk: Desk, *, id: str) -> None:  # noqa: A002  Textual's own name
        super().__init__(id=id)
        self._desk = desk
        self._drafts: list[Draft] = []

    @property
    def draft(self) -> Draft | None:
        """The one under the cursor."""
        return next((one for one in self._drafts if one.id == self.key), None)

    def draw(self) -> None:
        self._drafts = self._desk.memory.drafts.all()
        self.show(COLUMNS, [self._row(one) for one in self._drafts], empty=NOTHING)

    async def action_discard(self) -> None:
        """Throw it away, once more asked."""
        draft = self.draft
        if draft is None:
            return

        def answered(agreed: bool | None) -> None:
            if agreed:
                self._desk.memory.drafts.discard(draft.id)
                self.draw()

        words = f"{self._whom(draft)}, {draft.slot.provider_name}. Enter throws the draft away."
        await self.app.push_screen(Question("Discard the draft?", words), answered)

    def _row(self, draft: Draft) -> Row:
        start = self._desk.local(draft.slot.start)
        cells = (
            f"{self._desk.local(draft.saved_at):%H:%M}",
            self._whom(draft),
            f"{start:%a %d %b %H:%M}",
            draft.slot.provider_name,
            draft.reason,
        )
        return Row(key=draft.id, cells=cells)

    def _whom(self, draft: Draft) -> str:
        if draft.patient is None:
            return draft.typed or "nobody yet"
        return shown(draft.patient.name, private=self._desk.private)
