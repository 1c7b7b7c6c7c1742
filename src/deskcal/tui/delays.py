"""Who runs late, as far as this desk knows: from the days it has fetched, kept true by the feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from deskcal.wire.delays import Delay

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from uuid import UUID

    from deskcal.tui.desk import Desk
    from deskcal.wire.calendar import CalendarDay
    from deskcal.wire.realtime import Event

TOLD = "provider.delayed"


class Delays:
    """By provider and their local day; of two accounts the one with the later seq stands."""

    def __init__(self) -> None:
        self._noted: dict[tuple[UUID, date], tuple[int, Delay | None]] = {}

    def learn(self, fetched: CalendarDay) -> None:
        """Take what a day says of its providers."""
        for lane in fetched.providers:
            self._put(lane.provider.id, fetched.date, fetched.seq, lane.running_late)

    def tell(self, event: Event) -> None:
        """Take an event, whatever it is about."""
        if event.type == TOLD:
            facts = {**event.payload, "notedAt": event.metadata.timestamp}
            delay = msgspec.convert(facts, Delay)
            self._put(delay.provider_id, delay.day, event.seq, delay if delay.minutes else None)

    def of(self, provider_id: UUID, day: date) -> Delay | None:
        """Give what was noted, if anything was."""
        return self._noted.get((provider_id, day), (0, None))[1]

    def on(self, day: date) -> Mapping[UUID, Delay]:
        """Give who runs late on a day."""
        return {delay.provider_id: delay for _, delay in self._noted.values() if delay and delay.day == day}

    def _put(self, provider_id: UUID, day: date, seq: int, delay: Delay | None) -> None:
        before, _ = self._noted.get((provider_id, day), (seq, None))
        if seq >= before:
            self._noted[provider_id, day] = (seq, delay)


def late_words(delay: Delay, who: str, desk: Desk) -> str:
    """Say how late, by whom that was noted, and when: `Dr Chen running 15 min late (Desk 1, 09:20)`."""
    by = f"{delay.client}, " if delay.client else ""
    return f"{who} running {delay.minutes} min late ({by}{desk.local(delay.noted_at):%H:%M})"
