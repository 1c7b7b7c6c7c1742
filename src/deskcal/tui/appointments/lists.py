"""A list of appointments, page after page, and what the feed brought since."""

from bisect import bisect
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from deskcal.core.lifecycle import STANDING
from deskcal.tui.appointments.narrowing import Narrowed
from deskcal.tui.desk import Desk
from deskcal.tui.link import Link
from deskcal.wire.booking import Appointment
from deskcal.wire.shape import Page, Shape

PAGE = 200
KIND = "appointments"


class Which(StrEnum):
    """What a list is of: what is ahead, what was, and what is ahead for whoever is signed in."""

    UPCOMING = "upcoming"
    HISTORY = "history"
    MINE = "mine"


class Kept(Shape, kw_only=True):
    """The first page of a list, as the desk remembers it."""

    items: list[Appointment]
    as_of: datetime


def recalled(desk: Desk, appointment_id: UUID) -> Appointment | None:
    """Find an appointment as it was last listed here, for while nobody can be asked."""
    kept = (desk.memory.views.read(KIND, which, Kept) for which in Which)
    return next((one for list_ in kept if list_ for one in list_.items if one.id == appointment_id), None)


class Listing:
    """What was listed stays until it is loaded anew, also what does not belong any more: nothing jumps away.

    History is listed backwards. `narrowed` is what the rows in view are narrowed by. It starts with what the
    desk remembers, which is not fresh, and is known to be so from `as_of`.
    """

    def __init__(self, desk: Desk, which: Which) -> None:
        self.which = which
        self.narrowed = Narrowed()
        self.is_fresh = self.is_remembered = False
        self.as_of: datetime | None = None
        self.more = False
        self._desk = desk
        self._items: dict[UUID, Appointment] = {}
        self._cursor: str | None = None
        self._round = 0
        if kept := desk.memory.views.read(KIND, which, Kept):
            self._items = {one.id: one for one in kept.items}
            self.as_of, self.is_remembered = kept.as_of, True

    @property
    def is_known(self) -> bool:
        """Whether there is anything to show, be it that nothing is listed."""
        return self.as_of is not None

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[Appointment]:
        """Give what is in view, in order of time."""
        now = self._desk.now()
        found = (one for one in self._items.values() if self.narrowed.fits(one, now))
        return iter(sorted(found, key=_when, reverse=self.which is Which.HISTORY))

    def find(self, appointment_id: UUID) -> Appointment | None:
        return self._items.get(appointment_id)

    async def load(self, narrowed: Narrowed) -> None:
        """List anew from the start; what was there stays until the answer comes. Raises ClientError."""
        self._round += 1
        asked_in = self._round
        with self._desk.asking() as link:
            narrowed = await _about_one_patient(link, narrowed)
            page = await self._page(link, narrowed, None)
        if asked_in == self._round:
            self.narrowed, self.is_fresh, self.as_of = narrowed, True, self._desk.now()
            self.is_remembered = False
            self._items = {}
            self._add(page)
            if narrowed == Narrowed():
                kept = Kept(items=page.items, as_of=self.as_of)
                self._desk.memory.views.keep(KIND, self.which, kept, self.as_of)

    async def load_more(self) -> None:
        """List on from where the last page ended, if there is more. Raises ClientError."""
        asked_in, cursor = self._round, self._cursor
        if not self.more or cursor is None:
            return
        self.more = False
        try:
            with self._desk.asking() as link:
                page = await self._page(link, self.narrowed, cursor)
        except BaseException:
            self.more = self._round == asked_in
            raise
        if asked_in == self._round:
            self._add(page)

    def take(self, news: Appointment) -> bool:
        """Put in what became of an appointment; False where the list neither has it nor should."""
        if news.id not in self._items and not self._belongs(news):
            return False
        self._items[news.id] = news
        return True

    def _belongs(self, news: Appointment) -> bool:
        now = self._desk.now()
        ahead = news.status in STANDING and news.end > now
        if self.which is Which.MINE or ahead is (self.which is Which.HISTORY):
            return False
        return self.narrowed.fits(news, now) and (not self.more or self._is_loaded(news))

    def _is_loaded(self, news: Appointment) -> bool:
        order = sorted(map(_when, self._items.values()))
        at = bisect(order, _when(news))
        return at > 0 if self.which is Which.HISTORY else at < len(order)

    def _add(self, page: Page[Appointment]) -> None:
        self._items |= {one.id: one for one in page.items}
        self._cursor, self.more = page.next_cursor, page.next_cursor is not None

    async def _page(self, link: Link, narrowed: Narrowed, cursor: str | None) -> Page[Appointment]:
        if self.which is Which.MINE:
            return await link.appointments_of("me", which="upcoming", cursor=cursor, limit=PAGE)
        return await link.appointments(
            link.clinic.id,
            which="history" if self.which is Which.HISTORY else "upcoming",
            provider_id=narrowed.provider_id,
            patient_id=narrowed.patient_id,
            service_id=narrowed.service_id,
            status=",".join(sorted(narrowed.statuses)) or None,
            reference=narrowed.reference,
            cursor=cursor,
            limit=PAGE,
        )


async def _about_one_patient(link: Link, narrowed: Narrowed) -> Narrowed:
    """Ask for the patient instead of looking for a name, where only one has it."""
    if not narrowed.words:
        return narrowed
    found = (await link.patients(" ".join(narrowed.words), limit=2)).items
    if len(found) != 1:
        return narrowed
    asked = (*narrowed.asked, found[0].name)
    return replace(narrowed, patient_id=found[0].id, words=(), asked=asked)


def _when(one: Appointment) -> tuple[datetime, UUID]:
    return one.start, one.id
