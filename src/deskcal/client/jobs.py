"""Work on many appointments at once: one method per route."""

from typing import Literal
from uuid import UUID

from deskcal.client.calls import Calls
from deskcal.wire.jobs import ItemState, Job, JobItem, JobJudged, NewJob, UndoRequest
from deskcal.wire.shape import Page


class Jobs(Calls):
    """Jobs, which go on in the server whether or not anybody watches."""

    async def start_job(self, request: NewJob, *, key: str) -> Job:
        """Start a job. The same key with the same request gives the same job, as it was when it was made."""
        return await self.call("POST", "/v1/jobs", Job, body=request, key=key)

    async def judge_job(self, request: NewJob) -> list[JobItem]:
        """Ask what would come of a job; `request` is a dry run."""
        return (await self.call("POST", "/v1/jobs", JobJudged, body=request)).items

    async def jobs(self, *, cursor: str | None = None, limit: int = 50) -> Page[Job]:
        """List jobs, the latest first."""
        return await self.call("GET", "/v1/jobs", Page[Job], cursor=cursor, limit=limit)

    async def job(self, job_id: UUID) -> Job:
        return await self.call("GET", f"/v1/jobs/{job_id}", Job)

    async def job_items(self, job_id: UUID, *, state: ItemState | None = None) -> list[JobItem]:
        """List what became of the appointments of a job: all, or those in a state."""
        path, found, cursor = f"/v1/jobs/{job_id}/items", list[JobItem](), None
        while True:
            page = await self.call("GET", path, Page[JobItem], state=state, cursor=cursor, limit=200)
            found += page.items
            cursor = page.next_cursor
            if cursor is None:
                return found

    async def undo_job(self, job_id: UUID) -> Job:
        """Start the job that brings back what another did; one that is under way goes on."""
        return await self.call("POST", f"/v1/jobs/{job_id}/undo", Job, body=UndoRequest())

    async def judge_undo(self, job_id: UUID) -> list[JobItem]:
        path = f"/v1/jobs/{job_id}/undo"
        return (await self.call("POST", path, JobJudged, body=UndoRequest(dry_run=True))).items

    async def turn_job(self, job_id: UUID, way: Literal["stop", "resume"]) -> Job:
        return await self.call("POST", f"/v1/jobs/{job_id}/{way}", Job)
