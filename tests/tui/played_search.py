# ruff: noqa: ARG002  it answers whatever is asked
"""The search of the played clinic: free slots over days and providers, in the order of time."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from deskcal.wire.search import Found, FoundSlot, SearchMetadata
from tui.played_line import PlayedLine


class PlayedSearch(PlayedLine):
    """Answers a search from the lanes of the days."""

    async def search(
        self,
        clinic_id: UUID,
        *,
        service_id: UUID,
        start: date | datetime | None = None,
        end: date | datetime | None = None,
        provider_ids: Sequence[UUID] = (),
        sort: Literal["ranked", "soonest"] = "ranked",
        limit: int = 50,
    ) -> Found:
        await self._call("search")
        first, last = start or self.clock().date(), end or self.clock().date()
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        lanes = [self._lane(n, day, service_id) for day in days for n in range(len(self.provider_names))]
        free = [
            (slot, lane.provider)
            for lane in lanes
            for slot in lane.timeslots
            if slot.status in {"available", "limited"}
            and (not provider_ids or lane.provider.id in provider_ids)
        ]
        free.sort(key=lambda one: (one[0].start, one[0].provider_name))
        return Found(
            slots=[
                FoundSlot(
                    start=slot.start,
                    end=slot.end,
                    start_utc=slot.start_utc,
                    end_utc=slot.end_utc,
                    timeslot_id=slot.id,
                    provider=provider,
                    room_options=[],
                    price_cents=slot.price_cents,
                    score=100,
                )
                for slot, provider in free[:limit]
            ],
            metadata=SearchMetadata(
                timezone=self.zone.key, fetched_at=self.clock.now, seq=self.seq, query_duration_ms=1.0
            ),
        )
