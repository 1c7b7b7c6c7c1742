"""What is done to many appointments at once: canceled, moved, given to another provider."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import ClassVar
from uuid import UUID

from deskcal.core.booking import Appointment, Status
from deskcal.core.job import MOST_ITEMS, Place
from deskcal.core.lifecycle import WAITING
from deskcal.core.localtime import find_zone, to_instant
from deskcal.core.refusals import Invalid, SlotTaken
from deskcal.core.span import Span
from deskcal.flows import move
from deskcal.flows.cancel import canceled
from deskcal.flows.jobs import Kinds, Turn
from deskcal.flows.resources import insist_location
from deskcal.flows.restore import restored
from deskcal.store import listing
from deskcal.store.catalog import Catalog
from deskcal.store.database import ReadTx
from deskcal.store.listing import Filter

DAY = timedelta(days=1)
LOOKED_AT = 20 * MOST_ITEMS
"""More than the days before and after a selection add to what may be chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which appointments are meant: those that start on local dates of their own, first to last.

    Without a status, those for which nobody has come yet.
    """

    first: date
    last: date
    provider_id: UUID | None = None
    location_id: UUID | None = None
    service_id: UUID | None = None
    status: Status | None = None

    @property
    def statuses(self) -> frozenset[Status]:
        return WAITING if self.status is None else frozenset({self.status})

    def has(self, made: Appointment, known: Catalog) -> bool:
        """Tell whether one is meant still: the desk may have moved or canceled it."""
        provider = known.providers.get(made.provider_id)
        day = made.span.start.astimezone(find_zone(made.timezone)).date()
        return (
            made.status in self.statuses
            and self.first <= day <= self.last
            and self.provider_id in {None, made.provider_id}
            and (provider is None or self.location_id in {None, provider.location_id})
        )

    async def appointments(self, tx: ReadTx, known: Catalog) -> list[Appointment]:
        """List them by start. Raises NotFound or Invalid for a provider or location that is not there."""
        # A local date begins up to a day before, and ends up to a day after, the UTC one.
        around = Span(
            start=datetime.combine(self.first - DAY, time(), UTC),
            end=datetime.combine(self.last + 2 * DAY, time(), UTC),
        )
        wanted = Filter(
            span=around,
            provider_id=self.provider_id,
            location_id=self.location_id,
            service_id=self.service_id,
            statuses=self.statuses,
        )
        await insist_location(tx, self.location_id)
        found = await listing.appointments(tx, wanted, limit=LOOKED_AT)
        chosen = [made for made in found if self.has(made, known)]
        if not chosen and self.provider_id is not None:
            known.provider(self.provider_id)
        return chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class _Selected:
    """What all kinds of bulk work have: whom it is about, and why."""

    selection: Selection
    reason: str | None = None

    async def choose(self, tx: ReadTx, known: Catalog) -> Sequence[UUID]:
        return [made.id for made in await self.selection.appointments(tx, known)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel(_Selected):
    """Cancel them; without a fee, as it is the clinic that cancels, unless it is to be by their policy."""

    name: ClassVar = "cancel"

    waive_fee: bool = True

    async def do(self, turn: Turn) -> Appointment | None:
        if not self.selection.has(turn.made, turn.known):
            return None
        return await canceled(
            turn.tx, turn.asking, turn.known, turn.made, reason=self.reason, waive_fee=self.waive_fee
        )

    async def undo(self, turn: Turn, was: Place) -> Appointment:
        return await restored(turn.tx, turn.asking, turn.known, turn.made, was.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move(_Selected):
    """Move them by days and minutes of their wall clock, or to a date at the same time of day."""

    name: ClassVar = "move"

    days: int = 0
    minutes: int = 0
    to_date: date | None = None

    async def choose(self, tx: ReadTx, known: Catalog) -> Sequence[UUID]:
        """List them so that each finds the time free that another of them had."""
        found = [made.id for made in await self.selection.appointments(tx, known)]
        later = timedelta(days=self.days, minutes=self.minutes) > timedelta()
        return found[::-1] if later else found

    async def do(self, turn: Turn) -> Appointment | None:
        if not self.selection.has(turn.made, turn.known):
            return None
        zone = find_zone(turn.made.timezone)
        wall = turn.made.span.start.astimezone(zone).replace(tzinfo=None)
        wall += timedelta(days=self.days, minutes=self.minutes)
        if self.to_date is not None:
            wall = datetime.combine(self.to_date, wall.time())
        to = move.Move(start=to_instant(wall, zone), reason=self.reason)
        return await move.moved_to(turn.tx, turn.asking, turn.known, turn.made, to)

    async def undo(self, turn: Turn, was: Place) -> Appointment:
        return await moved_back(turn, was)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassign(_Selected):
    """Give them to another provider, at the same times."""

    name: ClassVar = "reassign"

    to_provider_id: UUID

    async def choose(self, tx: ReadTx, known: Catalog) -> Sequence[UUID]:
        """List them, if there is anybody to give them to. Raises NotFound."""
        known.provider(self.to_provider_id)
        found = await self.selection.appointments(tx, known)
        return [made.id for made in found if made.provider_id != self.to_provider_id]

    async def do(self, turn: Turn) -> Appointment | None:
        made = turn.made
        if not self.selection.has(made, turn.known) or made.provider_id == self.to_provider_id:
            return None
        to = move.Move(start=made.span.start, provider_id=self.to_provider_id, reason=self.reason)
        return await move.moved_to(turn.tx, turn.asking, turn.known, made, to)

    async def undo(self, turn: Turn, was: Place) -> Appointment:
        return await moved_back(turn, was)


KINDS: Kinds = {kind.name: kind for kind in (Cancel, Move, Reassign)}


async def moved_back(turn: Turn, was: Place) -> Appointment:
    """Move one back to where it was: into its room, or into another where somebody else has that."""
    to = move.Move(start=was.start, end=was.end, provider_id=was.provider_id)
    if was.room_id is not None:
        with suppress(Invalid, SlotTaken):
            async with turn.tx.part():
                there = replace(to, room_id=was.room_id)
                return await move.moved_to(turn.tx, turn.asking, turn.known, turn.made, there)
    return await move.moved_to(turn.tx, turn.asking, turn.known, turn.made, to)
