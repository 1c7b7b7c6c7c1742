"""A working day of Dr. Perez with many appointments, and the jobs that are done on it."""

from datetime import UTC, datetime

from deskcal.core.booking import Appointment
from deskcal.core.job import Item, Job, Place
from deskcal.flows import jobs, working
from deskcal.flows.board import Board
from deskcal.flows.book import Order, book
from deskcal.flows.bulk import KINDS, Selection
from deskcal.flows.jobs import Kind, Kinds
from deskcal.store.listing import Filter, appointments
from house import House


def clock() -> datetime:
    return datetime.now(UTC)


class Many:
    """What happens on the working day, as the front desk does it; `day` selects it."""

    def __init__(self, board: Board, house: House) -> None:
        self.board, self.house = board, house
        self.day = Selection(first=house.day, last=house.day, provider_id=house.perez.id)

    async def books(self, *starts: datetime, first: int = 0) -> list[Appointment]:
        """Book Dr. Perez at these times, for the patients in turn from the first one on."""
        house = self.house
        return [
            await book(
                self.board,
                house.asking(),
                Order(
                    patient_id=house.patients[number % len(house.patients)].id,
                    provider_id=house.perez.id,
                    service_id=house.consult.id,
                    start=start,
                ),
            )
            for number, start in enumerate(starts, first)
        ]

    async def makes(self, kind: Kind) -> Job:
        return await jobs.create(self.board, self.house.asking(), kind)

    async def works_off(self, kinds: Kinds = KINDS) -> None:
        await working.work_off(self.board, kinds, clock)

    async def does(self, kind: Kind) -> Job:
        """Make a job and have it worked off; gives how it ended."""
        made = await self.makes(kind)
        await self.works_off()
        return await self.now(made)

    async def undoes(self, job: Job) -> Job:
        """Undo a job; gives how the undoing ended."""
        made = await jobs.undo(self.board.database, self.house.asking(), job.id)
        await self.works_off()
        return await self.now(made)

    async def now(self, job: Job) -> Job:
        """Look a job up as it stands."""
        return await jobs.find(self.board.database, self.house.desk, job.id)

    async def items(self, job: Job) -> list[Item]:
        database, desk = self.board.database, self.house.desk
        return await jobs.items(database, desk, job.id, state=None, after=0, limit=200)

    async def places(self) -> dict[str, Place]:
        """Give where every appointment of the clinic is, by reference."""
        async with self.board.database.read(self.house.clinic.id) as tx:
            return {one.reference: Place.of(one) for one in await appointments(tx, Filter(), limit=5000)}
