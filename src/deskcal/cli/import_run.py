"""An import as it runs: chunk by chunk, from where the server stands, until the end or Ctrl-C."""

import asyncio
import signal
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from uuid import UUID

from deskcal.cli.exits import Exit, Failure
from deskcal.cli.import_file import RowFile
from deskcal.cli.import_recipe import Recipe
from deskcal.cli.progress import Bars
from deskcal.cli.session import Session
from deskcal.wire.imports import MOST_CHECKED, Check, Imported, NewImport, OutcomeName, Reverted, Row, Verdict

CHUNK = 200
TOLD: tuple[OutcomeName, ...] = ("refused", "moved")


@dataclass(slots=True, kw_only=True)
class Run:
    """One file on its way to the server, and what became of its rows so far."""

    session: Session
    file: RowFile
    recipe: Recipe
    counts: Counter[str] = field(default_factory=Counter)
    told: dict[int, Verdict] = field(default_factory=dict)

    @property
    def all_or_none(self) -> bool:
        """Tell whether one row that is refused keeps out all."""
        return self.recipe.terms.on_conflict == "fail"

    async def check(self) -> Imported:
        """Judge the rows without taking any."""
        await self._judge(after=0)
        return self._imported(None)

    async def _judge(self, *, after: int) -> None:
        """Judge the rows after one; as many together as the server judges at once."""
        say, client = self.session.options.say, self.session.client
        if self.file.count > MOST_CHECKED:
            say(f"Judged {MOST_CHECKED} rows at a time: a clash of two further apart shows when they come.")
        with self._reading() as bars:
            for rows in _chunks(self._rows(after), MOST_CHECKED):
                self._note(await client.check_rows(Check(terms=self.recipe.terms, rows=rows)))
                bars.tell("rows", rows[-1].number, self.file.count)

    async def take(self) -> Imported:
        """Send the rows that the server does not have. Raises Failure when it is stopped."""
        client = self.session.client
        begun = await client.begin_import(
            NewImport(
                file_name=self.file.path.name,
                file_hash=self.file.digest,
                mapping=self.recipe.mapping,
                terms=self.recipe.terms,
            )
        )
        if begun.taken:
            self.session.options.say(f"Rows up to {begun.taken} were taken before.")
        if self.all_or_none:
            await self._judge(after=begun.taken)
            if self.counts["refused"]:
                return await self._none_of_it(begun.id)
            self.counts.clear()
        counts = {"accepted": begun.accepted, "moved": begun.moved, "known": begun.known}
        self.counts.update(counts | {"refused": begun.refused})
        await self._recall(begun.id)
        with self._reading() as bars, _until_interrupted() as stopped:
            for rows in _chunks(self._rows(begun.taken), CHUNK):
                if self.all_or_none and self.counts["refused"]:
                    break
                if stopped.is_set():
                    raise Failure(
                        f"Stopped before row {rows[0].number} of {self.file.count}. "
                        "To go on, type the same again.",
                        Exit.UNEXPECTED,
                    )
                self._note(await client.send_rows(begun.id, rows))
                bars.tell("rows", rows[-1].number, self.file.count)
        if self.all_or_none and self.counts["refused"]:
            return await self._none_of_it(begun.id)
        await client.finish_import(begun.id)
        return self._imported(begun.id)

    async def _none_of_it(self, import_id: UUID) -> Imported:
        await take_back(self.session, import_id)
        self.session.options.say("Nothing of it stays: a row was refused.")
        return self._imported(None)

    def _rows(self, after: int) -> Iterator[Row]:
        return islice(self.file.rows(self.recipe.fields), after, None)

    async def _recall(self, import_id: UUID) -> None:
        """Fetch what is to be told of rows that were taken before."""
        for outcome in TOLD:
            after = 0
            while found := await self.session.client.verdicts(import_id, outcome=outcome, after=after):
                self.told |= {one.number: one for one in found}
                after = found[-1].number

    def _note(self, verdicts: Iterable[Verdict]) -> None:
        for one in verdicts:
            self.counts[one.outcome] += 1
            if one.outcome in TOLD:
                self.told[one.number] = one

    def _imported(self, import_id: UUID | None) -> Imported:
        return Imported(
            import_id=import_id,
            accepted=self.counts["accepted"],
            moved=self.counts["moved"],
            known=self.counts["known"],
            refused=self.counts["refused"],
            verdicts=[self.told[number] for number in sorted(self.told)],
        )

    def _reading(self) -> Bars:
        return Bars(self.session.options, done="read")


async def take_back(session: Session, import_id: UUID) -> Reverted:
    """Take an import back to the end; gives what went in all, and what stays."""
    gone: Counter[str] = Counter()
    with Bars(session.options, done="taken back") as bars:
        while True:
            step = await session.client.revert_import(import_id)
            counts = ("appointments", "patients", "providers", "services", "locations")
            gone.update({name: getattr(step, name) for name in counts})
            if not step.more:
                bars.tell("things", gone.total(), gone.total())
                return Reverted(**gone, staying=step.staying, more=False)
            bars.tell("things", gone.total(), gone.total() + CHUNK)


def _chunks(rows: Iterator[Row], size: int) -> Iterator[list[Row]]:
    while chunk := list(islice(rows, size)):
        yield chunk


@contextmanager
def _until_interrupted() -> Iterator[asyncio.Event]:
    """Let Ctrl-C only say so: what is under way ends first."""
    stopped, loop = asyncio.Event(), asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, stopped.set)
    try:
        yield stopped
    finally:
        loop.remove_signal_handler(signal.SIGINT)
