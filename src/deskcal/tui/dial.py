"""The way to a real server. Imported after the first paint: httpx and websockets are slow to load."""

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from deskcal.client.calls import FreshToken
from deskcal.client.feed import follow
from deskcal.client.front_desk import FrontDesk
from deskcal.client.told import Told
from deskcal.tui.link import NoClinic
from deskcal.wire.catalog import Clinic


class ServerLink(FrontDesk):
    """A client that knows its clinic, once `dial` has found it, and follows that clinic's feed."""

    clinic: Clinic

    def follow(self, since: int | None) -> AsyncIterator[Told]:
        channels = [f"clinic:{self.clinic.id}"]
        return follow(
            self.url,
            self.token,
            channels,
            clinic_id=self.clinic.id,
            since=since,
            fresh_token=self.fresh_token,
        )

    async def aclose(self) -> None:
        await self.__aexit__(None, None, None)


async def dial(
    url: str, token: str, clinic_id: UUID | None, *, fresh_token: FreshToken | None = None
) -> ServerLink:
    """Ask the server which clinics the token may see, and take the one named or the only one."""
    link = ServerLink(url, token, clinic_id=clinic_id, fresh_token=fresh_token)
    try:
        link.clinic = _the_one(await link.clinics(), clinic_id)
    except BaseException:
        await link.aclose()
        raise
    link.clinic_id = link.clinic.id
    return link


def _the_one(clinics: Sequence[Clinic], wanted: UUID | None) -> Clinic:
    chosen = [clinic for clinic in clinics if wanted in (None, clinic.id)]
    if not chosen:
        raise NoClinic("There is no clinic for this desk yet. Make one with: deskcal clinic create NAME")
    if len(chosen) > 1:
        slugs = ", ".join(clinic.slug for clinic in chosen)
        raise NoClinic(
            f"There are several clinics. Say which: deskcal --clinic SLUG tui, with one of {slugs}"
        )
    return chosen[0]
