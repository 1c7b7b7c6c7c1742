"""Reads of the calendar: a provider's day, the desk's day, one slot with every reason against it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from deskcal.core.access import Actor
from deskcal.core.booking import Appointment, Status
from deskcal.core.clinic import Provider, Service
from deskcal.core.delay import Delay
from deskcal.core.lane import slot, slots
from deskcal.core.localtime import local_day
from deskcal.core.refusals import Invalid
from deskcal.core.slot import Slot
from deskcal.core.span import Span
from deskcal.core.survey import Survey
from deskcal.core.verdict import Reason, reasons
from deskcal.flows import alternatives
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board, View
from deskcal.flows.trying import survey_within
from deskcal.store import delays, listing, occupancy, patients
from deskcal.store.catalog import Catalog
from deskcal.store.database import ReadTx

MOST_LANES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One provider's slots of a day for one service, or none where the provider has no service.

    What staff alone may see, the appointments and how late the provider runs, comes by `for_staff`.
    """

    provider: Provider
    service: Service | None
    slots: Sequence[Slot]
    appointments: Sequence[Appointment] = ()
    delay: Delay | None = None


def day_window(day: date) -> Span:
    """Give the stretch of time that a local date can be, in any zone."""
    return local_day(day, ZoneInfo("UTC")).padded(before=14 * 60, after=14 * 60)


def provider_day(view: View, *, provider_id: UUID, service_id: UUID, on: date) -> Lane:
    """Give every slot of a provider's local day, taken ones too."""
    provider, service = view.catalog.provider(provider_id), view.catalog.service(service_id)
    survey = view.catalog.survey(service, local_day(on, provider.zone), view, view.now)
    return Lane(provider=provider, service=service, slots=slots(survey, survey.of(provider)))


def desk_day(
    view: View, *, on: date, service_id: UUID | None, provider_id: UUID | None, location_id: UUID | None
) -> tuple[Lane, ...]:
    """Give a lane for each provider that fits; without a service, of the provider's first one."""
    surveys: dict[tuple[UUID, str], Survey] = {}
    lanes = []
    for provider, service in offers(
        view.catalog, service_id=service_id, provider_id=provider_id, location_id=location_id
    ):
        if service is None:
            lanes.append(Lane(provider=provider, service=None, slots=()))
            continue
        key = service.id, provider.timezone
        if key not in surveys:
            window = local_day(on, provider.zone)
            surveys[key] = view.catalog.survey(service, window, view, view.now)
        found = slots(surveys[key], surveys[key].of(provider))
        lanes.append(Lane(provider=provider, service=service, slots=found))
    return tuple(lanes[:MOST_LANES])


def offers(
    known: Catalog, *, service_id: UUID | None, provider_id: UUID | None, location_id: UUID | None
) -> list[tuple[Provider, Service | None]]:
    """List the providers that fit, each with the service asked for, or the first one offered.

    Raises NotFound for a provider or service that is not there.
    """
    if service_id is not None:
        known.service(service_id)
    if provider_id is not None:
        known.provider(provider_id)
    found: list[tuple[Provider, Service | None]] = []
    for provider in known.providers.values():
        if provider_id not in {None, provider.id} or location_id not in {None, provider.location_id}:
            continue
        offered = [id_ for id_ in provider.prices if id_ in known.services]
        if service_id is None:
            found.append((provider, known.services[offered[0]] if offered else None))
        elif service_id in offered:
            found.append((provider, known.services[service_id]))
    return found


async def slot_at(
    tx: ReadTx, known: Catalog, *, provider: Provider, service: Service, span: Span, now: datetime
) -> Slot | None:
    """Look at one slot as the database has it; None where the provider's hours have no slot like that."""
    window = Span.of_minutes(span.start, 1)
    survey = await survey_within(tx, known, provider=provider, service=service, window=window, now=now)
    starts = survey.of(provider)
    return slot(survey, starts, 0) if starts.offered else None


async def for_staff(board: Board, actor: Actor, lanes: Sequence[Lane], on: date) -> Sequence[Lane]:
    """Add to lanes of a local day their appointments, with names, and who runs late; for patients nothing."""
    days = [local_day(on, lane.provider.zone) for lane in lanes]
    if not days or not actor.is_staff:
        return lanes
    whole = Span(start=min(day.start for day in days), end=max(day.end for day in days))
    wanted = listing.Filter(span=whole, statuses=frozenset(Status) - {Status.CANCELED})
    async with board.database.read(actor.clinic_id) as tx:
        found = await listing.appointments(tx, wanted, limit=5000)
        late = {delay.provider_id: delay for delay in await delays.on(tx, on)}
    booked: dict[UUID, list[Appointment]] = {}
    for made in found:
        booked.setdefault(made.provider_id, []).append(made)
    return [
        replace(lane, appointments=booked.get(lane.provider.id, ()), delay=late.get(lane.provider.id))
        for lane in lanes
    ]


async def check(
    board: Board,
    asking: Asking[None],
    *,
    provider_id: UUID,
    service_id: UUID,
    start: datetime,
    patient_id: UUID | None,
    room_id: UUID | None = None,
) -> tuple[tuple[Reason, ...], tuple[Slot, ...]]:
    """Judge one slot: every reason why not, and the nearest free ones where it cannot be had."""
    view = await board.view(asking.clinic_id, Span.of_minutes(start, 1), asking.now)
    provider, service = view.catalog.provider(provider_id), view.catalog.service(service_id)
    on = start.astimezone(provider.zone).date()
    window = local_day(on, provider.zone)
    view = await board.view(asking.clinic_id, window, asking.now)
    if room_id is not None and room_id not in {room.id for room in view.catalog.rooms}:
        raise Invalid(("roomId", "there is no such room"))
    span = Span.of_minutes(start, service.duration_minutes)
    elsewhere = []
    if patient_id is not None:
        async with board.database.read(asking.clinic_id) as tx:
            if await patients.find(tx, patient_id) is None:
                raise Invalid(("patientId", "there is no such patient"))
            elsewhere = await occupancy.of_resources(tx, [patient_id], span)
    survey = view.catalog.survey(service, window, view, asking.now)
    others = [one for one in view.catalog.providers.values() if one != provider and service.id in one.prices]
    found = reasons(survey, provider=provider, span=span, patient=elsewhere, room_id=room_id, others=others)
    if not found:
        return (), ()
    return found, await alternatives.nearest(
        board, asking, provider_id=provider_id, service_id=service_id, at=start
    )
