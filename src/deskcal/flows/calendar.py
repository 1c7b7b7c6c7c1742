"""Reads of the calendar: a provider's day, the desk's day, one slot with every reason against it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from deskcal.core.access import Actor
from deskcal.core.booking import Appointment, Status
from deskcal.core.clinic import Provider, Service
from deskcal.core.lane import own_window, provider_lane
from deskcal.core.localtime import local_day
from deskcal.core.refusals import Invalid, NotFound
from deskcal.core.slot import Slot
from deskcal.core.span import Span
from deskcal.core.verdict import Reason, reasons
from deskcal.flows import alternatives
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board, Day
from deskcal.store import appointments, occupancy, patients
from deskcal.store.catalog import Catalog
from deskcal.store.database import ReadTx

MOST_LANES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One provider's slots of a day for one service, or none where the provider has no service."""

    provider: Provider
    service: Service | None
    slots: Sequence[Slot]
    appointments: Sequence[Appointment] = ()


def provider_day(day: Day, *, provider_id: UUID, service_id: UUID, on: date, now: datetime) -> Lane:
    """Give every slot of a provider's local day, taken ones too."""
    provider, service = day.catalog.providers.get(provider_id), day.catalog.services.get(service_id)
    if provider is None:
        raise NotFound("There is no such provider.")
    if service is None:
        raise NotFound("There is no such service.")
    return _lane(day, provider, service, on, now)


def desk_day(
    day: Day,
    *,
    on: date,
    now: datetime,
    service_id: UUID | None,
    provider_id: UUID | None,
    location_id: UUID | None,
) -> tuple[Lane, ...]:
    """Give a lane for each provider that fits; without a service, of the provider's first one."""
    services = day.catalog.services
    if service_id is not None and service_id not in services:
        raise NotFound("There is no such service.")
    if provider_id is not None and provider_id not in day.catalog.providers:
        raise NotFound("There is no such provider.")
    lanes = []
    for provider in day.catalog.providers.values():
        if provider_id not in {None, provider.id} or location_id not in {None, provider.location_id}:
            continue
        offered = [id_ for id_ in provider.prices if id_ in services]
        if service_id is not None and service_id not in offered:
            continue
        chosen = services[service_id or offered[0]] if offered else None
        lanes.append(_lane(day, provider, chosen, on, now))
    return tuple(lanes[:MOST_LANES])


async def slot_at(
    tx: ReadTx, known: Catalog, *, provider: Provider, service: Service, span: Span, now: datetime
) -> Slot | None:
    """Look at one slot as the database has it; None where the provider's hours have no slot like that."""
    rooms = [room.id for room in known.rooms_for(provider, service)]
    rows = await occupancy.of_resources(tx, [provider.id, *rooms], own_window(service, span))
    lane = provider_lane(
        provider=provider,
        service=service,
        day=span.start.astimezone(provider.zone).date(),
        busy=[row for row in rows if row.resource_id == provider.id],
        rooms={room: [row for row in rows if row.resource_id == room] for room in rooms},
        now=now,
    )
    return next((slot for slot in lane if slot.span == span), None)


async def booked_on(
    board: Board, actor: Actor, lanes: Sequence[Lane], on: date
) -> dict[UUID, list[Appointment]]:
    """List the appointments of a local day by provider, with names: for staff only."""
    days = [local_day(on, lane.provider.zone) for lane in lanes]
    if not days or not actor.is_staff:
        return {}
    whole = Span(start=min(day.start for day in days), end=max(day.end for day in days))
    standing = [status for status in Status if status is not Status.CANCELED]
    async with board.database.read(actor.clinic_id) as tx:
        found = await appointments.within(tx, whole, statuses=standing, limit=5000)
    by_provider: dict[UUID, list[Appointment]] = {}
    for made in found:
        by_provider.setdefault(made.provider_id, []).append(made)
    return by_provider


async def check(
    board: Board,
    asking: Asking[None],
    *,
    provider_id: UUID,
    service_id: UUID,
    start: datetime,
    patient_id: UUID | None,
) -> tuple[tuple[Reason, ...], tuple[Slot, ...]]:
    """Judge one slot: every reason why not, and the nearest free ones where it cannot be had."""
    day = await board.day(asking.clinic_id, start.date())
    provider, service = day.catalog.providers.get(provider_id), day.catalog.services.get(service_id)
    if provider is None or service is None:
        raise NotFound("There is no such provider." if provider is None else "There is no such service.")
    span = Span.of_minutes(start, service.duration_minutes)
    whole = own_window(service, span)
    if patient_id is not None:
        async with board.database.read(asking.clinic_id) as tx:
            if await patients.find(tx, patient_id) is None:
                raise Invalid(("patientId", "there is no such patient"))
    found = reasons(
        provider=provider,
        service=service,
        span=span,
        busy=[row for row in day.of(provider.id) if row.span.overlaps(whole)],
        rooms=day.rooms(provider, service),
        patient=day.of(patient_id) if patient_id else (),
        now=asking.now,
    )
    if not found:
        return (), ()
    return found, await alternatives.nearest(
        board, asking, provider_id=provider_id, service_id=service_id, span=span
    )


def _lane(day: Day, provider: Provider, service: Service | None, on: date, now: datetime) -> Lane:
    if service is None:
        return Lane(provider=provider, service=None, slots=())
    slots = provider_lane(
        provider=provider,
        service=service,
        day=on,
        busy=day.of(provider.id),
        rooms=day.rooms(provider, service),
        now=now,
    )
    return Lane(provider=provider, service=service, slots=slots)
