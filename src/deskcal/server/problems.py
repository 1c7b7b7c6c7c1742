"""Refusals as RFC 9457 problems: the table of HTTP statuses and codes."""

from collections.abc import Sequence

import msgspec

from deskcal.core import refusals
from deskcal.core.refusals import Conflict, Kind, Refusal, SlotTaken
from deskcal.server.shapes import timeslots
from deskcal.server.verdicts import judged
from deskcal.store.answers import Kept
from deskcal.store.catalog import Catalog
from deskcal.wire import problem

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = {"IDEMPOTENCY_IN_PROGRESS": 1, "UNAVAILABLE": 2}

TABLE: dict[type[Refusal], tuple[int, str, str]] = {
    refusals.Invalid: (400, "VALIDATION_FAILED", "This request cannot be used"),
    refusals.NaiveTime: (400, "NAIVE_TIME", "A time without an offset"),
    refusals.NonexistentTime: (400, "NONEXISTENT_LOCAL_TIME", "A time that the clock skips"),
    refusals.Unauthenticated: (401, "UNAUTHENTICATED", "Sign in first"),
    refusals.TokenExpired: (401, "TOKEN_EXPIRED", "The token has expired"),
    refusals.NotAllowed: (403, "FORBIDDEN", "Not allowed"),
    refusals.NotFound: (404, "NOT_FOUND", "Not found"),
    refusals.NotAllAvailable: (409, "NOT_ALL_AVAILABLE", "Some of it cannot be had"),
    refusals.HoldExpired: (409, "RESERVATION_EXPIRED", "The hold is over"),
    refusals.HoldRenewed: (409, "INVALID_STATUS_CHANGE", "Renewed once already"),
    refusals.StaleAvailability: (409, "STALE_AVAILABILITY", "Decided on old news"),
    refusals.PreconditionFailed: (412, "PRECONDITION_FAILED", "Changed meanwhile"),
    refusals.PreconditionRequired: (428, "PRECONDITION_REQUIRED", "Say which version you saw"),
    refusals.InvalidStatusChange: (409, "INVALID_STATUS_CHANGE", "Not from this status"),
    refusals.OutsideHours: (422, "OUTSIDE_HOURS", "Outside working hours"),
    refusals.ProviderUnavailable: (422, "PROVIDER_UNAVAILABLE", "The provider takes no such bookings"),
    refusals.DayNotAvailable: (422, "DAY_NOT_AVAILABLE", "No working day"),
    refusals.RuleViolated: (422, "RULE_VIOLATED", "Against a rule of the service"),
    refusals.TooLate: (422, "TOO_LATE", "Too late"),
    refusals.NotConfigured: (422, "NOT_CONFIGURED", "Not set up here"),
    refusals.KeyReused: (422, "IDEMPOTENCY_KEY_REUSED", "Key used before"),
    refusals.KeyInProgress: (409, "IDEMPOTENCY_IN_PROGRESS", "Still running"),
}

WITH_ALTERNATIVES = (
    SlotTaken,
    refusals.HoldExpired,
    refusals.OutsideHours,
    refusals.DayNotAvailable,
    refusals.RuleViolated,
)

UNAVAILABLE = msgspec.json.encode(
    problem.Problem(
        title="The database is away",
        status=503,
        error="UNAVAILABLE",
        detail="The database does not answer just now. Ask again in a moment, with the same key.",
        type="urn:deskcal:problem:unavailable",
        retry_after=RETRY_AFTER["UNAVAILABLE"],
    )
)


def spell(refusal: Refusal, catalog: Catalog | None) -> problem.Problem:
    """Say a refusal in the words of the contract. Alternatives need the catalogue, for names and prices."""
    if isinstance(refusal, SlotTaken):
        status, code, title = 409, slot_code(refusal.conflicts), "The slot is taken"
    else:
        status, code, title = TABLE[type(refusal)]
    return problem.Problem(
        title=title,
        status=status,
        error=code,
        detail=str(refusal),
        type=type_of(code),
        errors=[problem.FieldError(field=name, message=text) for name, text in refusal.fields]
        if isinstance(refusal, refusals.Invalid)
        else None,
        next_valid=getattr(refusal, "next_valid", None),
        age_seconds=getattr(refusal, "age_seconds", None),
        conflicts=[_conflict(found) for found in refusal.conflicts]
        if isinstance(refusal, SlotTaken)
        else None,
        verdicts=[judged(found, catalog) for found in refusal.verdicts]
        if isinstance(refusal, refusals.NotAllAvailable)
        else None,
        rule=getattr(refusal, "rule", None),
        reason=getattr(refusal, "reason", None),
        alternatives=timeslots(refusal.alternatives, catalog)
        if isinstance(refusal, WITH_ALTERNATIVES) and catalog
        else None,
        retry_after=RETRY_AFTER.get(code),
    )


def type_of(code: str) -> str:
    """Give the problem type of an error code, as RFC 9457 wants it: a URI."""
    return f"urn:deskcal:problem:{code.lower().replace('_', '-')}"


def kept(refusal: Refusal, catalog: Catalog | None) -> Kept:
    """Spell a refusal as the answer that is sent, and kept under its key."""
    said = spell(refusal, catalog)
    return Kept(status=said.status, body=msgspec.json.encode(said))


def slot_code(conflicts: Sequence[Conflict]) -> str:
    """Choose the one code for all that is in the way: the provider says more than the room."""
    for kind, code in (
        (Kind.PROVIDER, "SLOT_ALREADY_BOOKED"),
        (Kind.PATIENT, "PATIENT_ALREADY_BOOKED"),
        (Kind.ROOM, "ROOM_ALREADY_BOOKED"),
        (Kind.EQUIPMENT, "EQUIPMENT_UNAVAILABLE"),
    ):
        found = [conflict for conflict in conflicts if conflict.kind is kind]
        if found:
            held = kind is Kind.PROVIDER and all(conflict.held for conflict in found)
            return "SLOT_HELD" if held else code
    return "SLOT_ALREADY_BOOKED"


def _conflict(found: Conflict) -> problem.Conflict:
    return problem.Conflict(
        resource=found.resource_id, kind=found.kind, start=found.span.start, end=found.span.end
    )
