"""Verdicts as the wire spells them: what is against a start, and what is free instead."""

from collections.abc import Iterable

from deskcal.core import together
from deskcal.core.verdict import Reason
from deskcal.server.shapes import timeslots
from deskcal.store.catalog import Catalog
from deskcal.wire import calendar


def reasons(found: Iterable[Reason]) -> list[calendar.Reason]:
    return [calendar.Reason(code=why.code, message=why.message, fix=why.fix) for why in found]


def refused_start(found: together.Judged) -> calendar.RefusedStart:
    return calendar.RefusedStart(
        start=found.start, reasons=reasons(found.reasons), next_valid=found.next_valid
    )


def judged(found: together.Judged, known: Catalog | None) -> calendar.Judged:
    """Spell the verdict on one of several bookings; slots need the catalogue, for names and prices."""
    return calendar.Judged(
        start=found.start,
        end=found.end,
        available=found.available,
        reasons=reasons(found.reasons),
        alternatives=timeslots(found.alternatives, known) if known else [],
        next_valid=found.next_valid,
        patient_id=found.patient_id,
    )
