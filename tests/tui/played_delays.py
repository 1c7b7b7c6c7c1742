# ruff: noqa: ARG002  it answers whatever is asked
"""Who runs late at a played clinic, noted at this desk or at another."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import msgspec

from deskcal.wire.calendar import Lane
from deskcal.wire.delays import Delay, NewDelay
from tui.played_book import number
from tui.played_line import PlayedLine


@dataclass(kw_only=True)
class PlayedDelays(PlayedLine):
    """`late` has what is noted, by provider and day."""

    late: dict[tuple[UUID, date], Delay] = field(default_factory=dict)

    async def note_delay(self, provider_id: UUID, request: NewDelay, *, key: str | None = None) -> Delay:
        await self._call("note_delay")
        return self._noted(provider_id, request.day, request.minutes, desk=request.client_id)

    def runs_late(self, provider: int, minutes: int) -> None:
        """Let Desk 1 note it for today."""
        self._noted(number(1, provider), None, minutes, desk="Desk 1")

    def _noted(self, provider_id: UUID, day: date | None, minutes: int, *, desk: str | None) -> Delay:
        noted = Delay(
            provider_id=provider_id,
            day=day or self.clock.now.astimezone(self.zone).date(),
            minutes=minutes,
            noted_at=self.clock.now,
            noted_by="ana",
            client=desk,
        )
        self.late.pop((provider_id, noted.day), None)
        if minutes:
            self.late[provider_id, noted.day] = noted
        told = msgspec.to_builtins(noted)
        del told["notedAt"]
        self.tell_of("provider.delayed", told)
        return noted

    def _lane(self, n: int, day: date, service_id: UUID | None) -> Lane:
        lane = super()._lane(n, day, service_id)
        return msgspec.structs.replace(lane, running_late=self.late.get((lane.provider.id, day)))
