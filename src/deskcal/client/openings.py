"""When a clinic can be booked, besides weekly hours: one method per route."""

from typing import Literal
from uuid import UUID

from deskcal.client.calls import Calls
from deskcal.wire.closures import Closed, Closure, NewClosure, PublicHolidays
from deskcal.wire.rules import NewRule, Rule
from deskcal.wire.shape import Page
from deskcal.wire.windows import CalendarImported, NewCalendarImport, NewWindow, Window, WindowChanged

Things = Literal["providers", "rooms", "equipment"]


class Openings(Calls):
    """Windows, closures and the rules of services."""

    async def windows(self, things: Things, resource_id: UUID) -> list[Window]:
        path = f"/v1/{things}/{resource_id}/windows"
        return (await self.call("GET", path, Page[Window])).items

    async def add_window(self, things: Things, resource_id: UUID, request: NewWindow) -> WindowChanged:
        path = f"/v1/{things}/{resource_id}/windows"
        return await self.call("POST", path, WindowChanged, body=request)

    async def remove_window(self, things: Things, resource_id: UUID, window_id: UUID) -> WindowChanged:
        path = f"/v1/{things}/{resource_id}/windows/{window_id}"
        return await self.call("DELETE", path, WindowChanged)

    async def import_calendar(self, provider_id: UUID, request: NewCalendarImport) -> CalendarImported:
        """Make the busy times of another calendar windows; asked again it adds nothing."""
        path = f"/v1/providers/{provider_id}/windows/import"
        return await self.call("POST", path, CalendarImported, body=request)

    async def closures(self) -> list[Closure]:
        return (await self.call("GET", "/v1/closures", Page[Closure])).items

    async def close(self, request: NewClosure) -> Closed:
        """Close some days; what is closed so already stays as it is."""
        return await self.call("POST", "/v1/closures", Closed, body=request)

    async def close_holidays(self, request: PublicHolidays) -> Closed:
        """Close on public holidays; asked again it adds nothing."""
        return await self.call("POST", "/v1/closures/holidays", Closed, body=request)

    async def reopen(self, closure_id: UUID) -> Closure:
        return await self.call("DELETE", f"/v1/closures/{closure_id}", Closure)

    async def rules(self, service_id: UUID) -> list[Rule]:
        path = f"/v1/services/{service_id}/rules"
        return (await self.call("GET", path, Page[Rule])).items

    async def add_rule(self, service_id: UUID, request: NewRule) -> Rule:
        return await self.call("POST", f"/v1/services/{service_id}/rules", Rule, body=request)

    async def remove_rule(self, service_id: UUID, rule_id: UUID) -> Rule:
        path = f"/v1/services/{service_id}/rules/{rule_id}"
        return await self.call("DELETE", path, Rule)
