"""Patients, tokens and who is asking, on the wire."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from deskcal.wire.catalog import Name
from deskcal.wire.shape import Request, Shape

RoleName = Literal["patient", "provider", "front_desk", "admin", "ops"]


class Patient(Shape, kw_only=True):
    """A patient. Only staff of the clinic and the patient see this."""

    id: UUID
    name: str
    date_of_birth: date | None
    phone: str | None
    email: str | None
    created_at: datetime
    version: int


class NewPatient(Request, kw_only=True):
    """A patient to add."""

    name: Name
    date_of_birth: date | None = None
    phone: Annotated[str, Meta(max_length=40)] | None = None
    email: Annotated[str, Meta(max_length=254)] | None = None
    idempotency_key: str | None = None


class PatientChange(Request, kw_only=True):
    """What changes of a patient; what is missing stays, what is null goes."""

    name: Name | UnsetType = UNSET
    date_of_birth: date | UnsetType | None = UNSET
    phone: Annotated[str, Meta(max_length=40)] | UnsetType | None = UNSET
    email: Annotated[str, Meta(max_length=254)] | UnsetType | None = UNSET
    idempotency_key: str | None = None


class NewApiKey(Request, kw_only=True):
    """A key to make for somebody of this clinic; `expires_in_days` counts from now."""

    role: RoleName
    name: Annotated[str, Meta(max_length=200)] | None = None
    patient_id: UUID | None = None
    provider_id: UUID | None = None
    scopes: list[str] | None = None
    expires_in_days: Annotated[int, Meta(ge=1, le=3650)] = 30
    idempotency_key: str | None = None


class ApiKey(Shape, kw_only=True):
    """A key; `token` is shown once, when it is made."""

    id: UUID
    role: RoleName
    name: str | None
    patient_id: UUID | None
    provider_id: UUID | None
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    token: str | None = None


class TokenRequest(Request, kw_only=True):
    """An API key, or what a user signs in with; `clinic` is its id or slug, not needed while there is one."""

    api_key: str | None = None
    email: str | None = None
    password: str | None = None
    clinic: str | None = None


class RefreshRequest(Request, kw_only=True):
    """A refresh token; it is good for one exchange."""

    refresh_token: str


class TokenPair(Shape, kw_only=True):
    """A JWT access token for `expires_in` seconds and the refresh token for the next pair."""

    access_token: str
    refresh_token: str
    expires_in: int
    token_type: str = "Bearer"  # noqa: S105  the name of a scheme, not a secret


class Me(Shape, kw_only=True):
    """Who is asking, as the server understood the token; a key has no e-mail address."""

    sub: str
    email: str | None
    clinic_id: UUID | None
    role: RoleName
    scopes: list[str]
    patient_id: UUID | None
    provider_id: UUID | None
