"""People on the waitlist of a house, and the reader that offers them what comes free."""

from datetime import datetime, timedelta
from typing import Any

from deskcal.core.access import INSTALLATION
from deskcal.core.booking import Appointment
from deskcal.core.waitlist import WaitlistEntry
from deskcal.flows.board import Board
from deskcal.flows.book import Order, book
from deskcal.flows.offering import offerer_of_freed_time
from deskcal.flows.reading import catch_up
from deskcal.flows.waitlist import join
from deskcal.store import waitlist
from house import House

OFFER = timedelta(minutes=30)


class Waiting:
    """What happens around the waitlist of a house, with a clock that is given."""

    def __init__(self, board: Board, house: House) -> None:
        self.board = board
        self.house = house

    async def joins(self, patient: int, **wish: Any) -> WaitlistEntry:
        asking = self.house.asking()
        facts = {"service_id": self.house.consult.id} | wish
        wanted = WaitlistEntry(
            id=INSTALLATION,
            patient_id=self.house.patients[patient].id,
            created_by=asking.actor.sub,
            created_at=asking.now,
            updated_at=asking.now,
            **facts,
        )
        return await join(self.board, asking, wanted)

    async def books(self, patient: int, start: datetime, **facts: Any) -> Appointment:
        order: dict[str, Any] = {
            "patient_id": self.house.patients[patient].id,
            "provider_id": self.house.perez.id,
            "service_id": self.house.consult.id,
            "start": start,
            "end": None,
            "room_id": None,
            "mode": None,
            "notes": None,
            "seen_at": None,
        }
        return await book(self.board, self.house.asking(), Order(**(order | facts)))

    async def is_read(self, now: datetime | None = None) -> None:
        """Let the reader do all that there is to do."""
        reader = offerer_of_freed_time(self.board, seconds=int(OFFER.total_seconds()))
        await catch_up(self.board.database, reader, now or self.house.asking().now)

    async def now(self, entry: WaitlistEntry) -> WaitlistEntry:
        """Look an entry up as it stands."""
        async with self.board.database.read(self.house.clinic.id) as tx:
            found = await waitlist.find(tx, entry.id)
        assert found is not None
        return found

    async def chain(self, entry: WaitlistEntry) -> tuple[str, list[str]]:
        """Give where an entry stands, and what became of its offers."""
        found = await self.now(entry)
        return found.state.value, [offer.state.value for offer in found.offers]
