"""Reports add up what was booked, on the clocks of the places where it is."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from deskcal.core.access import INSTALLATION, SYSTEM
from deskcal.core.booking import Appointment, Party, Status
from deskcal.core.clinic import Closure
from deskcal.core.refusals import Invalid, NotFound
from deskcal.core.report import Attendance, By, Counts, LeftOut, Step, Use
from deskcal.core.window import Window, WindowKind
from deskcal.flows import closures, providers, reports, resources, retiring, windows
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board
from deskcal.flows.cancel import cancel
from deskcal.flows.progress import Progress, progress
from deskcal.flows.reports import Asked
from deskcal.store.database import Database
from flows.test_managing import booked
from house import House

ARRIVED = (Status.CHECKED_IN, Status.IN_PROGRESS, Status.COMPLETED)


class Past:
    """What was booked on the house's day, seen from two days later."""

    def __init__(self, database: Database, house: House) -> None:
        self.board, self.house = Board(database), house
        self.now = house.at(12) + timedelta(days=2)
        self.admin = replace(SYSTEM, clinic_id=house.clinic.id)

    def asked(self, **other: Any) -> Asked:
        nothing = dict.fromkeys(("provider_id", "location_id", "service_id"))
        return Asked(**{"first": self.house.day, "last": self.house.day, **nothing, **other})

    async def books(
        self, hour: int, patient: int = 0, minute: int = 0, why: str | None = None
    ) -> Appointment:
        return await booked(self.board, self.house, self.house.at(hour, minute), patient=patient, why=why)

    async def marks(self, made: Appointment, *statuses: Status, **said: Any) -> None:
        asking = self.house.asking(self.now)
        for status in statuses:
            await progress(self.board, asking, made.id, Progress(status=status, **said), version=None)

    async def cancels(self, made: Appointment) -> None:
        await cancel(self.board, self.house.asking(), made.id, reason=None, version=None)

    async def use(self, **other: Any) -> reports.Utilization:
        return await reports.utilization(self.board, self.admin, self.asked(**other), self.now)


@pytest.fixture
def past(database: Database, house: House) -> Past:
    return Past(database, house)


async def test_volume(past: Past) -> None:
    """All that was booked for a date, and what became of it; dates without any are there, as weeks too."""
    done, missed, gone, _ = [await past.books(hour, hour - 9) for hour in (9, 10, 11, 12)]
    await past.marks(done, *ARRIVED)
    await past.marks(missed, Status.NO_SHOW)
    await past.cancels(gone)
    asked = past.asked(first=past.house.day - timedelta(days=7), last=past.house.day)
    by_day = await reports.volume(past.board, past.admin, asked, past.now, step=Step.DAY)
    counted = Counts(booked=4, completed=1, canceled=1, no_shows=1)
    assert len(by_day.rows) == 8
    assert by_day.rows[past.house.day] == sum(by_day.rows.values(), Counts()) == counted
    by_week = await reports.volume(past.board, past.admin, asked, past.now, step=Step.WEEK)
    assert len(by_week.rows) == 2
    assert {day.weekday() for day in by_week.rows} == {0}
    assert sum(by_week.rows.values(), Counts()) == counted
    other = past.asked(service_id=past.house.exam.id)
    found = await reports.volume(past.board, past.admin, other, past.now, step=Step.DAY)
    assert sum(found.rows.values(), Counts()) == Counts()


async def test_no_shows(past: Past) -> None:
    """The rate is of those who came or should have; who was let down, canceled or forgotten is beside it."""
    kept, missed, let_down, gone, _ = [await past.books(hour, hour % 4) for hour in (9, 10, 11, 13, 14)]
    await past.marks(kept, *ARRIVED)
    await past.marks(missed, Status.NO_SHOW)
    await past.marks(let_down, Status.NO_SHOW, missed_by=Party.PROVIDER)
    await past.cancels(gone)
    found = await reports.no_shows(past.board, past.admin, past.asked(), past.now)
    counted = {"kept": 1, "missed": 1, "missed_by_provider": 1, "canceled": 1, "unmarked": 1}
    weekday = f"{past.house.day:%A}".lower()
    perez = past.house.perez
    assert found.rows == [
        Attendance(by=By.ALL, provider_id=None, name="all", **counted),
        Attendance(by=By.LEAD_TIME, provider_id=None, name="3 to 7 days", **counted),
        Attendance(by=By.WEEKDAY, provider_id=None, name=weekday, **counted),
        Attendance(by=By.PROVIDER, provider_id=perez.id, name=perez.name, **counted),
    ]
    assert found.rows[0].rate == 0.5
    assert Attendance(by=By.ALL, provider_id=None, name="all", **dict.fromkeys(counted, 0)).rate is None


