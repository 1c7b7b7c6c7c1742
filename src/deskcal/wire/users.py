"""Users and their passwords, on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from deskcal.wire.catalog import Name
from deskcal.wire.people import RoleName
from deskcal.wire.shape import Request, Shape

Password = Annotated[str, Meta(min_length=10, max_length=1000)]


class User(Shape, kw_only=True):
    """Somebody who signs in with a password."""

    id: UUID
    email: str
    role: RoleName
    name: str | None
    provider_id: UUID | None
    patient_id: UUID | None
    created_at: datetime
    disabled_at: datetime | None
    version: int


class NewUser(Request, kw_only=True):
    """A user to add; they need a password before they can sign in."""

    email: Annotated[str, Meta(max_length=254)]
    role: RoleName
    name: Name | None = None
    provider_id: UUID | None = None
    patient_id: UUID | None = None
    idempotency_key: str | None = None


class UserChange(Request, kw_only=True):
    """What changes of a user; what is missing stays."""

    name: Name | UnsetType | None = UNSET
    role: RoleName | UnsetType = UNSET
    provider_id: UUID | UnsetType | None = UNSET
    patient_id: UUID | UnsetType | None = UNSET
    disabled: bool | UnsetType = UNSET
    idempotency_key: str | None = None


class PasswordChange(Request, kw_only=True):
    """A password of at least ten characters; `old_password` is needed for one's own."""

    password: Password
    old_password: str | None = None
    idempotency_key: str | None = None
