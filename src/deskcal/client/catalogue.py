"""What a clinic is made of, asked for and changed: one method per route."""

from typing import Any, Literal
from uuid import UUID

from deskcal.client.calls import Calls
from deskcal.wire import catalog, resources
from deskcal.wire.booking import Appointment
from deskcal.wire.clock_changes import Rezoning
from deskcal.wire.delays import Delay, NewDelay
from deskcal.wire.shape import Page


class Catalogue(Calls):
    """Clinics, locations, rooms, equipment, services and providers with their hours."""

    async def clinics(self) -> list[catalog.Clinic]:
        return (await self.call("GET", "/v1/clinics", Page[catalog.Clinic], limit=200)).items

    async def create_clinic(self, request: catalog.NewClinic) -> catalog.Clinic:
        return await self.call("POST", "/v1/clinics", catalog.Clinic, body=request)

    async def change_clinic(
        self, clinic_id: UUID, request: catalog.ClinicChange, *, version: int
    ) -> catalog.Clinic:
        path = f"/v1/clinics/{clinic_id}"
        return await self.call("PATCH", path, catalog.Clinic, body=request, version=version)

    async def preview_timezone(
        self, things: Literal["clinics", "locations"], id_: UUID, timezone: str | None
    ) -> Rezoning:
        """Ask what another zone would change; for a location None is the clinic's."""
        path = f"/v1/{things}/{id_}/timezone-preview"
        return await self.call("GET", path, Rezoning, timezone=timezone)

    async def locations(self) -> list[resources.Location]:
        return (await self.call("GET", "/v1/locations", Page[resources.Location])).items

    async def location(self, location_id: UUID) -> resources.Location:
        return await self.call("GET", f"/v1/locations/{location_id}", resources.Location)

    async def add_location(self, request: resources.NewLocation) -> resources.Location:
        return await self.call("POST", "/v1/locations", resources.Location, body=request)

    async def change_location(
        self, location_id: UUID, request: resources.LocationChange, *, version: int
    ) -> resources.Location:
        path = f"/v1/locations/{location_id}"
        return await self.call("PATCH", path, resources.Location, body=request, version=version)

    async def rooms(self) -> list[resources.Room]:
        return (await self.call("GET", "/v1/rooms", Page[resources.Room])).items

    async def room(self, room_id: UUID) -> resources.Room:
        return await self.call("GET", f"/v1/rooms/{room_id}", resources.Room)

    async def add_room(self, request: resources.NewRoom) -> resources.Room:
        return await self.call("POST", "/v1/rooms", resources.Room, body=request)

    async def change_room(
        self, room_id: UUID, request: resources.RoomChange, *, version: int
    ) -> resources.Room:
        path = f"/v1/rooms/{room_id}"
        return await self.call("PATCH", path, resources.Room, body=request, version=version)

    async def equipment(self) -> list[resources.Equipment]:
        return (await self.call("GET", "/v1/equipment", Page[resources.Equipment])).items

    async def pool(self, equipment_id: UUID) -> resources.Equipment:
        return await self.call("GET", f"/v1/equipment/{equipment_id}", resources.Equipment)

    async def add_equipment(self, request: resources.NewEquipment) -> resources.Equipment:
        return await self.call("POST", "/v1/equipment", resources.Equipment, body=request)

    async def change_equipment(
        self, equipment_id: UUID, request: resources.EquipmentChange, *, version: int
    ) -> resources.Equipment:
        """Change a pool; a smaller quantity is refused while a unit that would go is booked."""
        path = f"/v1/equipment/{equipment_id}"
        return await self.call("PATCH", path, resources.Equipment, body=request, version=version)

    async def retire(
        self, things: Literal["locations", "rooms", "equipment", "services", "providers"], id_: UUID
    ) -> list[Appointment]:
        """Let nothing new be booked with it; answers the coming appointments that need it."""
        return (await self.call("DELETE", f"/v1/{things}/{id_}", resources.Retired)).appointments

    async def services(self) -> list[catalog.Service]:
        return (await self.call("GET", "/v1/services", Page[catalog.Service])).items

    async def service(self, service_id: UUID) -> catalog.Service:
        return await self.call("GET", f"/v1/services/{service_id}", catalog.Service)

    async def add_service(self, request: catalog.NewService) -> catalog.Service:
        return await self.call("POST", "/v1/services", catalog.Service, body=request)

    async def change_service(
        self, service_id: UUID, request: catalog.ServiceChange, *, version: int
    ) -> catalog.Service:
        path = f"/v1/services/{service_id}"
        return await self.call("PATCH", path, catalog.Service, body=request, version=version)

    async def add_provider(self, request: catalog.NewProvider) -> catalog.Provider:
        return await self.call("POST", "/v1/providers", catalog.Provider, body=request)

    async def provider(self, provider_id: UUID) -> catalog.Provider:
        """Fetch a provider, for staff with what they like."""
        return await self.call("GET", f"/v1/providers/{provider_id}", catalog.Provider)

    async def change_provider(
        self, provider_id: UUID, request: catalog.ProviderChange, *, version: int
    ) -> catalog.Provider:
        path = f"/v1/providers/{provider_id}"
        return await self.call("PATCH", path, catalog.Provider, body=request, version=version)

    async def schedule(self, provider_id: UUID) -> catalog.Schedule:
        """Fetch the week that holds without dates."""
        return await self.call("GET", f"/v1/providers/{provider_id}/schedule", catalog.Schedule)

    async def set_schedule(self, provider_id: UUID, schedule: catalog.Schedule) -> dict[str, Any]:
        """Replace the hours; answers the week that holds without dates, and `appointmentsOutside`."""
        return await self.call("PUT", f"/v1/providers/{provider_id}/schedule", dict[str, Any], body=schedule)

    async def note_delay(self, provider_id: UUID, request: NewDelay, *, key: str | None = None) -> Delay:
        path = f"/v1/providers/{provider_id}/delay"
        return await self.call("PUT", path, Delay, body=request, key=key)

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

    async def provider_services(self, provider_id: UUID) -> list[catalog.Service]:
        path = f"/v1/providers/{provider_id}/services"
        return (await self.call("GET", path, Page[catalog.Service])).items