async def test_utilization(past: Past) -> None:
    """Minutes count once, also where two lie on each other; a day off is not open, freed time is not used."""
    first = await past.books(9)
    await past.books(9, 1, 15, "urgent")
    freed, gone = await past.books(11), await past.books(12)
    await past.marks(first, *ARRIVED)
    await past.marks(freed, Status.NO_SHOW, free=True)
    await past.cancels(gone)
    found = await past.use()
    perez, chen = past.house.perez.id, past.house.chen.id
    assert {one.id: use for one, _, use in found.rows} == {
        perez: Use(opened=480, booked=45),
        chen: Use(opened=480),
    }
    assert found.rows[0][2].rate == round(45 / 480, 4)
    assert found.left_out == LeftOut(canceled=1, freed=1, retired=0)
    lunch = Window(
        id=INSTALLATION,
        kind=WindowKind.UNAVAILABLE,
        start=datetime.combine(past.house.day, datetime.min.time()).replace(hour=9),
        end=datetime.combine(past.house.day, datetime.min.time()).replace(hour=10),
    )
    asking: Asking[Any] = Asking(actor=past.admin, now=datetime.now(UTC))
    await windows.add(past.board.database, asking, "provider", perez, lunch)
    [(_, _, shortened)] = (await past.use(provider_id=perez)).rows
    assert shortened == Use(opened=420, booked=0, outside=45)


async def test_nothing_is_open_when_the_clinic_is_closed(past: Past) -> None:
    """A date that is closed and empty has no row; what is booked on it is outside of the hours."""
    await past.books(9)
    day = past.house.day
    shut = Closure(id=INSTALLATION, first=day, last=day, reason="Flood")
    asking: Asking[Any] = Asking(actor=past.admin, now=datetime.now(UTC))
    await closures.close(past.board.database, asking, [shut], dry_run=False)
    [(one, on, use)] = (await past.use()).rows
    assert (one.id, on, use, use.rate) == (past.house.perez.id, day, Use(outside=30), None)


async def test_what_goes_over_midnight_is_cut_there(past: Past, database: Database) -> None:
    """Half of a visit at midnight is of the next date, as the hours are."""
    all_day = past.house.perez.openings[0]
    week = [replace(all_day, weekday=n, opens=0, closes=1440) for n in range(7)]
    asking: Asking[Any] = Asking(actor=past.admin, now=datetime.now(UTC))
    await providers.set_hours(database, asking, past.house.perez.id, week, first=None, last=None)
    await past.books(23, minute=45)
    last = past.house.day + timedelta(days=1)
    found = await past.use(provider_id=past.house.perez.id, last=last)
    assert [(on, use.booked) for _, on, use in found.rows] == [(past.house.day, 15), (last, 15)]


async def test_peak_hours(past: Past) -> None:
    """Hours are those of the wall clock where it is; what was canceled is not there."""
    for hour, minute, patient in ((9, 0, 0), (9, 30, 1), (16, 0, 2)):
        await past.books(hour, patient, minute)
    await past.cancels(await past.books(11))
    found = await reports.peak_hours(past.board, past.admin, past.asked(), past.now)
    weekday = past.house.day.weekday()
    assert found.rows == {(weekday, 9): 2, (weekday, 16): 1}
    assert found.canceled == 1


async def test_a_date_is_of_the_place(past: Past, database: Database) -> None:
    """With another zone at the location, a late visit is on the date and hour of the clock there."""
    asking: Asking[Any] = Asking(actor=past.admin, now=datetime.now(UTC))
    there = await resources.add_location(database, asking, name="Tokyo", timezone="Asia/Tokyo")
    await providers.change(
        database,
        asking,
        past.house.perez.id,
        {"location_id": there.id},
        offers=None,
        prices={},
        version=None,
    )
    made = await past.books(20)
    next_day = past.house.day + timedelta(days=1)
    on_the_wall = made.span.start.astimezone(ZoneInfo("Asia/Tokyo"))
    assert (made.timezone, on_the_wall.date()) == ("Asia/Tokyo", next_day)

    async def hours(day: date, location_id: UUID | None = None) -> dict[tuple[int, int], int]:
        asked = past.asked(first=day, last=day, location_id=location_id)
        return dict((await reports.peak_hours(past.board, past.admin, asked, past.now)).rows)

    assert await hours(past.house.day) == {}
    assert await hours(next_day, there.id) == {(next_day.weekday(), on_the_wall.hour): 1}


async def test_retired_providers_are_left_out_of_use(past: Past, database: Database) -> None:
    """Nobody knows their hours any more: what was booked with them is counted apart."""
    await past.books(9)
    asking: Asking[Any] = Asking(actor=past.admin, now=past.now)
    await retiring.retire(database, asking, "provider", past.house.perez.id)
    found = await past.use()
    assert {one.id for one, _, _ in found.rows} == {past.house.chen.id}
    assert found.left_out.retired == 1


async def test_what_cannot_be_reported(past: Past, monkeypatch: pytest.MonkeyPatch) -> None:
    """Turned dates, more than a year, too many days of providers, and what is not there."""
    day = past.house.day
    for wrong in ({"last": day - timedelta(days=1)}, {"last": day + timedelta(days=366)}):
        with pytest.raises(Invalid):
            await past.use(**wrong)
    for nobody in ("provider_id", "location_id", "service_id"):
        with pytest.raises(NotFound):
            await past.use(**{nobody: INSTALLATION})
    monkeypatch.setattr(reports, "MOST_PROVIDER_DAYS", 1)
    with pytest.raises(Invalid, match="2 providers on 1 days"):
        await past.use()
