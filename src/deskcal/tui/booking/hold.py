"""A hold as the desk sees it, from the key press to its end."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from deskcal.wire.booking import Appointment, BookingTimes, Reservation
from deskcal.wire.calendar import Timeslot
from deskcal.wire.problem import Problem


class Stage(StrEnum):
    """Where a hold stands. The first five are open; the rest are ends.

    UNHELD is a slot picked while the server is away: nobody keeps it.
    """

    UNHELD = "unheld"
    PENDING = "pending"
    HELD = "held"
    CONFIRMING = "confirming"
    LAPSED = "lapsed"
    BOOKED = "booked"
    RELEASED = "released"
    REFUSED = "refused"
    UNANSWERED = "unanswered"


OPEN = frozenset({Stage.UNHELD, Stage.PENDING, Stage.HELD, Stage.CONFIRMING, Stage.LAPSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """One wish for a slot. `reservation` is set once the server holds it, `booking` once it is booked.

    `moving` is the appointment that is to get this time, if it is not a new one that is wanted.
    """

    slot: Timeslot
    moving: Appointment | None = None
    stage: Stage = Stage.PENDING
    reservation: Reservation | None = None
    booking: BookingTimes | None = None
    problem: Problem | None = None
    words: str = ""

    @property
    def is_open(self) -> bool:
        return self.stage in OPEN

    def seconds_left(self, now: datetime) -> int:
        """Whole seconds until it lapses by the server's clock, never below 0."""
        if self.reservation is None:
            return 0
        return max(0, round((self.reservation.expires_at - now).total_seconds()))

    def at(self, stage: Stage, words: str = "") -> "Hold":
        return replace(self, stage=stage, words=words, problem=None)


def clock(seconds: int) -> str:
    """Write seconds as `1:47`."""
    return f"{seconds // 60}:{seconds % 60:02}"
