"""Reports: one method per route."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from deskcal.client.calls import Calls
from deskcal.wire import reports


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """What a report is about; without dates the last four weeks."""

    first: date | None = None
    last: date | None = None
    provider_id: UUID | None = None
    location_id: UUID | None = None
    service_id: UUID | None = None

    def params(self) -> dict[str, Any]:
        """Spell it as the routes take it."""
        return {
            "from": self.first,
            "to": self.last,
            "providerId": self.provider_id,
            "locationId": self.location_id,
            "serviceId": self.service_id,
        }


class Reports(Calls):
    """What a clinic's appointments add up to."""

    async def volume(self, of: Reported, *, per: Literal["day", "week"] = "day") -> reports.VolumeReport:
        return await self.call("GET", "/v1/reports/volume", reports.VolumeReport, per=per, **of.params())

    async def no_shows(self, of: Reported) -> reports.NoShowReport:
        return await self.call("GET", "/v1/reports/no-shows", reports.NoShowReport, **of.params())

    async def utilization(self, of: Reported) -> reports.UtilizationReport:
        path = "/v1/reports/utilization"
        return await self.call("GET", path, reports.UtilizationReport, patience=60.0, **of.params())

    async def peak_hours(self, of: Reported) -> reports.PeakHoursReport:
        return await self.call("GET", "/v1/reports/peak-hours", reports.PeakHoursReport, **of.params())
