"""The waitlist, asked for and changed: one method per route."""

from uuid import UUID

from deskcal.client.calls import Calls
from deskcal.wire.booking import Booking
from deskcal.wire.shape import Page
from deskcal.wire.waitlist import Acceptance, Answer, Entry, NewEntry


class Waitlist(Calls):
    """Who waits for what, and what is offered to them."""

    async def join_waitlist(self, request: NewEntry, *, key: str | None = None) -> Entry:
        return await self.call("POST", "/v1/waitlist", Entry, body=request, key=key)

    async def waitlist(
        self,
        *,
        state: str | None = None,
        patient_id: UUID | None = None,
        service_id: UUID | None = None,
        cursor: str | None = None,
    ) -> Page[Entry]:
        """List entries, who waits longest first; `state` may be several, with commas."""
        return await self.call(
            "GET",
            "/v1/waitlist",
            Page[Entry],
            state=state,
            patientId=patient_id,
            serviceId=service_id,
            cursor=cursor,
            limit=200,
        )

    async def accept_offer(self, entry_id: UUID, request: Acceptance, *, key: str | None = None) -> Booking:
        path = f"/v1/waitlist/{entry_id}/accept"
        return await self.call("POST", path, Booking, body=request, key=key)

    async def decline_offer(self, entry_id: UUID, request: Answer, *, key: str | None = None) -> Entry:
        path = f"/v1/waitlist/{entry_id}/decline"
        return await self.call("POST", path, Entry, body=request, key=key)

    async def leave_waitlist(self, entry_id: UUID) -> Entry:
        return await self.call("DELETE", f"/v1/waitlist/{entry_id}", Entry)
