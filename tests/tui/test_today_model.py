"""Who stands where on the board of today, and how it reads."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from rich.style import Style

from deskcal.tui.desk import Desk
from deskcal.tui.link import Link
from deskcal.tui.table_rows import STYLED, fitted, row_strip
from deskcal.tui.today.gaps import gaps_of
from deskcal.tui.today.lists import doctors_words, lists_of
from deskcal.tui.today.model import Board, board_of, may_have_missed
from deskcal.wire.booking import Appointment
from deskcal.wire.catalog import Times
from tui.played_book import Busy, Clock, number
from tui.played_clinic import PlayedClinic

STYLES = dict.fromkeys(STYLED, Style())


@pytest.fixture
def clinic(clock: Clock) -> PlayedClinic:
    """Nobody is booked yet; it is 09:41."""
    return PlayedClinic(clock=clock)


async def today(clinic: PlayedClinic) -> list[Appointment]:
    return (await clinic.appointments(clinic.clinic.id)).items


async def board(clinic: PlayedClinic) -> Board:
    return board_of(await today(clinic), clinic.clock.now)


def who(found: tuple[Appointment, ...]) -> list[str]:
    return [one.patient_name.split(",")[0] for one in found]


async def read(clinic: PlayedClinic, name: str, width: int) -> list[str]:
    """Give the lines of a list as they stand on the screen."""

    async def dial() -> Link:
        return clinic

    desk = Desk(dial, name="Desk 2", now=clinic.clock)
    desk._link = clinic  # noqa: SLF001  reached, without following the feed
    desk.rooms = {number(4, 3): "room 3"}
    day = await clinic.calendar_day(desk.today)
    services = {one.id: one for one in await clinic.services()}
    gaps = gaps_of(day, clinic.entries, services, clinic.clock.now)
    shown = lists_of(await board(clinic), gaps, desk, clinic.clock.now)[name]
    widths = fitted(shown.columns, width)
    strips = [row_strip(row, widths, width, STYLES, at_cursor=False, changed=False) for row in shown.rows]
    return [strip.text.rstrip() for strip in strips]


async def test_everybody_stands_in_one_list(clinic: PlayedClinic) -> None:
    """Whoever is here waits, longest first, or is in a room; who is due is late from the minute on."""
    clinic.comes(clinic.book(0, 9, 30, patient=0), 9, 35)
    clinic.comes(clinic.book(1, 9, 30, patient=2), 9, 10)
    clinic.is_called(clinic.book(2, 9, patient=4), 9, 12)
    clinic.book(3, 9, 30, patient=3)
    clinic.book(4, 9, 41, patient=4)
    clinic.book(5, 10, patient=3)
    clinic.book(5, 12, patient=2)
    clinic.book(0, 8, patient=2, status="completed")
    clinic.book(0, 8, 30, patient=3, status="no_show")
    clinic.book(1, 8, patient=3, status="canceled")
    found = await board(clinic)
    assert who(found.waiting) == ["Novak", "Lopez"]
    assert who(found.late) == ["Okoye", "Wei"]
    assert who(found.coming) == ["Okoye"]
    assert who(found.in_room) == ["Wei"]
    counts = found.counts
    assert (counts.booked, counts.arrived, counts.seated, counts.left) == (9, 4, 1, 1)
    assert (counts.late, counts.no_show, counts.walk_ins) == (2, 1, 0)


async def test_no_show_is_offered_after_half_an_hour(clinic: PlayedClinic) -> None:
    """Not a minute sooner, and only for somebody who has not come."""
    clinic.book(0, 9, 30, patient=0)
    one = (await today(clinic))[0]
    assert not may_have_missed(one, one.start + timedelta(minutes=29, seconds=59))
    assert may_have_missed(one, one.start + timedelta(minutes=30))
    clinic.comes(clinic.busy[0], 9, 59)
    assert not may_have_missed((await today(clinic))[0], one.start + timedelta(hours=1))


@pytest.mark.parametrize(
    ("called", "came", "words"),
    [
        (None, None, "All doctors are on time."),
        ((9, 0), None, "Garcia +11 min"),
        ((9, 30), None, "Garcia +30 min"),
        (None, (9, 20), "Garcia +41 min (1 waiting)"),
    ],
    ids=["nobody came", "overruns", "was called late", "waits"],
)
async def test_how_late_a_doctor_runs(
    clinic: PlayedClinic, called: tuple[int, int] | None, came: tuple[int, int] | None, words: str
) -> None:
    """A visit that goes on pushes the next, by when it was called in; else whoever waits past their time."""
    made: Busy = clinic.book(0, 9, patient=0)
    if called:
        clinic.is_called(made, *called)
    if came:
        clinic.comes(made, *came)
    assert doctors_words(await board(clinic)) == words


async def test_lines_of_the_board(clinic: PlayedClinic) -> None:
    """Times stand where the eye looks for them; every state has a mark of its own."""
    clinic.comes(clinic.book(0, 9, 30, patient=0), 9, 35)
    clinic.comes(clinic.book(1, 8, 30, patient=4), 9, 0)
    clinic.book(4, 9, 30, patient=2)
    clinic.book(1, 9, patient=3)
    clinic.book(5, 10, patient=2)
    clinic.is_called(clinic.book(3, 9, patient=1), 9, 12)
    assert await read(clinic, "waiting", 53) == [
        "  Wei, Li          08:30 Okafor  Follow-up ! 41 min",
        "  Lopez, Maria     09:30 Garcia  Follow-up    6 min",
    ]
    assert await read(clinic, "due", 43) == [
        "  Okoye, Tom    09:00 Okafor  Fol~  +41 N?",
        "  Novak, Eva    09:30 Adams   Fol~  +11",
        "  Novak, Eva    10:00 Singh   Fol~ in 19",
    ]
    assert await read(clinic, "in_room", 53) == ["  Lopez, Mario       09:00 Perez   room 3      09:12"]
    assert await read(clinic, "doctors", 24) == [
        "  Adams   on time      0",
        "  Garcia  +11 min      1",
        "  Okafor  +71 min      1",
        "  Perez   +12 min      0",
        "  Singh   on time      0",
    ]


async def test_a_walk_in_has_a_mark(clinic: PlayedClinic) -> None:
    """The key that adds them stands before their time."""
    clinic.walked_in.add(clinic.book(0, 9, 30, patient=0).number)
    assert await read(clinic, "late", 50) == ["  Lopez, Maria    +09:30 Garcia  Follow~  +11"]


def entries(clinic: PlayedClinic, **facts: Any) -> None:
    clinic.waits(2, days=1)
    clinic.waits(3, days=9, **facts)


async def test_gaps_and_whom_they_suit(clinic: PlayedClinic) -> None:
    """Free slots that touch are one gap, up to two hours ahead; who waits longest gets the first."""
    clinic.provider_names = clinic.provider_names[:2]
    clinic.book(1, 10, 30, patient=0)
    clinic.other_desk(0, 10)
    entries(clinic)
    assert await read(clinic, "gaps", 46) == [
        "  10:00 Okafor  30m  Okoye, Tom, Follow-up",
        "  10:30 Garcia  90m  Novak, Eva, Follow-up",
        "  11:00 Okafor  60m  -",
    ]


@pytest.mark.parametrize(
    "facts",
    [
        {"provider_ids": [number(1, 5)]},
        {"times": [Times(start="14:00", end="18:00")]},
        {"service": 1},
    ],
    ids=["another doctor", "another time", "longer"],
)
async def test_whom_a_gap_does_not_suit(clinic: PlayedClinic, facts: dict[str, Any]) -> None:
    """Doctor, time of day and length all have to fit."""
    clinic.provider_names = clinic.provider_names[:1]
    for hour, minute in ((10, 0), (11, 0), (11, 30)):
        clinic.book(0, hour, minute, patient=0)
    entries(clinic, **facts)
    assert await read(clinic, "gaps", 46) == ["  10:30 Garcia  30m  Novak, Eva, Follow-up"]


async def test_names_are_hidden(clinic: PlayedClinic) -> None:
    """Privacy leaves initials, on the board and in the gaps."""
    clinic.book(0, 9, 30, patient=0)

    async def dial() -> Link:
        return clinic

    desk = Desk(dial, name="Desk 2", now=clinic.clock)
    desk.private = True
    shown = lists_of(await board(clinic), (), desk, clinic.clock.now)["late"]
    assert shown.rows[0].cells[0] == "M.L."
    assert isinstance(shown.rows[0].key, UUID)
