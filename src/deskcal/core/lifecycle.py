"""What may become of an appointment: which status follows which, and what it costs."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from deskcal.core.booking import Appointment, Status
from deskcal.core.refusals import InvalidStatusChange, TooLate

NEXT: Mapping[Status, frozenset[Status]] = {
    Status.SCHEDULED: frozenset({Status.CONFIRMED, Status.CHECKED_IN, Status.CANCELED, Status.NO_SHOW}),
    Status.CONFIRMED: frozenset({Status.CHECKED_IN, Status.CANCELED, Status.NO_SHOW}),
    Status.CHECKED_IN: frozenset({Status.CONFIRMED, Status.IN_PROGRESS, Status.CANCELED, Status.NO_SHOW}),
    Status.IN_PROGRESS: frozenset({Status.CHECKED_IN, Status.COMPLETED}),
    Status.COMPLETED: frozenset({Status.IN_PROGRESS}),
    Status.NO_SHOW: frozenset({Status.CONFIRMED, Status.CHECKED_IN}),
    Status.CANCELED: frozenset(),
}
"""A step back mends a slip: somebody checked in who had not come, a no-show who comes late after all."""

WAITING = frozenset({Status.SCHEDULED, Status.CONFIRMED})
"""Nobody has come yet: it can be moved."""

STANDING = frozenset(Status) - {Status.COMPLETED, Status.CANCELED, Status.NO_SHOW}
"""It is still to come, or goes on."""


def step(made: Appointment, to: Status, now: datetime) -> None:
    """Insist that a status may follow. Raises InvalidStatusChange, or TooLate for what has begun already."""
    if to not in NEXT[made.status]:
        ways = ", ".join(sorted(NEXT[made.status])) or "nothing"
        raise InvalidStatusChange(f"This appointment is {made.status}; from there it can become {ways}.")
    if to is Status.NO_SHOW and now < made.span.start:
        raise InvalidStatusChange("It has not begun yet: nobody can have missed it. Cancel it instead.")
    if to is Status.CANCELED and made.status in WAITING and now >= made.span.start:
        raise TooLate("It has begun: it cannot be canceled any more, only marked as a no-show.")


def stepped(made: Appointment, to: Status, now: datetime) -> Appointment:
    """Give it another status, and note when the patient came and when they were called in.

    Whoever steps back forgets what had not happened after all.
    """
    has_come = to in {Status.CHECKED_IN, Status.IN_PROGRESS, Status.COMPLETED}
    is_seen = to in {Status.IN_PROGRESS, Status.COMPLETED}
    return replace(
        made,
        status=to,
        checked_in_at=(made.checked_in_at or now) if has_come else None,
        started_at=(made.started_at or now) if is_seen else None,
        version=made.version + 1,
        updated_at=now,
    )


def insist_movable(made: Appointment, now: datetime) -> None:
    """Insist that it can get another time. Raises InvalidStatusChange, or TooLate once it has begun."""
    if made.status not in WAITING:
        raise InvalidStatusChange(f"This appointment is {made.status} and cannot be moved.")
    if now >= made.span.start:
        raise TooLate("It has begun: it cannot be moved any more. Book a new one.")


def cancellation_fee(made: Appointment, now: datetime) -> int:
    """Give what canceling costs now, in cents: nothing until the last free moment, the price at most."""
    return 0 if now <= made.refundable_until else min(made.fee_cents, made.price_cents)
