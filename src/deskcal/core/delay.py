"""A provider who runs late: noted for one local day, and taken back by noting nothing."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from deskcal.core.clinic import Provider
from deskcal.core.refusals import Invalid

LONGEST = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """How many minutes late a provider runs on a local day of theirs; 0 is on time again.

    `noted_by` is a user's id, `client` the desk that they sat at.
    """

    provider_id: UUID
    day: date
    minutes: int
    noted_at: datetime
    noted_by: str
    client: str | None = None


def noted(
    provider: Provider, minutes: int, *, day: date | None, now: datetime, by: str, client: str | None
) -> Delay:
    """Note how late a provider runs, today unless another day is meant.

    Raises Invalid for more than ten hours and for a day that is over where the provider is.
    """
    today = now.astimezone(provider.zone).date()
    if not 0 <= minutes <= LONGEST:
        raise Invalid(("minutes", f"must be 0 to {LONGEST}; 0 takes the note back"))
    if day and day < today:
        raise Invalid(("date", f"{day} is over; note it for {today} or later"))
    return Delay(
        provider_id=provider.id,
        day=day or today,
        minutes=minutes,
        noted_at=now,
        noted_by=by,
        client=client,
    )
