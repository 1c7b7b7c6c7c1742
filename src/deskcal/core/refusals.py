"""Every way in which deskcal says no, each with its facts.

Refusal
├── Invalid              a field of the request cannot be used           fields
├── NaiveTime            a time without offset
├── NonexistentTime      a local time that the clock jumps over          next_valid
├── Unauthenticated      no token, or none that is known
├── TokenExpired         the token was good once
├── NotAllowed           the role or scope does not cover it
├── NotFound             nothing of that id in this clinic
├── SlotTaken            something is in the way                         conflicts, alternatives
├── NotAllAvailable      some of several bookings cannot be had          verdicts
├── HoldExpired          the hold ran out or was given back              alternatives
├── HoldRenewed          the one renewal is spent
├── StaleAvailability    decided on an answer older than 30 s            age_seconds
├── PreconditionFailed   someone else changed it first
├── PreconditionRequired a change that does not say which version it is of
├── InvalidStatusChange  the status does not lead there
├── OutsideHours         the provider does not work then                 alternatives
├── ProviderUnavailable  not available, not approved, or without the service
├── DayNotAvailable      the provider does not work that day             alternatives
├── RuleViolated         a rule of the service is against it             rule, reason, alternatives
├── TooLate              it has already begun
├── NotConfigured        it needs something that is not set up here
├── KeyReused            an idempotency key with another request
└── KeyInProgress        the first request with this key still runs
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from deskcal.core.slot import Slot
from deskcal.core.span import Span

if TYPE_CHECKING:
    from deskcal.core.together import Judged


class Kind(StrEnum):
    """What sort of resource an occupancy row takes."""

    PROVIDER = "provider"
    ROOM = "room"
    EQUIPMENT = "equipment"
    PATIENT = "patient"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """One thing in the way of a booking; `held` while it may still lapse."""

    resource_id: UUID
    kind: Kind
    span: Span
    held: bool


class Refusal(Exception):
    """Base of the tree. `str()` is a sentence for people, free of personal data."""


class Invalid(Refusal):
    """A request that cannot be used; `fields` are (field, message) pairs, camelCase names."""

    def __init__(self, *fields: tuple[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {message}" for name, message in fields))
        self.fields = fields


class NaiveTime(Refusal):
    """A time without an offset says nothing across zones."""


class NonexistentTime(Refusal):
    """A wall-clock time that is skipped when clocks go forward."""

    def __init__(self, message: str, *, next_valid: datetime) -> None:
        super().__init__(message)
        self.next_valid = next_valid


class Unauthenticated(Refusal):
    """No token, or none that is known, or not any more."""


class TokenExpired(Refusal):
    """The token was good once."""


class NotAllowed(Refusal):
    """The caller's role or scopes do not cover this."""


class NotFound(Refusal):
    """Nothing of that id in this clinic."""


class SlotTaken(Refusal):
    """Everything in the way, and the nearest slots that are free."""

    def __init__(
        self, message: str, *, conflicts: Sequence[Conflict], alternatives: Sequence[Slot] = ()
    ) -> None:
        super().__init__(message)
        self.conflicts = tuple(conflicts)
        self.alternatives = tuple(alternatives)


class NotAllAvailable(Refusal):
    """Of several bookings that are wanted together some cannot be had; `verdicts` judges each of them."""

    def __init__(self, *, verdicts: Sequence["Judged"]) -> None:
        self.refused = sum(not verdict.available for verdict in verdicts)
        super().__init__(f"{self.refused} of {len(verdicts)} cannot be booked, so nothing was booked.")
        self.verdicts = tuple(verdicts)


class HoldExpired(Refusal):
    """The hold ran out, or was released, before it was confirmed."""

    def __init__(self, message: str, *, alternatives: Sequence[Slot] = ()) -> None:
        super().__init__(message)
        self.alternatives = tuple(alternatives)


class HoldRenewed(Refusal):
    """A hold is renewed once at most."""


class StaleAvailability(Refusal):
    """The caller decided on an answer older than the limit."""

    def __init__(self, message: str, *, age_seconds: int) -> None:
        super().__init__(message)
        self.age_seconds = age_seconds


class PreconditionFailed(Refusal):
    """Someone else changed it first."""


class PreconditionRequired(Refusal):
    """A change has to say which version its caller saw."""


class InvalidStatusChange(Refusal):
    """An appointment of this status cannot become that."""


class OutsideHours(Refusal):
    """The provider works that day, but not then."""

    def __init__(self, message: str, *, alternatives: Sequence[Slot] = ()) -> None:
        super().__init__(message)
        self.alternatives = tuple(alternatives)


class ProviderUnavailable(Refusal):
    """Not available, not approved, or does not offer the service."""


class DayNotAvailable(Refusal):
    """The provider does not work that day."""

    def __init__(self, message: str, *, alternatives: Sequence[Slot] = ()) -> None:
        super().__init__(message)
        self.alternatives = tuple(alternatives)


class RuleViolated(Refusal):
    """A rule of the service is against it; `rule` is its type, `reason` the sentence it gives."""

    def __init__(self, rule: str, reason: str, *, alternatives: Sequence[Slot] = ()) -> None:
        super().__init__(reason)
        self.rule = rule
        self.reason = reason
        self.alternatives = tuple(alternatives)


class TooLate(Refusal):
    """It lies in the past."""


class NotConfigured(Refusal):
    """It needs something that is not set up here."""


class KeyReused(Refusal):
    """An idempotency key came again with another request."""


class KeyInProgress(Refusal):
    """The first request with this key is still running."""
