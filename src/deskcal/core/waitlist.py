"""The waitlist: who waits for what, what was offered to them, and whom a freed time suits."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from deskcal.core.clinic import Provider, Service
from deskcal.core.refusals import InvalidStatusChange, NotFound
from deskcal.core.session import has_begun, own_window
from deskcal.core.span import Span
from deskcal.core.verdict import slot_starts

_DAY = timedelta(days=1)


class EntryState(StrEnum):
    """Where somebody on the waitlist stands."""

    WAITING = "waiting"
    OFFERED = "offered"
    BOOKED = "booked"
    WITHDRAWN = "withdrawn"


class OfferState(StrEnum):
    """What became of an offer."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A freed time that is kept by a hold until `expires_at`; `span` is the service alone."""

    id: UUID
    hold_id: UUID
    provider_id: UUID
    span: Span
    state: OfferState
    offered_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitlistEntry:
    """What a patient waits for, and the chain of what they were offered, oldest first.

    No providers is anybody, no location anywhere. Dates are both inclusive, and they and `times`, minutes
    `[from, to)` of the day, are on the wall clock where the provider works. The highest priority comes first.
    """

    id: UUID
    patient_id: UUID
    service_id: UUID
    created_by: str
    created_at: datetime
    updated_at: datetime
    provider_ids: tuple[UUID, ...] = ()
    location_id: UUID | None = None
    first_date: date | None = None
    last_date: date | None = None
    times: tuple[tuple[int, int], ...] = ()
    notes: str | None = None
    priority: int = 0
    state: EntryState = EntryState.WAITING
    appointment_id: UUID | None = None
    offers: tuple[Offer, ...] = ()
    patient_name: str = ""
    service_title: str = ""
    version: int = 1

    def offer(self, offer_id: UUID | None) -> Offer:
        """Give one of its offers, the newest unless told which.

        Raises NotFound, or InvalidStatusChange while nothing was offered yet.
        """
        found = next((one for one in reversed(self.offers) if offer_id in {None, one.id}), None)
        if found is None and offer_id is not None:
            raise NotFound("There is no such offer.")
        if found is None:
            raise InvalidStatusChange("Nothing is offered yet; wait until a time comes free.")
        return found

    def offered(self, made: Offer) -> "WaitlistEntry":
        """Offer it a time."""
        return _changed(self, made.offered_at, state=EntryState.OFFERED, offers=(*self.offers, made))

    def answered(
        self, offer: Offer, became: OfferState, now: datetime, *, appointment_id: UUID | None = None
    ) -> "WaitlistEntry":
        """End an offer; what is not booked by it waits on, unless it was withdrawn."""
        state = EntryState.WAITING if self.state is EntryState.OFFERED else self.state
        return _changed(
            self,
            now,
            state=EntryState.BOOKED if became is OfferState.ACCEPTED else state,
            appointment_id=appointment_id,
            offers=tuple(replace(one, state=became) if one.id == offer.id else one for one in self.offers),
        )

    def withdrawn(self, now: datetime) -> "WaitlistEntry":
        """Let it wait no longer."""
        return _changed(self, now, state=EntryState.WITHDRAWN)

    def wants(self, provider: Provider, span: Span) -> bool:
        """Tell whether a visit would be what is waited for; not what was offered before."""
        start = span.start.astimezone(provider.zone)
        opens = start.hour * 60 + start.minute
        return (
            (not self.provider_ids or provider.id in self.provider_ids)
            and self.location_id in {None, provider.location_id}
            and (self.first_date or start.date()) <= start.date() <= (self.last_date or start.date())
            and (not self.times or any(a <= opens and opens + span.minutes <= b for a, b in self.times))
            and not any((one.provider_id, one.span.start) == (provider.id, span.start) for one in self.offers)
        )


def _changed(entry: WaitlistEntry, now: datetime, **facts: Any) -> WaitlistEntry:
    return replace(entry, version=entry.version + 1, updated_at=now, **facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A freed time that somebody waits for."""

    entry: WaitlistEntry
    service: Service
    span: Span


def matches(
    entries: Iterable[WaitlistEntry],
    *,
    freed: Span,
    provider: Provider,
    services: Mapping[UUID, Service],
    busy: Mapping[UUID, Sequence[Span]],
    now: datetime,
) -> Iterator[Match]:
    """Give whom which freed time of a provider suits: by priority, then by who waits longest, then by start.

    A visit begins at the start of a slot and lies within freed time; where none would, it takes some of it,
    with time beside it. `busy` is when the provider and the patients have something else; whether a group
    session has a seat left is not looked at.
    """
    for entry in sorted(entries, key=lambda entry: (-entry.priority, entry.created_at, entry.id)):
        service = services.get(entry.service_id)
        if service is None or service.id not in provider.prices:
            continue
        for span in _places(service, provider, freed):
            taken = service.capacity == 1 and _clash(own_window(service, span), busy.get(provider.id, ()))
            elsewhere = _clash(span, busy.get(entry.patient_id, ()))
            if entry.wants(provider, span) and not (taken or elsewhere or has_begun(span, now)):
                yield Match(entry=entry, service=service, span=span)


def _places(service: Service, provider: Provider, freed: Span) -> list[Span]:
    longest = timedelta(minutes=service.duration_minutes)
    first, last = (side.astimezone(provider.zone).date() for side in (freed.start - longest, freed.end))
    starts = (
        start
        for ahead in range((last - first).days + 1)
        for start in slot_starts(provider, service, first + ahead * _DAY)
    )
    found = [
        span for start in starts if (span := Span.of_minutes(start, service.duration_minutes)).overlaps(freed)
    ]
    return [span for span in found if freed.contains(span)] or found


def _clash(span: Span, others: Sequence[Span]) -> bool:
    return any(span.overlaps(other) for other in others)
