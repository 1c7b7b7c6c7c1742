"""Judges the appointments of an import in order, each as any booking is judged or as history."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuid

from deskcal.core.booking import Party, Status, on_todays_terms
from deskcal.core.clinic import Provider, Service
from deskcal.core.history import as_history
from deskcal.core.importing import Creatable, OnConflict, Terms
from deskcal.core.refusals import Conflict, Invalid, Refusal, RuleViolated, SlotTaken
from deskcal.core.rule import Case
from deskcal.core.ruling import locks_for, refusals
from deskcal.core.slot import Busy, Visit
from deskcal.core.span import Span
from deskcal.core.verdict import gate
from deskcal.flows.asking import Asking
from deskcal.flows.import_diary import Diary, around
from deskcal.flows.import_drafts import Booking, Draft
from deskcal.flows.import_places import Places
from deskcal.flows.import_starts import free_starts, spread_starts
from deskcal.flows.securing import Sought, choose, in_words, seek
from deskcal.store.catalog import Catalog

MOST_PROVIDERS = 50
IN_A_ROW = 20


class Blocked(SlotTaken):
    """Something is in the way; with the appointments that are."""

    def __init__(self, sought: Sought, conflicts: Sequence[Conflict], seen: Sequence[Busy]) -> None:
        super().__init__(in_words(sought, conflicts), conflicts=conflicts)
        resources = {conflict.resource_id for conflict in conflicts}
        ahead = (row.appointment_id for row in seen if row.resource_id in resources)
        self.appointment_ids = tuple(dict.fromkeys(id_ for id_ in ahead if id_))


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """What rows are judged by. `known` need not have what rows bring; the diary has what they took so far."""

    asking: Asking[Any]
    known: Catalog
    terms: Terms
    import_id: UUID | None
    places: Places
    diary: Diary

    async def judge(self, drafts: Sequence[Draft]) -> tuple[list[Booking], list[tuple[Draft, Refusal]]]:
        """Choose for each row, in order, what it takes; or say why it cannot be had."""
        bookings: list[Booking] = []
        against: list[tuple[Draft, Refusal]] = []
        if drafts:
            await self._look_ahead(drafts)
        for number, draft in enumerate(drafts):
            if number % IN_A_ROW == 0:
                await asyncio.sleep(0)  # other requests have their turn
            try:
                booking = await self._place(draft)
            except Refusal as refusal:
                against.append((draft, refusal))
                continue
            bookings.append(booking)
            made, key = booking.made, booking.choice.session_key
            visit = Visit(provider_id=made.provider_id, service_id=made.service_id, span=made.span)
            self.diary.take(made.id, booking.choice.wants, made.id.int if key is None else key, visit)
        return bookings, against

    async def _look_ahead(self, drafts: Sequence[Draft]) -> None:
        """Read for all rows at once what could be in the way of any."""
        starts = [draft.earliest for draft in drafts]
        resources = {id_ for draft in drafts for id_ in (draft.patient.id, draft.provider.id)}
        for draft in {(draft.provider.id, draft.service.id): draft for draft in drafts}.values():
            start = max(draft.earliest, self.asking.now)
            bare = Span.of_minutes(start, draft.service.duration_minutes)
            resources |= self._sought(draft, draft.provider, bare, draft.service).fits.resources
        await self.diary.look(resources, around(min(starts), max(starts)))

    async def _place(self, draft: Draft) -> Booking:
        """Find the time of a row: its own, the nearest free one, or any of its day. Raises why not."""
        if draft.start is None:
            return await self._any_time(draft)
        try:
            return await self._fit(draft, draft.provider, draft.start)
        except Blocked:
            if self.terms.on_conflict is not OnConflict.NEXT_FREE:
                raise
            past = draft.start < self.asking.now
            async for start in free_starts(
                self.diary, draft, draft.start, anyhow=past and self.terms.outside_hours
            ):
                # What was is never moved into what comes, nor the other way round.
                if (start < self.asking.now) is past:
                    try:
                        return await self._fit(draft, draft.provider, start)
                    except Refusal:
                        continue
            raise

    async def _any_time(self, draft: Draft) -> Booking:
        """Put a row into its day, with the provider or with the next of their name."""
        provider, spread = draft.provider, self.terms.spread or (0, 0)
        for number in range(2, MOST_PROVIDERS + 2):
            for start in spread_starts(self.diary, draft, provider, spread):
                try:
                    return await self._fit(draft, provider, start)
                except Refusal:
                    continue
            if not self.terms.more_providers or Creatable.PROVIDERS not in self.terms.create:
                break
            provider = self.places.next_of(draft.provider, number)
            await self.diary.look([provider.id], around(draft.earliest, draft.earliest))
        raise SlotTaken(f"No time is left on {draft.day} between those to spread over.", conflicts=())

    async def _fit(self, draft: Draft, provider: Provider, start: datetime) -> Booking:
        """Take what a start needs, if it can be had. Raises the first refusal."""
        now = self.asking.now
        status = draft.row.status_at(start, now)
        service = as_history(draft.service) if start < now else draft.service
        span = Span.of_minutes(start, service.duration_minutes)
        if start >= now:
            gate(provider=provider, service=service, span=span, now=now, on_grid=False)
            await self._obey(provider, service, span)
        elif not self.terms.outside_hours:
            _insist_open(provider, service, span)
        sought = self._sought(draft, provider, span, service)
        await self.diary.look(sought.kinds, around(start, start))
        seen = self.diary.in_way(sought)
        conflicts, choice = choose(sought, seen)
        if choice is None:
            raise Blocked(sought, conflicts, seen)
        made = on_todays_terms(
            id=uuid.uuid7(),
            provider=provider,
            service=service,
            patient=draft.patient,
            span=span,
            status=status,
            mode=None,
            notes=None,
            booked_by=self.asking.actor.sub,
            now=now,
            room_id=choice.room_id,
            unit_ids=choice.unit_ids,
        )
        missed = Party.PATIENT if status is Status.NO_SHOW else None
        made = replace(made, batch_id=self.import_id, missed_by=missed)
        return Booking(draft=draft, made=made, choice=choice)

    def _sought(self, draft: Draft, provider: Provider, span: Span, service: Service) -> Sought:
        return seek(
            self.known,
            provider=provider,
            service=service,
            span=span,
            patient_id=draft.patient.id,
            room_id=None,
        )

    async def _obey(self, provider: Provider, service: Service, span: Span) -> None:
        """Raise RuleViolated for the first rule against it; who counts, counts alone."""
        names = locks_for(provider, service, span.start.astimezone(provider.zone).date())
        if names:
            await self.diary.count(names, provider.id, service.id, span)
        case = Case(
            provider=provider,
            service=service,
            window=Span.of_minutes(span.start, 1),
            now=self.asking.now,
            visits=self.diary.visits(provider.id, service.id, span),
        )
        for rule, _ in refusals(case):
            message, fix = rule.reason(case)
            raise RuleViolated(rule.type, "; ".join(filter(None, (message, fix))))


def _insist_open(provider: Provider, service: Service, span: Span) -> None:
    try:
        gate(provider=provider, service=service, span=span, now=span.start, on_grid=False)
    except Refusal as refusal:
        raise Invalid(("start", f"{refusal}. To take the past as it is: --outside-hours allow")) from refusal
