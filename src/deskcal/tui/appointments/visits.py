"""A patient's visits: what is ahead, what was, and how often they did not come."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from deskcal.tui.appointments.statuses import WORDS
from deskcal.tui.desk import Desk
from deskcal.tui.names import doctor
from deskcal.wire.booking import Appointment

KEPT = 50
MONTHS_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Visits:
    """`upcoming` soonest first, `history` latest first; `older` tells that the server knows more of either.

    `missed` are those that the patient missed, latest first, however long ago.
    """

    patient_id: UUID
    upcoming: tuple[Appointment, ...]
    history: tuple[Appointment, ...]
    missed: tuple[Appointment, ...]
    older: bool = False

    @property
    def next(self) -> Appointment | None:
        return self.upcoming[0] if self.upcoming else None

    @property
    def last(self) -> Appointment | None:
        """The latest visit that took place."""
        return next((one for one in self.history if one.status == "completed"), None)


async def fetch_visits(desk: Desk, patient_id: UUID) -> Visits:
    """Ask for what is ahead, the latest of what was, and every no-show. Raises ClientError."""
    with desk.asking() as link:
        clinic_id = link.clinic.id
        ahead, behind, missed = await asyncio.gather(
            link.appointments(clinic_id, which="upcoming", patient_id=patient_id, limit=KEPT),
            link.appointments(clinic_id, which="history", patient_id=patient_id, limit=KEPT),
            link.appointments(clinic_id, which="history", patient_id=patient_id, status="no_show"),
        )
    return Visits(
        patient_id=patient_id,
        upcoming=tuple(ahead.items),
        history=tuple(behind.items),
        missed=tuple(one for one in missed.items if one.missed_by != "provider"),
        older=bool(ahead.next_cursor or behind.next_cursor),
    )


def visit_words(visit: Appointment, desk: Desk, *, wide: bool = True) -> str:
    """Write a visit in a line: when, with whom, for what, what became of it, and its reference."""
    start = desk.local(visit.start)
    year = f" {start:%Y}" if start.year != desk.today.year else ""
    when = f"{start:%a} {start.day} {start:%b}{year} {start:%H:%M}"
    with_whom = doctor(visit.provider_name, 12, titled=wide)
    parts = [when, f"{with_whom} {visit.service_title}", WORDS[visit.status]]
    return "  ".join([*parts, visit.reference] if wide else parts)


def history_words(visits: Visits, desk: Desk) -> str:
    """Sum up what was: `12 visits   2 no-shows (Mar, Jul)   last Thu 9 Oct Dr Chen Follow-up`."""
    seen = sum(one.status == "completed" for one in visits.history)
    none = "no completed visits" if visits.history else "no visits yet"
    came = f"{_counted(seen, 'visit')}{' or more' if visits.older else ''}" if seen else none
    parts = [came, missed_words(visits, desk)]
    if last := visits.last:
        start = desk.local(last.start)
        parts.append(f"last {start:%a} {start.day} {start:%b} {last.provider_name} {last.service_title}")
    return "   ".join(filter(None, parts))


def missed_words(visits: Visits, desk: Desk) -> str:
    """Say how often they did not come, and when of late: `2 no-shows (Mar, Jul)`; empty for never."""
    if not visits.missed:
        return ""
    months = [f"{desk.local(one.start):%b}" for one in reversed(visits.missed[:MONTHS_NAMED])]
    earlier = "... " if len(visits.missed) > MONTHS_NAMED else ""
    return f"{_counted(len(visits.missed), 'no-show')} ({earlier}{', '.join(months)})"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" + ("" if number == 1 else "s")
