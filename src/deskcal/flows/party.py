"""Parties: several patients who come together are booked together, or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuid

from deskcal.core.booking import Appointment
from deskcal.core.clinic import Service
from deskcal.core.localtime import find_zone
from deskcal.core.refusals import Invalid, NotAllAvailable, Refusal
from deskcal.core.span import Span
from deskcal.core.together import Adjacency, Judged, starts_of_party
from deskcal.core.verdict import Code, Reason
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board
from deskcal.flows.book import Order
from deskcal.flows.search import free_providers
from deskcal.flows.trying import amended_all, tried
from deskcal.store.catalog import Catalog
from deskcal.store.database import ReadTx, WriteTx


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Who is to be seen when; by whom is to be found."""

    patient_id: UUID
    start: datetime
    service: Service
    batch_id: UUID

    def order(self, provider_id: UUID) -> Order:
        return Order(
            patient_id=self.patient_id,
            provider_id=provider_id,
            service_id=self.service.id,
            start=self.start,
            batch_id=self.batch_id,
        )

    def judged(self, known: Catalog, reasons: Sequence[Reason]) -> Judged:
        zone = find_zone(known.clinic.timezone)
        span = Span.of_minutes(self.start, self.service.duration_minutes)
        return Judged(
            start=span.start.astimezone(zone),
            end=span.end.astimezone(zone),
            reasons=tuple(reasons),
            patient_id=self.patient_id,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyOrder:
    """A party to book; `provider_ids` are tried in order, without any whoever is best."""

    patient_ids: Sequence[UUID]
    provider_ids: Sequence[UUID]
    service_id: UUID
    start: datetime
    adjacency: Adjacency


async def book_party(board: Board, asking: Asking[list[Appointment]], party: PartyOrder) -> list[Appointment]:
    """Book everybody, in the order they are named. Raises NotAllAvailable with a verdict on each."""
    if len(set(party.patient_ids)) < len(party.patient_ids):
        raise Invalid(("patients", "name each patient once"))
    best = party.provider_ids or await free_providers(
        board, asking, service_id=party.service_id, start=party.start
    )

    async def work(tx: WriteTx) -> list[Appointment]:
        known = await board.catalog_within(tx)
        service = known.service(party.service_id)
        offering = [one.id for one in known.providers.values() if service.id in one.prices]
        who = list(party.provider_ids or dict.fromkeys((*best, *offering)))
        if not who:
            raise Invalid(("serviceId", f"nobody offers {service.title}"))
        places = _places(party, service)
        arrange = _side_by_side if party.adjacency is Adjacency.SAME_TIME else _in_a_row
        return await arrange(tx, asking, known, places, who)

    async def amend(tx: ReadTx, refusal: Refusal) -> Refusal:
        only = party.provider_ids[0] if len(party.provider_ids) == 1 else None
        return await amended_all(board, asking, tx, refusal, provider_id=only, service_id=party.service_id)

    return await board.database.write(
        asking.clinic_id, work, claim=asking.claim, keep=asking.keep, amend=amend
    )


def _places(party: PartyOrder, service: Service) -> list[_Place]:
    batch_id = uuid.uuid7()
    starts = starts_of_party(service, party.start, len(party.patient_ids), party.adjacency)
    return [
        _Place(patient_id=patient_id, start=start, service=service, batch_id=batch_id)
        for patient_id, start in zip(party.patient_ids, starts, strict=True)
    ]


async def _side_by_side(
    tx: WriteTx, asking: Asking[Any], known: Catalog, places: Sequence[_Place], who: Sequence[UUID]
) -> list[Appointment]:
    """Give each patient the first provider who is still free; seats of one provider go first."""
    left, against = list(who), dict[Reason, None]()
    made: list[Appointment] = []
    verdicts: list[Judged] = []
    for place in places:
        reasons: Sequence[Reason] = ()
        while left:
            found = await tried(tx, asking, known, place.order(left[0]))
            if isinstance(found, Appointment):
                made.append(found)
                if place.service.capacity == 1:
                    left.pop(0)
                break
            if any(reason.code is Code.PATIENT_ALREADY_BOOKED for reason in found):
                reasons = found
                break
            against.update(dict.fromkeys(found))
            left.pop(0)
        else:
            reasons = tuple(against) or (_too_few(places, who),)
        verdicts.append(place.judged(known, reasons))
    if len(made) < len(places):
        raise NotAllAvailable(verdicts=verdicts)
    return made


def _too_few(places: Sequence[_Place], who: Sequence[UUID]) -> Reason:
    return Reason(
        code=Code.PROVIDER_UNAVAILABLE,
        message=f"{len(places)} are to be seen at once, by {len(who)} who can",
        fix="name more providers, or let them come back to back",
    )


async def _in_a_row(
    tx: WriteTx, asking: Asking[Any], known: Catalog, places: Sequence[_Place], who: Sequence[UUID]
) -> list[Appointment]:
    """Find the first provider who has time for all of them; else say it of the one who comes nearest."""
    refusals: list[NotAllAvailable] = []
    for provider_id in who:
        try:
            async with tx.part():
                return await _all_with(tx, asking, known, places, provider_id)
        except NotAllAvailable as refusal:
            refusals.append(refusal)
    raise min(refusals, key=lambda refusal: refusal.refused)


async def _all_with(
    tx: WriteTx, asking: Asking[Any], known: Catalog, places: Sequence[_Place], provider_id: UUID
) -> list[Appointment]:
    tries = [(place, await tried(tx, asking, known, place.order(provider_id))) for place in places]
    made = [found for _, found in tries if isinstance(found, Appointment)]
    if len(made) < len(places):
        raise NotAllAvailable(
            verdicts=[
                place.judged(known, () if isinstance(found, Appointment) else found) for place, found in tries
            ]
        )
    return made
