"""Who may do what: roles, their scopes, and the one who is asking."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal
from uuid import UUID

from deskcal.core.refusals import NotAllowed

INSTALLATION = UUID(int=0)
"""The tenant that belongs to no clinic: `ops` and what they do to the installation."""


class Role(StrEnum):
    """What somebody is to a clinic; `ops` is of the installation."""

    PATIENT = "patient"
    PROVIDER = "provider"
    FRONT_DESK = "front_desk"
    ADMIN = "admin"
    OPS = "ops"


class Scope(StrEnum):
    """What a token may be used for; a token has those of its role, or fewer."""

    AVAILABILITY_READ = "availability:read"
    BOOKING_WRITE = "booking:write"
    APPOINTMENTS_READ = "appointments:read"
    APPOINTMENTS_WRITE = "appointments:write"
    OVERBOOK = "appointments:overbook"
    BULK = "appointments:bulk"
    PATIENTS_READ = "patients:read"
    PATIENTS_WRITE = "patients:write"
    CATALOG_WRITE = "catalog:write"
    LOG_READ = "log:read"
    REPORTS_READ = "reports:read"
    EXPORT = "patients:export"
    TOKENS_WRITE = "tokens:write"
    CLINICS_WRITE = "clinics:write"


_PATIENT = {Scope.AVAILABILITY_READ, Scope.BOOKING_WRITE, Scope.APPOINTMENTS_READ}
_PROVIDER = {Scope.AVAILABILITY_READ, Scope.APPOINTMENTS_READ, Scope.PATIENTS_READ, Scope.LOG_READ}
_FRONT_DESK = (
    _PATIENT
    | _PROVIDER
    | {Scope.APPOINTMENTS_WRITE, Scope.OVERBOOK, Scope.PATIENTS_WRITE, Scope.REPORTS_READ}
)
_ADMIN = _FRONT_DESK | {Scope.BULK, Scope.CATALOG_WRITE, Scope.TOKENS_WRITE, Scope.EXPORT}

SCOPES: dict[Role, frozenset[Scope]] = {
    Role.PATIENT: frozenset(_PATIENT),
    Role.PROVIDER: frozenset(_PROVIDER),
    Role.FRONT_DESK: frozenset(_FRONT_DESK),
    Role.ADMIN: frozenset(_ADMIN),
    Role.OPS: frozenset(Scope),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The one who is asking, within the clinic that they ask about.

    `clinic_id` is INSTALLATION while an `ops` token names no clinic. `sub` is the user's id, never a name.
    """

    sub: str
    role: Role
    clinic_id: UUID
    scopes: frozenset[Scope]
    patient_id: UUID | None = None
    provider_id: UUID | None = None

    @property
    def is_staff(self) -> bool:
        """Tell whether names of patients are theirs to see."""
        return self.role is not Role.PATIENT

    @property
    def kind(self) -> Literal["user", "system", "provider"]:
        """Name the sort of actor as the audit does."""
        if self.sub == "system":
            return "system"
        return "provider" if self.role is Role.PROVIDER else "user"

    def booking_for(self, patient_id: UUID | None) -> UUID | None:
        """Say whom a booking is for: patients book for themselves. Raises NotAllowed for anybody else."""
        if self.patient_id is not None and patient_id not in {None, self.patient_id}:
            raise NotAllowed("You can book for yourself only.")
        return self.patient_id or patient_id

    def require(self, scope: Scope) -> None:
        """Raise NotAllowed unless the token covers it."""
        if scope not in self.scopes:
            raise NotAllowed(
                f"This needs {scope}, which a token of role {self.role} like yours does not have."
            )


SYSTEM = Actor(sub="system", role=Role.OPS, clinic_id=INSTALLATION, scopes=frozenset(Scope))
"""deskcal itself: the sweeper."""
