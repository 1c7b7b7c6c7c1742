"""Imports: begun, taken on chunk by chunk, finished, listed."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import uuid_utils.compat as uuid

from deskcal.core.access import Actor
from deskcal.core.importing import ImportKind, Line, Outcome, Terms, Verdict
from deskcal.core.refusals import Invalid, InvalidStatusChange, NotFound
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board
from deskcal.flows.import_people import take_patients, take_providers
from deskcal.flows.import_visits import take_visits
from deskcal.store import imports, locks
from deskcal.store.database import Database, WriteTx
from deskcal.store.imports import Import, Made

ALONE = "import"
"""What imports of a clinic lock: chunks of two would make the same patient twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file by the hash of its bytes, and how it is read: what makes an import the same one."""

    file_name: str
    file_hash: str
    mapping: Mapping[str, object]
    terms: Terms

    @property
    def digest(self) -> bytes:
        """Tell this import from any other; the name of the file does not matter."""
        same = msgspec.json.encode([self.file_hash, self.mapping, self.terms], order="sorted")
        return hashlib.sha256(same).digest()


async def begin(database: Database, asking: Asking[Import], source: Source) -> Import:
    """Begin an import, or give the one that was begun before with this file, read the same way."""

    async def work(tx: WriteTx) -> Import:
        await locks.wait_for(tx, [ALONE])
        found = await imports.standing(tx, source.digest)
        if found is not None and found.state == "reverting":
            raise InvalidStatusChange(
                f"This import is being taken back. Finish that first: deskcal import revert {found.id}"
            )
        if found is not None:
            return found
        made = Import(
            id=uuid.uuid7(),
            kind=source.terms.kind,
            file_name=source.file_name,
            terms=source.terms,
            state="running",
            taken=0,
            created_by=asking.actor.sub,
            created_at=asking.now,
            updated_at=asking.now,
            counts={},
        )
        await imports.add(tx, made, digest=source.digest)
        tx.say(asking.event("import.begun", made.id))
        return made

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def take(
    board: Board, asking: Asking[list[Verdict]], import_id: UUID, lines: Sequence[Line]
) -> list[Verdict]:
    """Take the next rows; gives what became of each. Rows that were taken before keep their verdicts."""

    async def work(tx: WriteTx) -> list[Verdict]:
        found = _known(await imports.lock(tx, import_id))
        new = [line for line in lines if line.number > found.taken]
        before = await _before(tx, found, lines)
        if not new:
            return before
        if found.state != "running":
            raise InvalidStatusChange(f"This import is {found.state}; it takes no more rows.")
        if [line.number for line in new] != list(range(found.taken + 1, found.taken + 1 + len(new))):
            raise Invalid(("rows", f"the next row is {found.taken + 1}; send them in order, without gaps"))
        verdicts, made = await _taken(tx, board, asking, found.terms, new, import_id=found.id)
        await imports.keep_verdicts(tx, found.id, verdicts)
        await imports.keep_made(tx, found.id, made)
        await imports.move_on(tx, found.id, state="running", taken=new[-1].number, at=asking.now)
        return before + verdicts

    return await board.database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def check(
    board: Board, asking: Asking[list[Verdict]], terms: Terms, lines: Sequence[Line]
) -> list[Verdict]:
    """Say what would become of rows: they are taken, and all of it is undone."""

    async def work(tx: WriteTx) -> list[Verdict]:
        verdicts, _ = await _taken(tx, board, asking, terms, lines, import_id=None)
        await tx.restart()
        return verdicts

    return await board.database.write(asking.clinic_id, work)


async def finish(database: Database, asking: Asking[Import], import_id: UUID) -> Import:
    """Write down that a file has no more rows. Raises InvalidStatusChange for one that is taken back."""

    async def work(tx: WriteTx) -> Import:
        found = _known(await imports.lock(tx, import_id))
        if found.state not in {"running", "finished"}:
            raise InvalidStatusChange(f"This import is {found.state}.")
        if found.state == "running":
            await imports.move_on(tx, found.id, state="finished", at=asking.now)
            tx.say(asking.event("import.finished", found.id))
        return _known(await imports.find(tx, import_id))

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def find(database: Database, actor: Actor, import_id: UUID) -> Import:
    """Look one up. Raises NotFound."""
    async with database.read(actor.clinic_id) as tx:
        return _known(await imports.find(tx, import_id))


async def newest(
    database: Database, actor: Actor, *, before: tuple[datetime, UUID] | None, limit: int
) -> list[Import]:
    """List imports, the newest first."""
    async with database.read(actor.clinic_id) as tx:
        return await imports.newest(tx, before=before, limit=limit)


async def verdicts(
    database: Database,
    actor: Actor,
    import_id: UUID,
    *,
    outcome: Outcome | None,
    after: int,
    limit: int,
) -> list[Verdict]:
    """List what became of the rows after a number, of all or those that ended so. Raises NotFound."""
    async with database.read(actor.clinic_id) as tx:
        _known(await imports.find(tx, import_id))
        outcomes = [outcome] if outcome else None
        return await imports.verdicts(tx, import_id, after=after, limit=limit, outcomes=outcomes)


async def _before(tx: WriteTx, found: Import, lines: Sequence[Line]) -> list[Verdict]:
    """Give the verdicts of rows that were taken before."""
    numbers = [line.number for line in lines if line.number <= found.taken]
    if not numbers:
        return []
    limit = max(numbers) - min(numbers) + 1
    return await imports.verdicts(tx, found.id, after=min(numbers) - 1, limit=limit)


async def _taken(
    tx: WriteTx,
    board: Board,
    asking: Asking[Any],
    terms: Terms,
    lines: Sequence[Line],
    *,
    import_id: UUID | None,
) -> tuple[list[Verdict], list[Made]]:
    await locks.wait_for(tx, [ALONE])
    known = await board.catalog_within(tx)
    match terms.kind:
        case ImportKind.PATIENTS:
            verdicts, made = await take_patients(tx, asking, lines, terms)
        case ImportKind.PROVIDERS:
            verdicts, made = await take_providers(tx, asking, known, lines, terms, import_id=import_id)
        case ImportKind.APPOINTMENTS:
            verdicts, made = await take_visits(tx, asking, known, lines, terms, import_id=import_id)
    return sorted(verdicts, key=lambda verdict: verdict.number), made


def _known(found: Import | None) -> Import:
    if found is None:
        raise NotFound("There is no such import. See: deskcal import list")
    return found
