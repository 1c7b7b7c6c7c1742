"""What ops look after: one method per route."""

from deskcal.client.calls import Calls
from deskcal.wire.clock_changes import Rehearsal
from deskcal.wire.operating import DropRequest, Parked, Replayed, ReplayRequest
from deskcal.wire.realtime import ArchivedLog
from deskcal.wire.shape import Page


class Operating(Calls):
    """Boards replayed, clocks rehearsed, and events that readers put aside."""

    async def replay(self, request: ReplayRequest) -> Replayed:
        return await self.call("POST", "/v1/admin/replay", Replayed, body=request)

    async def archived_log(self) -> list[ArchivedLog]:
        return (await self.call("GET", "/v1/log/archives", Page[ArchivedLog])).items

    async def clock_changes(self, *, zone: str | None = None, year: int | None = None) -> Rehearsal:
        return await self.call("GET", "/v1/admin/clock-changes", Rehearsal, zone=zone, year=year)

    async def all_parked(self) -> list[Parked]:
        return (await self.call("GET", "/v1/parked", Page[Parked])).items

    async def parked(self, parked_id: str) -> Parked:
        return await self.call("GET", f"/v1/parked/{parked_id}", Parked)

    async def retry_parked(self, parked_id: str) -> Parked:
        return await self.call("POST", f"/v1/parked/{parked_id}/retry", Parked)

    async def drop_parked(self, parked_id: str, request: DropRequest) -> Parked:
        return await self.call("POST", f"/v1/parked/{parked_id}/drop", Parked, body=request)
