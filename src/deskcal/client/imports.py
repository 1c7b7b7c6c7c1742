"""Calls about imports."""

from uuid import UUID

from deskcal.client.calls import Calls
from deskcal.wire.imports import (
    Check,
    Import,
    NewImport,
    OutcomeName,
    Reverted,
    RevertRequest,
    Row,
    Rows,
    Verdict,
    Verdicts,
)
from deskcal.wire.shape import Page

PATIENCE = 120.0
"""Seconds for what is judged all at once."""


class Imports(Calls):
    """Files taken in row by row, and taken back."""

    async def begin_import(self, request: NewImport) -> Import:
        """Begin an import, or find the one that was begun with this file and mapping."""
        return await self.call("POST", "/v1/imports", Import, body=request)

    async def check_rows(self, request: Check) -> list[Verdict]:
        path = "/v1/imports/check"
        return (await self.call("POST", path, Verdicts, body=request, patience=PATIENCE)).verdicts

    async def send_rows(self, import_id: UUID, rows: list[Row]) -> list[Verdict]:
        """Send the next rows; sent twice they count once."""
        path, body = f"/v1/imports/{import_id}/rows", Rows(rows=rows)
        return (await self.call("POST", path, Verdicts, body=body)).verdicts

    async def finish_import(self, import_id: UUID) -> Import:
        return await self.call("POST", f"/v1/imports/{import_id}/finish", Import)

    async def revert_import(self, import_id: UUID, *, dry_run: bool = False) -> Reverted:
        """Take back a part, or say what would become of all; ask again while there is more."""
        path, body = f"/v1/imports/{import_id}/revert", RevertRequest(dry_run=dry_run)
        return await self.call("POST", path, Reverted, body=body, patience=PATIENCE)

    async def imports(self, *, cursor: str | None = None) -> Page[Import]:
        """List imports, the newest first."""
        return await self.call("GET", "/v1/imports", Page[Import], cursor=cursor)

    async def import_(self, import_id: UUID) -> Import:
        return await self.call("GET", f"/v1/imports/{import_id}", Import)

    async def verdicts(self, import_id: UUID, *, outcome: OutcomeName, after: int = 0) -> list[Verdict]:
        """List the rows after a number that ended so, 200 at most."""
        path = f"/v1/imports/{import_id}/rows"
        return (await self.call("GET", path, Verdicts, outcome=outcome, after=after, limit=200)).verdicts
