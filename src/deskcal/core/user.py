"""People who sign in with an e-mail address and a password."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from deskcal.core.access import Role
from deskcal.core.refusals import Invalid


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody of one clinic, or of the installation; `email` is what they are known by there."""

    id: UUID
    email: str
    role: Role
    name: str | None = None
    provider_id: UUID | None = None
    patient_id: UUID | None = None
    created_at: datetime
    disabled_at: datetime | None = None
    version: int = 1


def insist_whole(user: User) -> None:
    """Raise Invalid unless the role has whom it is about, and the address can be one."""
    before, _, after = user.email.partition("@")
    if not (before and after) or " " in user.email:
        raise Invalid(("email", f'"{user.email}" is not an e-mail address'))
    if (user.role is Role.PATIENT) != (user.patient_id is not None):
        raise Invalid(("patientId", "a user of role patient, and no other, needs the patient that they are"))
    if (user.role is Role.PROVIDER) != (user.provider_id is not None):
        raise Invalid(
            ("providerId", "a user of role provider, and no other, needs the provider that they are")
        )
