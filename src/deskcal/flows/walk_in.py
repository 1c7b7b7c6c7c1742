"""Walk-ins: somebody stands at the desk and is seen as soon as anybody can today."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from deskcal.core.booking import Appointment
from deskcal.core.clinic import Patient
from deskcal.core.ranking import soonest
from deskcal.core.refusals import Refusal, SlotTaken
from deskcal.core.span import Span
from deskcal.core.walk_in import as_walk_in
from deskcal.flows import people
from deskcal.flows.alternatives import Amendable, amended
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board
from deskcal.flows.book import Order, booked
from deskcal.store.database import ReadTx, WriteTx

AHEAD = timedelta(days=1)
MOST_TRIES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Comer:
    """Who has come, by id or new, and what for; without a provider it is whoever can soonest."""

    patient: UUID | Patient
    service_id: UUID
    provider_id: UUID | None
    notes: str | None = None


async def walk_in(board: Board, asking: Asking[Appointment], comer: Comer) -> Appointment:
    """Book the next possible start of today, and check the patient in at once.

    It may lie off the grid of slots, every five minutes. Every rule but the lead time holds. What the board
    shows is only where to try: where somebody is faster the next start is tried. Raises SlotTaken.
    """
    starts = await _next_starts(board, asking, comer)

    async def work(tx: WriteTx) -> Appointment:
        known = await board.catalog_within(tx)
        patient = comer.patient
        patient_id = patient if isinstance(patient, UUID) else (await people.added(tx, asking, patient)).id
        for provider_id, start in starts:
            order = Order(
                patient_id=patient_id,
                provider_id=provider_id,
                service_id=comer.service_id,
                start=start,
                notes=comer.notes,
                walk_in=True,
            )
            try:
                async with tx.part():
                    return await booked(tx, asking, known, order)
            except Amendable:
                continue
        title = known.service(comer.service_id).title
        who = f"{known.provider(comer.provider_id).name} has no" if comer.provider_id else "Nobody has"
        raise SlotTaken(f"{who} time left for {title} today.", conflicts=())

    async def amend(tx: ReadTx, refusal: Refusal) -> Refusal:
        return await amended(
            board,
            asking,
            tx,
            refusal,
            provider_id=comer.provider_id,
            service_id=comer.service_id,
            at=asking.now,
        )

    return await board.database.write(
        asking.clinic_id, work, claim=asking.claim, keep=asking.keep, amend=amend
    )


async def _next_starts(board: Board, asking: Asking[Any], comer: Comer) -> list[tuple[UUID, datetime]]:
    """List who could begin when on their local day of now, the soonest first."""
    minute = asking.now.replace(second=0, microsecond=0)
    window = Span(start=minute, end=minute + AHEAD)
    view = await board.view(asking.clinic_id, window, asking.now)
    known = view.catalog
    service = as_walk_in(known.service(comer.service_id))
    asked = [known.provider(comer.provider_id)] if comer.provider_id else known.providers.values()
    survey = known.survey(service, window, view, asking.now)
    found = soonest(survey, asked, prefer=None, limit=MOST_TRIES)
    return [
        (one.starts.provider.id, one.span.start)
        for one in found
        if _same_day(one.span.start, asking.now, one.starts.provider.zone)
    ]


def _same_day(one: datetime, other: datetime, zone: ZoneInfo) -> bool:
    return one.astimezone(zone).date() == other.astimezone(zone).date()
