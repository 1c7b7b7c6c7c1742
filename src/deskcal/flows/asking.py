"""How something is asked for: by whom, when, and with which idempotency key."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from deskcal.core.access import Actor
from deskcal.core.refusals import Refusal
from deskcal.store.answers import Claim, Kept
from deskcal.store.log import NewEvent

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Asking(Generic[T]):
    """One request for a change. `keep` spells its outcome as the caller is answered, for a replay.

    `job_id` names the job that it is a part of, for the audit.
    """

    actor: Actor
    now: datetime
    claim: Claim | None = None
    keep: Callable[[T | Refusal], Kept] | None = None
    trace_id: str | None = None
    job_id: UUID | None = None

    @property
    def clinic_id(self) -> UUID:
        """The clinic that it happens in."""
        return self.actor.clinic_id

    def event(self, event_type: str, aggregate_id: UUID, **payload: Any) -> NewEvent:
        """Tell what came of it. The payload is ids and times, never names."""
        payload["jobId"] = self.job_id
        return NewEvent(
            at=self.now,
            type=event_type,
            aggregate_id=aggregate_id,
            actor=self.actor,
            payload={name: _plain(value) for name, value in payload.items() if value is not None},
            trace_id=self.trace_id,
        )


def _plain(value: object) -> object:
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, datetime) else value
