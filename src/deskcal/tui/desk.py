"""What all screens of one desk share: the link, the clinic, the connection and the server's time."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from deskcal.client.errors import Refused, Unreachable
from deskcal.client.told import Live, Lost, Resync, Told
from deskcal.tui.appointments.changes import Changes
from deskcal.tui.connection import SLOW, Connection, Line
from deskcal.tui.delays import Delays
from deskcal.tui.errand import Errand
from deskcal.tui.filters import Names, filter_words
from deskcal.tui.link import Dial, Link
from deskcal.tui.marks import ASCII, Marks
from deskcal.tui.memory.drafts import Person
from deskcal.tui.memory.intents import Asked, Deed, Intent
from deskcal.tui.memory.memory import CATALOGUE, Catalogue, Memory
from deskcal.tui.memory.people import known_patient
from deskcal.tui.said import Message, Said
from deskcal.wire.catalog import Clinic, Service
from deskcal.wire.people import Patient

FIRST_RETRY, LAST_RETRY = 0.5, 15.0


class Desk:
    """One desk. `name` is what other desks see on its holds; `debounce` is in seconds.

    What it remembers is there at once: clinic, services and rooms of the last time, until the server answers.
    """

    def __init__(
        self,
        dial: Dial,
        *,
        name: str,
        now: Callable[[], datetime],
        debounce: float = 0.12,
        memory: Memory | None = None,
        marks: Marks = ASCII,
    ) -> None:
        self.name = name
        self.marks = marks
        self.memory = memory or Memory()
        self.debounce = debounce
        self.private = False
        self.services: dict[UUID, Service] = {}
        self.providers: dict[UUID, str] = {}
        self.rooms: dict[UUID, str] = {}
        self.errand = Errand()
        self.changes = Changes()
        self.delays = Delays()
        self.said = Said()
        self.read_back = ""
        self.connection = Connection(line=Line.CONNECTING, since=now())
        self._dial = dial
        self._link: Link | None = None
        self._here = now
        self._ahead = timedelta()
        self._seq: int | None = None
        self._asked: list[datetime] = []
        self._clinic: Clinic | None = None
        if known := self.memory.catalogue:
            self._learnt(known)

    @property
    def link(self) -> Link:
        """The server; raises Unreachable before it was reached for the first time."""
        if self._link is None:
            raise Unreachable("the server", "not reached yet")
        return self._link

    @property
    def clinic(self) -> Clinic | None:
        """The clinic, or until the server was reached the one that is remembered."""
        return self._link.clinic if self._link else self._clinic

    @property
    def zone(self) -> ZoneInfo:
        """The clinic's zone; UTC before the clinic is known."""
        return ZoneInfo(self.clinic.timezone if self.clinic else "UTC")

    def now(self) -> datetime:
        """Give the server's time, as far as its answers told it."""
        return self._here() + self._ahead

    @property
    def today(self) -> date:
        """The clinic's date."""
        return self.local(self.now()).date()

    @property
    def service_names(self) -> Names:
        return {key: service.title for key, service in self.services.items()}

    @property
    def narrowed(self) -> str:
        """The errand's filter in words, empty without one."""
        return filter_words(self.errand.filter, self.service_names, self.providers)

    @property
    def queued(self) -> int:
        """How many things wait for the server, or for somebody at the desk."""
        return self.memory.intents.counts().open

    def put_off(self, deed: Deed, asked: Asked | None = None) -> Intent:
        """Put into the queue what was decided while the server is away; nothing of it is done yet.

        `asked` is what may have reached the server before the line went. Raises NotKept.
        """
        return self.memory.intents.add(deed, by=self.name, now=self.now(), asked=asked)

    async def patient(self, person: Person) -> Patient:
        """Give a patient; while the server is away, as they are known here. Raises ClientError."""
        if self.connection.is_offline:
            return known_patient(self.memory.views, person, self.now())
        with self.asking() as link:
            return await link.patient(person.id)

    def say(self, words: str, *, alarm: bool = False, undo: bool = False) -> None:
        """Leave words on the message line of every area until the next; `undo` tells of `u` beside them."""
        self.said.say(Message(words=words, at=self.now(), alarm=alarm, undo=undo, open=not self.private))

    def local(self, instant: datetime) -> datetime:
        """Turn an instant into the clinic's wall clock."""
        return instant.astimezone(self.zone)

    def server_says(self, time: datetime) -> None:
        """Take the time of an answer as the server's now."""
        self._ahead = time - self._here()

    @property
    def waiting_since(self) -> datetime | None:
        """When the oldest question without an answer was asked."""
        return min(self._asked, default=None)

    @property
    def is_slow(self) -> bool:
        """Whether an answer is overdue, so that what is shown may be behind."""
        return self.connection.word(self.now(), self.waiting_since) == SLOW

    @contextmanager
    def asking(self) -> Iterator[Link]:
        """Ask the server something; the first line tells when it takes long."""
        asked = self._here()
        self._asked.append(asked)
        try:
            yield self.link
        finally:
            self._asked.remove(asked)

    async def listen(self, tell: Callable[[Told], None]) -> None:
        """Reach the server and pass on its feed for ever; NoClinic, Refused and Rejected end it."""
        delay = FIRST_RETRY
        while self._link is None:
            try:
                self._link = await self._dial()
            except Unreachable as error:
                self._stands(Lost(why=str(error), retry_in=delay))
                tell(Lost(why=str(error), retry_in=delay))
                await asyncio.sleep(delay)
                delay = min(delay * 2, LAST_RETRY)
        await self._learn(self._link)
        async for told in self._link.follow(self._seq):
            self._stands(told)
            tell(told)

    async def close(self) -> None:
        self.memory.close()
        if self._link is not None:
            await self._link.aclose()

    async def _learn(self, link: Link) -> None:
        self.memory.serves(link.clinic.id)
        try:
            services, rooms, providers = await asyncio.gather(link.services(), link.rooms(), link.providers())
        except (Refused, Unreachable):
            return
        names = {provider.id: provider.name for provider in providers.items}
        known = Catalogue(clinic=link.clinic, services=services, rooms=rooms, providers=names)
        self._learnt(known)
        self.memory.views.keep(CATALOGUE, "", known, self.now())

    def _learnt(self, known: Catalogue) -> None:
        self._clinic = known.clinic
        self.services = {service.id: service for service in known.services}
        self.rooms = {room.id: room.name for room in known.rooms}
        self.providers = known.providers

    def _stands(self, told: Told) -> None:
        now = self.now()
        match told:
            case Live(seq=seq, server_time=time):
                if time is not None:
                    self.server_says(time)
                self._seq = seq if self._seq is None else self._seq
                self.connection = Connection(line=Line.LIVE, since=self.now())
            case Lost(why=why, retry_in=wait):
                offline = self.connection if self.connection.is_offline else None
                since = offline.since if offline else now
                self.connection = Connection(
                    line=Line.OFFLINE, since=since, retry_at=now + timedelta(seconds=wait), why=why
                )
            case Resync():
                self._seq = told.seq
            case _:
                self._seq = told.seq
                self.delays.tell(told)
