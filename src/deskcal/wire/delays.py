"""How late a provider runs, on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from deskcal.wire.shape import Request, Shape


class Delay(Shape, kw_only=True):
    """How many minutes late a provider runs on a local day; 0 is on time again. For staff only.

    `noted_by` is a user's id, `client` the desk that they sat at. But for `notedAt`, an event
    `provider.delayed` has the same fields.
    """

    provider_id: UUID
    day: date = msgspec.field(name="date")
    minutes: int
    noted_at: datetime
    noted_by: str
    client: str | None = None


class NewDelay(Request, kw_only=True):
    """How late a provider runs; 0 takes it back. `date` is today at the provider's when left out."""

    minutes: int
    day: date | None = msgspec.field(name="date", default=None)
    client_id: Annotated[str, Meta(max_length=60)] | None = None
    idempotency_key: str | None = None
