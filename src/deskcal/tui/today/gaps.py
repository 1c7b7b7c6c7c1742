"""Free time of the next two hours, and who on the waitlist it would suit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from deskcal.core.clinic import Provider
from deskcal.core.rota import read_stretch
from deskcal.core.span import Span
from deskcal.core.waitlist import WaitlistEntry
from deskcal.tui.calendar.cells import FREE_STATUSES
from deskcal.tui.link import Link
from deskcal.tui.today.model import AHEAD
from deskcal.wire.calendar import CalendarDay, Lane, Timeslot
from deskcal.wire.catalog import Service
from deskcal.wire.waitlist import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Slots of a provider that follow one another; `match` is whom it suits, who is first in line."""

    slots: tuple[Timeslot, ...]
    match: Entry | None = None

    @property
    def first(self) -> Timeslot:
        return self.slots[0]

    @property
    def end(self) -> datetime:
        return max(slot.end for slot in self.slots)

    @property
    def minutes(self) -> int:
        return int((self.end - self.first.start).total_seconds() // 60)


def gaps_of(
    day: CalendarDay, entries: Sequence[Entry], services: Mapping[UUID, Service], now: datetime
) -> tuple[Gap, ...]:
    """Merge free slots that touch, provider by provider; seats in a group session are no gap.

    The soonest gap goes to the first in line whom it suits, and nobody gets two.
    """
    line = sorted(entries, key=lambda entry: (-entry.priority, entry.created_at))
    runs = [(lane, slots) for lane in day.providers for slots in _runs(lane.timeslots, now)]
    gaps = list[Gap]()
    for lane, slots in sorted(runs, key=lambda run: (run[1][0].start, run[0].provider.name)):
        match = next((entry for entry in line if _suits(entry, lane, slots, services)), None)
        if match is not None:
            line.remove(match)
        gaps.append(Gap(slots=slots, match=match))
    return tuple(gaps)


async def slot_for(entry: Entry, gap: Gap, day: date, link: Link) -> Timeslot | None:
    """Find the first slot in a gap for the service that somebody waits for. Raises ClientError."""
    found = await link.calendar_day(day, service_id=entry.service_id, provider_id=gap.first.provider_id)
    slots = [slot for lane in found.providers for slot in lane.timeslots if slot.status in FREE_STATUSES]
    inside = (slot for slot in slots if gap.first.start <= slot.start and slot.end <= gap.end)
    return next(inside, None)


def _runs(timeslots: Sequence[Timeslot], now: datetime) -> list[tuple[Timeslot, ...]]:
    runs: list[list[Timeslot]] = []
    for slot in timeslots:
        if slot.status != "available" or slot.capacity > 1 or not now < slot.start < now + AHEAD:
            continue
        if runs and slot.start <= runs[-1][-1].end:
            runs[-1].append(slot)
        else:
            runs.append([slot])
    return [tuple(run) for run in runs]


def _suits(entry: Entry, lane: Lane, slots: Sequence[Timeslot], services: Mapping[UUID, Service]) -> bool:
    service = services.get(entry.service_id)
    if service is None or entry.state != "waiting":
        return False
    there, wanted = lane.provider, _as_wanted(entry)
    provider = Provider(id=there.id, name=there.name, timezone=there.timezone, location_id=there.location_id)
    visits = [Span.of_minutes(slot.start, service.duration_minutes) for slot in slots]
    return any(visit.end <= slots[-1].end and wanted.wants(provider, visit) for visit in visits)


def _as_wanted(entry: Entry) -> WaitlistEntry:
    return WaitlistEntry(
        id=entry.id,
        patient_id=entry.patient_id,
        service_id=entry.service_id,
        created_by="",
        created_at=entry.created_at,
        updated_at=entry.created_at,
        provider_ids=tuple(entry.provider_ids),
        location_id=entry.location_id,
        first_date=entry.first_date,
        last_date=entry.last_date,
        times=tuple(read_stretch({"start": one.start, "end": one.end}, "times") for one in entry.times),
    )
