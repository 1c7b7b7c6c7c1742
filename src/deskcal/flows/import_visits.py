"""Rows of appointments become appointments: judged together, written together, decided by the database."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from deskcal.core.import_row import read_visit
from deskcal.core.importing import Line, Terms, Verdict
from deskcal.core.refusals import Refusal, SlotTaken
from deskcal.flows.asking import Asking
from deskcal.flows.book import created
from deskcal.flows.import_diary import Diary
from deskcal.flows.import_drafts import Booking, Draft, Drafting
from deskcal.flows.import_judging import Blocked, Judge
from deskcal.flows.import_people import readable, refused
from deskcal.flows.import_places import Places
from deskcal.flows.import_register import Register
from deskcal.flows.securing import MOST_TRIES
from deskcal.store import import_booking, imports
from deskcal.store.catalog import Catalog
from deskcal.store.database import ReadTx, WriteTx
from deskcal.store.imports import Made


async def take_visits(
    tx: WriteTx,
    asking: Asking[Any],
    known: Catalog,
    lines: Sequence[Line],
    terms: Terms,
    *,
    import_id: UUID | None,
) -> tuple[list[Verdict], list[Made]]:
    """Book the appointments of some rows; gives what became of each row, and what was made.

    What others were faster to take is judged again, and says so.
    """
    rows, verdicts = readable(lines, lambda line: read_visit(line, terms))
    called = [row.external_id for _, row in rows if row.external_id]
    there = await imports.ids_of(tx, "appointment", called)
    places = await Places.open(tx, known, terms, import_id, {row.provider for _, row in rows})
    register = await Register.open(tx, [row.person for _, row in rows])
    drafting = Drafting(asking=asking, terms=terms, places=places, register=register)
    drafts, not_drafted = drafting.drafts(rows, there)
    verdicts += not_drafted
    made: list[Made] = []
    for _ in range(MOST_TRIES):
        judge = Judge(
            asking=asking,
            known=known,
            terms=terms,
            import_id=import_id,
            places=places,
            diary=Diary(tx=tx, asking=asking),
        )
        bookings, against = await judge.judge(drafts)
        named = [id_ for one in bookings for id_ in (one.made.service_id, one.made.provider_id)]
        made += await places.write(tx, asking, named, {})
        made += await register.write(tx, asking, [one.made.patient_id for one in bookings])
        won = await _booked(tx, asking, bookings)
        made += [Made(kind="appointment", id=one.made.id) for one in won]
        verdicts += [one.verdict for one in won]
        verdicts += await _against(tx, against)
        ids = {one.made.id for one in won}
        drafts = [one.draft for one in bookings if one.made.id not in ids]
        if not drafts:
            break
    faster = SlotTaken("Others are taking this time just now.", conflicts=())
    return verdicts + [refused(draft.number, faster) for draft in drafts], made


async def _booked(tx: WriteTx, asking: Asking[Any], bookings: Sequence[Booking]) -> list[Booking]:
    """Write what the database agrees to, and tell of it."""
    references = await import_booking.book_all(tx, [one.drawn for one in bookings])
    won = [one for one in bookings if one.made.id in references]
    called = {name: one.made.id for one in won if (name := one.draft.row.external_id)}
    await imports.know(tx, "appointment", called)
    for one in won:
        tx.say(created(asking, one.made, one.choice))
    return won


async def _against(tx: ReadTx, against: Sequence[tuple[Draft, Refusal]]) -> list[Verdict]:
    """Say why rows were not taken, with the references of what is in the way."""
    ids = {id_ for _, why in against if isinstance(why, Blocked) for id_ in why.appointment_ids}
    names = await import_booking.references(tx, list(ids)) if ids else {}
    verdicts = []
    for draft, why in against:
        verdict = refused(draft.number, why)
        ahead = (
            [names[id_] for id_ in why.appointment_ids if id_ in names] if isinstance(why, Blocked) else ()
        )
        reason = f"{verdict.reason} In the way: {', '.join(ahead)}." if ahead else verdict.reason
        verdicts.append(replace(verdict, field=verdict.field or "start", reason=reason))
    return verdicts
