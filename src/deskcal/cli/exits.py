"""How commands end: the exit codes that scripts rely on, and what each problem of the server ends in."""

from enum import IntEnum

from deskcal.client.errors import ClientError, Refused, Unreachable
from deskcal.core.refusals import Refusal


class Exit(IntEnum):
    """The exit codes."""

    DONE = 0
    UNEXPECTED = 1
    USAGE = 2
    REFUSED = 3
    NOT_FOUND = 4
    NOT_ALLOWED = 5
    UNREACHABLE = 6


OF_PROBLEM = {
    "VALIDATION_FAILED": Exit.USAGE,
    "NAIVE_TIME": Exit.USAGE,
    "NONEXISTENT_LOCAL_TIME": Exit.USAGE,
    "UNAUTHENTICATED": Exit.NOT_ALLOWED,
    "TOKEN_EXPIRED": Exit.NOT_ALLOWED,
    "FORBIDDEN": Exit.NOT_ALLOWED,
    "NOT_FOUND": Exit.NOT_FOUND,
    "SLOT_ALREADY_BOOKED": Exit.REFUSED,
    "SLOT_HELD": Exit.REFUSED,
    "ROOM_ALREADY_BOOKED": Exit.REFUSED,
    "EQUIPMENT_UNAVAILABLE": Exit.REFUSED,
    "PATIENT_ALREADY_BOOKED": Exit.REFUSED,
    "NOT_ALL_AVAILABLE": Exit.REFUSED,
    "RESERVATION_EXPIRED": Exit.REFUSED,
    "STALE_AVAILABILITY": Exit.REFUSED,
    "PRECONDITION_FAILED": Exit.REFUSED,
    "PRECONDITION_REQUIRED": Exit.USAGE,
    "IDEMPOTENCY_IN_PROGRESS": Exit.REFUSED,
    "IDEMPOTENCY_KEY_REUSED": Exit.REFUSED,
    "INVALID_STATUS_CHANGE": Exit.REFUSED,
    "OUTSIDE_HOURS": Exit.REFUSED,
    "PROVIDER_UNAVAILABLE": Exit.REFUSED,
    "DAY_NOT_AVAILABLE": Exit.REFUSED,
    "RULE_VIOLATED": Exit.REFUSED,
    "TOO_LATE": Exit.REFUSED,
    "NOT_CONFIGURED": Exit.REFUSED,
    "RATE_LIMIT_EXCEEDED": Exit.REFUSED,
    "UNAVAILABLE": Exit.UNREACHABLE,
}


class Failure(Exception):
    """A command cannot go on; `str()` says why and what to do."""

    def __init__(self, message: str, exit_: Exit) -> None:
        super().__init__(message)
        self.exit = exit_


Ending = (Failure, ClientError, Refusal)
"""Everything that ends a command with a sentence."""


def exit_of(error: Exception) -> Exit:
    """Choose the exit code. A core refusal here is about what was typed."""
    match error:
        case Failure():
            return error.exit
        case Refused():
            return OF_PROBLEM.get(error.problem.error, Exit.UNEXPECTED)
        case Unreachable():
            return Exit.UNREACHABLE
        case Refusal():
            return Exit.USAGE
    return Exit.NOT_ALLOWED
