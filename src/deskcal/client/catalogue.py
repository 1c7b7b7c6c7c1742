"""What a clinic is made of, asked for and changed: one method per route."""

from typing import Any
from uuid import UUID

from deskcal.client.calls import Calls
from deskcal.wire import catalog
from deskcal.wire.shape import Page


class Catalogue(Calls):
    """Clinics, locations, rooms, services and providers with their hours."""

    async def clinics(self) -> list[catalog.Clinic]:
        return (await self.call("GET", "/v1/clinics", Page[catalog.Clinic], limit=200)).items

    async def create_clinic(self, request: catalog.NewClinic) -> catalog.Clinic:
        return await self.call("POST", "/v1/clinics", catalog.Clinic, body=request)

    async def locations(self) -> list[catalog.Location]:
        return (await self.call("GET", "/v1/locations", Page[catalog.Location], limit=200)).items

    async def add_location(self, request: catalog.NewLocation) -> catalog.Location:
        return await self.call("POST", "/v1/locations", catalog.Location, body=request)

    async def add_room(self, request: catalog.NewRoom) -> catalog.Room:
        return await self.call("POST", "/v1/rooms", catalog.Room, body=request)

    async def add_service(self, request: catalog.NewService) -> catalog.Service:
        return await self.call("POST", "/v1/services", catalog.Service, body=request)

    async def add_provider(self, request: catalog.NewProvider) -> catalog.Provider:
        return await self.call("POST", "/v1/providers", catalog.Provider, body=request)

    async def schedule(self, provider_id: UUID) -> catalog.Schedule:
        """Fetch the week that holds without dates."""
        return await self.call("GET", f"/v1/providers/{provider_id}/schedule", catalog.Schedule)

    async def set_schedule(self, provider_id: UUID, schedule: catalog.Schedule) -> dict[str, Any]:
        """Replace the hours; answers the week that holds without dates, and `appointmentsOutside`."""
        return await self.call("PUT", f"/v1/providers/{provider_id}/schedule", dict[str, Any], body=schedule)

    async def providers(
        self, *, query: str | None = None, service_id: UUID | None = None, cursor: str | None = None
    ) -> Page[catalog.Provider]:
        return await self.call(
            "GET",
            "/v1/providers",
            Page[catalog.Provider],
            query=query,
            serviceId=service_id,
            cursor=cursor,
            limit=200,
        )

    async def rooms(self) -> list[catalog.Room]:
        return (await self.call("GET", "/v1/rooms", Page[catalog.Room], limit=200)).items

    async def services(self) -> list[catalog.Service]:
        return (await self.call("GET", "/v1/services", Page[catalog.Service], limit=200)).items

    async def provider_services(self, provider_id: UUID) -> list[catalog.Service]:
        path = f"/v1/providers/{provider_id}/services"
        return (await self.call("GET", path, Page[catalog.Service])).items
