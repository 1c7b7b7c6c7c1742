"""Busy times of another calendar as windows of a provider."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.test_busy_times import calendar, event
from deskcal.core.refusals import Invalid, OutsideHours
from deskcal.core.window import Window
from deskcal.flows import windows
from deskcal.flows.board import Board
from deskcal.flows.foreign import Imported, Source, import_calendar
from deskcal.store import log
from deskcal.store.database import Database
from flows.test_managing import booked
from house import House
from races.rounds import race


class Diary:
    """What Dr. Perez has elsewhere, as it is imported."""

    def __init__(self, database: Database, house: House) -> None:
        self.database, self.house = database, house

    def at(self, hour: int, *lines: str, uid: str = "a") -> str:
        start = self.house.at(hour)
        return event(f"DTSTART;TZID=America/New_York:{start:%Y%m%dT%H%M%S}", "DURATION:PT1H", *lines, uid=uid)

    async def imports(
        self, *parts: str, replaces: bool = False, keep_titles: bool = False, dry_run: bool = False
    ) -> Imported:
        source = Source(text=calendar(*parts), replaces=replaces, keep_titles=keep_titles)
        house = self.house
        return await import_calendar(self.database, house.asking(), house.perez.id, source, dry_run=dry_run)

    async def windows(self) -> tuple[Window, ...]:
        _, found = await windows.every(self.database, self.house.desk, "provider", self.house.perez.id)
        return found


@pytest.fixture
def diary(database: Database, house: House) -> Diary:
    return Diary(database, house)


def verdicts(done: Imported) -> dict[str | None, str]:
    return {one.uid: one.verdict for one in done.events}


async def test_imported_again(diary: Diary) -> None:
    """The same event again changes nothing; moved, it takes its own place; canceled, it goes."""
    assert verdicts(await diary.imports(diary.at(9), diary.at(11, uid="b"))) == {
        "a": "imported",
        "b": "imported",
    }
    first = await diary.windows()
    again = await diary.imports(diary.at(9), diary.at(11, uid="b"))
    assert verdicts(again) == {"a": "unchanged", "b": "unchanged"}
    assert await diary.windows() == first
    moved = await diary.imports(diary.at(14), diary.at(11, "STATUS:CANCELLED", uid="b"))
    assert verdicts(moved) == {"a": "changed", "b": "removed"}
    [left] = await diary.windows()
    assert (left.start.hour, left.source, left.source_uid) == (14, "imported", "a")


async def test_what_is_gone_goes_only_when_asked(diary: Diary) -> None:
    """An event that is not in the file any more stays, until the file is to replace what was imported."""
    off = (await _added(diary)).window
    await diary.imports(diary.at(9), diary.at(11, uid="b"))
    assert verdicts(await diary.imports(diary.at(9))) == {"a": "unchanged"}
    assert len(await diary.windows()) == 3
    assert verdicts(await diary.imports(diary.at(9), replaces=True)) == {"a": "unchanged", "b": "removed"}
    assert {one.source_uid for one in await diary.windows()} == {None, "a"}
    assert off in await diary.windows()
    broken = diary.at(9).replace("DURATION:PT1H", "DTEND:nonsense")
    assert verdicts(await diary.imports(broken, replaces=True)) == {"a": "refused"}
    assert len(await diary.windows()) == 2


async def test_a_dry_run(diary: Diary) -> None:
    """A dry run says what would come, and leaves calendar and log as they were."""
    async with diary.database.read(diary.house.clinic.id) as tx:
        before = await log.latest(tx)
    assert verdicts(await diary.imports(diary.at(9), dry_run=True)) == {"a": "imported"}
    async with diary.database.read(diary.house.clinic.id) as tx:
        assert await log.latest(tx) == before
    assert await diary.windows() == ()


async def test_whom_to_call(diary: Diary, house: House) -> None:
    """Appointments at a busy time stand and are named; nobody is booked there any more."""
    board = Board(diary.database)
    made = await booked(board, house, house.at(9))
    await booked(board, house, house.at(14), patient=1)
    done = await diary.imports(diary.at(9), diary.at(10, uid="b"))
    assert [one.id for one in done.appointments] == [made.id]
    assert (await diary.imports(diary.at(9))).appointments == []
    with pytest.raises(OutsideHours, match="works 11:00"):
        await booked(board, house, house.at(10), patient=2)


async def test_titles_are_kept_only_when_asked(diary: Diary) -> None:
    """What an event is about is nobody's business unless somebody wants it kept."""
    titled = diary.at(9, "SUMMARY:Dentist", "ATTENDEE:mailto:maria@example.org", "LOCATION:12 High Street")
    await diary.imports(titled)
    assert [one.reason for one in await diary.windows()] == ["Busy"]
    assert verdicts(await diary.imports(titled, keep_titles=True)) == {"a": "changed"}
    assert [one.reason for one in await diary.windows()] == ["Dentist"]


async def test_twice_at_once(diary: Diary) -> None:
    """Two who import the same calendar at the same moment make each window once."""
    parts = [diary.at(9 + number, uid=str(number)) for number in range(5)]
    won, refusals = await race([diary.imports(*parts) for _ in range(4)])
    assert (len(won), refusals) == (4, [])
    assert len(await diary.windows()) == 5
    assert sum("imported" in verdicts(done).values() for done in won) == 1


async def test_dates_the_wrong_way_round(diary: Diary, house: House) -> None:
    """The last date is not before the first."""
    source = Source(text=calendar(), first=house.day, last=house.day - timedelta(days=1))
    with pytest.raises(Invalid, match="before the first"):
        await import_calendar(diary.database, house.asking(), house.perez.id, source, dry_run=True)


async def _added(diary: Diary) -> windows.Changed:
    """Give Dr. Perez a day off that no calendar knows of."""
    start = diary.house.at(0).replace(tzinfo=None) + timedelta(days=1)
    [found] = (await diary.imports(diary.at(12), dry_run=True)).events[0].windows
    off = replace(
        found, start=start, end=start + timedelta(days=1), all_day=True, source="manual", source_uid=None
    )
    return await windows.add(diary.database, diary.house.asking(), "provider", diary.house.perez.id, off)
