"""The conflict dialog: what happened, that nothing was booked, and the nearest slots that fit."""

from collections.abc import Awaitable, Callable
from datetime import tzinfo

from deskcal.tui.booking.choices import Choices, compared_choice
from deskcal.tui.booking.hold import Hold
from deskcal.tui.desk import Desk
from deskcal.tui.names import shown
from deskcal.wire.booking import Appointment
from deskcal.wire.people import Patient
from deskcal.wire.problem import Problem

CONFLICTS = frozenset(
    {
        "SLOT_ALREADY_BOOKED",
        "SLOT_HELD",
        "ROOM_ALREADY_BOOKED",
        "EQUIPMENT_UNAVAILABLE",
        "PATIENT_ALREADY_BOOKED",
        "RESERVATION_EXPIRED",
        "STALE_AVAILABILITY",
        "OUTSIDE_HOURS",
        "PROVIDER_UNAVAILABLE",
        "DAY_NOT_AVAILABLE",
        "RULE_VIOLATED",
        "TOO_LATE",
    }
)
_TITLES = {
    "RESERVATION_EXPIRED": "HOLD RAN OUT",
    "PATIENT_ALREADY_BOOKED": "PATIENT ALREADY BOOKED",
    "SLOT_HELD": "SLOT HELD",
    "SLOT_ALREADY_BOOKED": "SLOT TAKEN",
}


def conflict(
    problem: Problem,
    hold: Hold,
    patient: Patient | None,
    desk: Desk,
    *,
    waitlist: Callable[[], Awaitable[None]] | None = None,
    unasked: bool = False,
) -> Choices:
    """Make the dialog for a refusal, or, `unasked`, for news that took the slot while somebody typed."""
    zone, wanted = desk.zone, hold.slot
    local = wanted.start.astimezone(zone)
    whom = f" for {shown(patient.name, private=desk.private)}" if patient else ""
    above = [
        f"{local:%a %d %b %H:%M} {wanted.provider_name}: {problem.detail}",
        f"Nothing was moved: {_stands(hold.moving, zone)}."
        if hold.moving
        else f"Nothing was booked{whom}. No message was sent.",
    ]
    alternatives = [
        compared_choice(slot, wanted, zone, desk)
        for slot in problem.alternatives or []
        if slot.id != wanted.id
    ]
    if alternatives:
        above.append("Nearest that fit, and what changes:")
    title = _TITLES.get(problem.error, "NOT POSSIBLE")
    return Choices(title, alternatives, desk, above=above, alarm=True, unasked=unasked, waitlist=waitlist)


def _stands(moving: Appointment, zone: tzinfo) -> str:
    return (
        f"{moving.reference} stands at {moving.start.astimezone(zone):%a %d %b %H:%M} {moving.provider_name}"
    )
