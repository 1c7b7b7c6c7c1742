"""An import is taken back: all that it made and that nobody has touched since."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from deskcal.core.booking import Appointment
from deskcal.core.refusals import InvalidStatusChange, NotFound
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board
from deskcal.flows.changing import guard_again
from deskcal.flows.securing import slot_facts
from deskcal.store import import_booking, import_undoing, imports, locks, resources
from deskcal.store.catalog import Catalog
from deskcal.store.database import WriteTx
from deskcal.store.import_undoing import CHANGED, NEEDED
from deskcal.store.imports import Import, Made, MadeKind

ORDER: tuple[MadeKind, ...] = ("appointment", "patient", "provider", "service", "location")
"""What names something goes before what it names."""
AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """One step of taking an import back: how many things went, by kind, and what stays, with why.

    While `more` is true there is something left to try.
    """

    gone: dict[MadeKind, int]
    stays: Sequence[Made]
    more: bool


async def undo(board: Board, asking: Asking[Undone], import_id: UUID, *, dry_run: bool) -> Undone:
    """Take back a part of an import, or say what would become of all of it. Raises NotFound.

    Whatever stops it, asked again it goes on.
    """

    async def work(tx: WriteTx) -> Undone:
        found = await imports.lock(tx, import_id)
        if found is None:
            raise NotFound("There is no such import. See: deskcal import list")
        if found.state == "reverted":
            raise InvalidStatusChange("This import was taken back already.")
        known = await board.catalog_within(tx)
        undone = await _step(tx, asking, known, found, limit=None if dry_run else AT_ONCE)
        if dry_run:
            await tx.restart()
            return undone
        state = "reverting" if undone.more else "reverted"
        await imports.move_on(tx, import_id, state=state, at=asking.now)
        if not undone.more:
            tx.say(asking.event("import.reverted", import_id))
        return undone

    return await board.database.write(
        asking.clinic_id,
        work,
        claim=None if dry_run else asking.claim,
        keep=asking.keep,
    )


async def _step(
    tx: WriteTx, asking: Asking[Any], known: Catalog, found: Import, *, limit: int | None
) -> Undone:
    gone: dict[MadeKind, int] = {}
    left = limit
    for kind in ORDER:
        made = await imports.made_by(tx, found.id, kind=kind, limit=left)
        if not made:
            continue
        judged = await _taken_back(tx, asking, known, kind, made)
        went = [id_ for id_, why in judged.items() if why is None]
        await imports.forget(tx, went)
        await imports.judge_made(tx, found.id, judged)
        gone[kind] = len(went)
        if left is not None:
            left -= len(made)
            if left == 0:
                return Undone(gone=gone, stays=(), more=True)
    stays = [one for kind in ORDER for one in await imports.made_by(tx, found.id, kind=kind, kept=True)]
    return Undone(gone=gone, stays=stays, more=False)


async def _taken_back(
    tx: WriteTx, asking: Asking[Any], known: Catalog, kind: MadeKind, made: Sequence[Made]
) -> dict[UUID, str | None]:
    """Take back what can be; gives why each of the others stays."""
    if kind == "appointment":
        return await _appointments(tx, asking, known, made)
    judged = await import_undoing.touched(tx, kind, made)
    free = [id_ for id_, why in judged.items() if why is None]
    if kind == "patient":
        judged |= dict.fromkeys(await imports.remove(tx, "patient", free), NEEDED)
    for id_ in free:
        if judged[id_] is not None:
            continue
        if kind == "patient":
            tx.say(asking.event("patient.removed", id_))
        elif await resources.retire(tx, kind, id_, at=asking.now):
            tx.say(asking.event(f"{kind}.retired", id_))
    return judged


async def _appointments(
    tx: WriteTx, asking: Asking[Any], known: Catalog, made: Sequence[Made]
) -> dict[UUID, str | None]:
    """Remove appointments that are as they were made; the log says that they were, and that they are gone."""
    found = await import_undoing.lock_appointments(tx, [one.id for one in made])
    versions = {one.id: one.version for one in made}
    judged: dict[UUID, str | None] = {
        one.id: CHANGED if one.version != versions[one.id] else None for one in found
    }
    free = [one for one in found if judged[one.id] is None]
    for provider_id in sorted({one.provider_id for one in free}):
        await locks.stack(tx, provider_id)
    await import_booking.free_all(tx, [one.id for one in free])
    await _guard_again(tx, known, free, asking)
    judged |= dict.fromkeys(await imports.remove(tx, "appointment", [one.id for one in free]), NEEDED)
    for one in free:
        if judged[one.id] is None:
            tx.say(asking.event("appointment.canceled", one.id, was=one.status, **slot_facts(one)))
    return dict.fromkeys(versions) | judged


async def _guard_again(tx: WriteTx, known: Catalog, gone: Sequence[Appointment], asking: Asking[Any]) -> None:
    """Guard what somebody has laid on top since; nobody lays anything on what is over."""
    for one in gone:
        if one.span.end > asking.now:
            await guard_again(tx, known, one)
