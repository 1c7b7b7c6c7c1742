"""A provider is away on a day: each of their appointments gets a new place, held until somebody decides."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuid

from deskcal.core.booking import Appointment, Hold
from deskcal.core.clinic import Service
from deskcal.core.lifecycle import STANDING, insist_movable
from deskcal.core.localtime import local_day, local_days
from deskcal.core.plan import Plan, PlanItem, PlanState, Where
from deskcal.core.planning import Place, Planning, Way
from deskcal.core.refusals import Invalid, PreconditionFailed, Refusal
from deskcal.core.session import in_force
from deskcal.core.slot import Busy
from deskcal.core.span import Span
from deskcal.core.starts import Sight
from deskcal.core.survey import Survey
from deskcal.core.verdict import gate
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board, View
from deskcal.flows.changing import locked
from deskcal.flows.hold import take
from deskcal.flows.plans import Shown, give_up, shown
from deskcal.flows.securing import seek
from deskcal.store import appointments, changes, occupancy, plans
from deskcal.store.catalog import Catalog
from deskcal.store.database import WriteTx

CLIENT = "sick day"


@dataclass(frozen=True, slots=True, kw_only=True)
class SickDay:
    """Who is away when, how many days after it will do, and how many seconds places are held."""

    provider_id: UUID
    day: date
    days: int
    seconds: int


async def plan(board: Board, asking: Asking[Shown], sick: SickDay) -> Shown:
    """Hold a new place for each appointment of a local date; while such a plan holds places, it is that one.

    Raises Invalid for a date that is over.
    """
    async with board.database.read(asking.clinic_id) as tx:
        zone = (await board.catalog_within(tx)).provider(sick.provider_id).zone
    whole = local_days(sick.day, sick.day + timedelta(days=sick.days), zone)
    if local_day(sick.day, zone).end <= asking.now:
        raise Invalid(("date", f"{sick.day} is over; choose today or a day to come"))
    # What the board shows is only where to try. Looked at later, it would take in what is held here.
    view = await board.view(asking.clinic_id, whole, asking.now)

    async def work(tx: WriteTx) -> Shown:
        known = await board.catalog_within(tx)
        former = await plans.lock_open(tx, sick.provider_id, sick.day)
        if former and former.expires_at > asking.now:
            return await shown(tx, known, former, asking.now)
        if former:
            await give_up(tx, asking, former)
        made = await _planned(tx, asking, known, view, sick)
        return await shown(tx, known, made, asking.now)

    return await board.database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def _planned(tx: WriteTx, asking: Asking[Any], known: Catalog, view: View, sick: SickDay) -> Plan:
    """Make a plan. Raises PreconditionFailed where somebody makes one at the same moment."""
    expires_at = asking.now + timedelta(seconds=sick.seconds)
    plan_id = uuid.uuid7()
    wanted = [(made, known.service(made.service_id)) for made in await _standing(tx, asking, known, sick)]
    search = await _search(tx, known, view, sick, [made for made, _ in wanted])
    against = {made.id: why for made, _ in wanted if (why := _fixed(made, asking.now))}
    found: dict[UUID, Hold] = {}
    for way in Way:
        for made, service in wanted:
            if made.id in against or made.id in found:
                continue
            for place in search.places(made, service, way):
                held = await _held(tx, asking, known, made, place, owner=f"plan {plan_id}", until=expires_at)
                if held is not None:
                    had = replace(place, room_id=held.room_id, unit_ids=held.unit_ids)
                    search.take(made, service, had)
                    found[made.id] = held
                    break
    nobody = f"nobody has time for it on this day or the {sick.days} after it"
    made_plan = Plan(
        id=plan_id,
        provider_id=sick.provider_id,
        day=sick.day,
        state=PlanState.OPEN,
        created_by=asking.actor.sub,
        created_at=asking.now,
        expires_at=expires_at,
        items=tuple(_item(made, found.get(made.id), against.get(made.id, nobody)) for made, _ in wanted),
    )
    if not await plans.add(tx, made_plan):
        raise PreconditionFailed("Somebody plans this very day just now. Look again.")
    tx.say(asking.event("plan.made", plan_id, providerId=sick.provider_id, expiresAt=expires_at))
    return made_plan


async def _standing(tx: WriteTx, asking: Asking[Any], known: Catalog, sick: SickDay) -> list[Appointment]:
    """List and lock the appointments that begin that day and are not over."""
    day = local_day(sick.day, known.provider(sick.provider_id).zone)
    here = await appointments.taking_any(tx, day, resource_ids=[sick.provider_id])
    found = [await locked(tx, asking, made.id, None) for made in here if made.span.start >= day.start]
    return [made for made in found if made.status in STANDING and made.span.end > asking.now]


async def _search(
    tx: WriteTx, known: Catalog, view: View, sick: SickDay, wanted: Sequence[Appointment]
) -> Planning:
    away = known.provider(sick.provider_id)
    whole = local_days(sick.day, sick.day + timedelta(days=sick.days), away.zone)
    patients: dict[UUID, list[Busy]] = {}
    ids = [made.patient_id for made in wanted]
    for row in in_force(await occupancy.of_resources(tx, ids, whole), view.now):
        patients.setdefault(row.resource_id, []).append(row)

    def survey(service: Service, window: Span, sight: Sight) -> Survey:
        return known.survey(service, window, sight, view.now)

    return Planning(
        away=away,
        providers=list(known.providers.values()),
        day=local_day(sick.day, away.zone),
        until=whole.end,
        sight=view,
        survey=survey,
        patients=patients,
    )


async def _held(
    tx: WriteTx,
    asking: Asking[Any],
    known: Catalog,
    made: Appointment,
    place: Place,
    *,
    owner: str,
    until: datetime,
) -> Hold | None:
    """Hold a place for a locked appointment, which gives back its own; None where somebody was faster."""
    service = replace(known.service(made.service_id), duration_minutes=place.span.minutes)
    try:
        async with tx.part():
            gate(provider=place.provider, service=service, span=place.span, now=asking.now, on_grid=True)
            grouped = service.capacity > 1
            beside = None if grouped else await changes.beside(tx, made.id, made.provider_id)
            sought = seek(
                known,
                provider=place.provider,
                service=service,
                span=place.span,
                patient_id=None,
                room_id=None,
                moving_id=made.id,
            )
            sought = replace(sought, beside=beside, keeps_seat=beside is None)
            expires_at = min(until, place.span.start)
            placed = await take(tx, asking, sought, owner=owner, client=CLIENT, expires_at=expires_at)
            return placed.hold
    except Refusal:
        return None


def _fixed(made: Appointment, now: datetime) -> str | None:
    """Say why an appointment cannot be moved at all."""
    try:
        insist_movable(made, now)
    except Refusal as refusal:
        return str(refusal)
    return None


def _item(made: Appointment, held: Hold | None, reason: str) -> PlanItem:
    was = Where.of(made)
    if held is None:
        return PlanItem(appointment_id=made.id, was=was, reason=reason)
    return PlanItem(appointment_id=made.id, was=was, to=Where.of(held), hold_id=held.id)
