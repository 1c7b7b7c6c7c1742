"""Appointments that are made together, and those of who comes without one: one method per route."""

from uuid import UUID

from deskcal.client.calls import Calls
from deskcal.wire import booking
from deskcal.wire.series import (
    CancelSeriesRequest,
    NewParty,
    NewSeries,
    NewWalkIn,
    PartyBooked,
    SeriesBooked,
    SeriesCanceled,
    SeriesJudged,
    SeriesShown,
)


class Together(Calls):
    """Series, walk-ins and parties."""

    async def book_series(self, clinic_id: UUID, request: NewSeries, *, key: str) -> SeriesBooked:
        path = f"/v1/clinics/{clinic_id}/series"
        return await self.call("POST", path, SeriesBooked, body=request, key=key)

    async def judge_series(self, clinic_id: UUID, request: NewSeries) -> SeriesJudged:
        """Ask what would come of a series; `request` is a dry run."""
        return await self.call("POST", f"/v1/clinics/{clinic_id}/series", SeriesJudged, body=request)

    async def series(self, series_id: UUID) -> SeriesShown:
        return await self.call("GET", f"/v1/series/{series_id}", SeriesShown)

    async def cancel_series(
        self, series_id: UUID, request: CancelSeriesRequest, *, key: str
    ) -> list[booking.Canceled]:
        path = f"/v1/series/{series_id}/cancel"
        return (await self.call("POST", path, SeriesCanceled, body=request, key=key)).canceled

    async def walk_in(self, clinic_id: UUID, request: NewWalkIn, *, key: str) -> booking.Appointment:
        path = f"/v1/clinics/{clinic_id}/walk-ins"
        return (await self.call("POST", path, booking.Booked, body=request, key=key)).appointment

    async def book_party(self, clinic_id: UUID, request: NewParty, *, key: str) -> list[booking.Appointment]:
        path = f"/v1/clinics/{clinic_id}/parties"
        return (await self.call("POST", path, PartyBooked, body=request, key=key)).bookings
