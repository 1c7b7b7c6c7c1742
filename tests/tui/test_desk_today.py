"""The board of today: who comes, is called in and leaves, at this desk and at others."""

from collections.abc import Awaitable, Callable

import pytest
from textual.pilot import Pilot

from deskcal.client.told import Resync
from deskcal.tui.app import DeskApp
from deskcal.tui.today.screen import TodayScreen
from tui.played_book import number
from tui.played_clinic import PlayedClinic
from tui.seeing import burst, screen_text, sees, until

Compare = Callable[..., bool]
Scene = Callable[[Pilot[None], PlayedClinic], Awaitable[None]]
WIDE, NARROW = (120, 36), (80, 24)


@pytest.fixture
def clinic(clinic: PlayedClinic) -> PlayedClinic:
    """Fill a Monday; it is 09:41, and Wei waits since 09:00."""
    clinic.busy.clear()
    clinic.comes(clinic.book(0, 9, 30, patient=0), 9, 35)
    clinic.comes(clinic.book(1, 8, 30, patient=4), 9, 0)
    clinic.book(4, 9, 30, patient=2)
    clinic.book(1, 9, patient=3)
    clinic.book(5, 10, patient=0)
    clinic.is_called(clinic.book(3, 9, patient=1), 9, 12)
    clinic.book(2, 8, patient=3, status="completed")
    clinic.book(2, 8, 30, patient=2, status="no_show")
    clinic.waits(2)
    return clinic


async def on_the_board(pilot: Pilot[None], *, booked: int = 8) -> TodayScreen:
    await sees(pilot, "LIVE", "+ 30m")
    await pilot.press("f2")
    await sees(pilot, f"{booked} booked")
    screen = pilot.app.screen
    assert isinstance(screen, TodayScreen)
    return screen


def line(pilot: Pilot[None], word: str) -> str:
    return next(line for line in screen_text(pilot).splitlines() if word in line)


async def test_arrived_and_undone(app: DeskApp, clinic: PlayedClinic) -> None:
    """`a` brings who is late to those who wait; the cursor goes along, so that `u` and `s` mean the same."""
    async with app.run_test(size=WIDE) as pilot:
        screen = await on_the_board(pilot)
        burst(pilot, "right", "down", "a")
        await sees(pilot, "Waiting 3", "Novak, Eva arrived")
        assert screen.front == "waiting"
        await sees(pilot, "Novak, Eva       09:30 Adams   Follow-up    0 min")
        assert clinic.came[clinic.busy[2].number] == clinic.clock.now
        await until(pilot, lambda: screen.under_cursor == number(5, clinic.busy[2].number))
        burst(pilot, "u")
        await sees(pilot, "Waiting 2", "Late or not here yet 3")
        assert screen.front == "due"


async def test_in_room_and_out(app: DeskApp) -> None:
    """`s` calls in who waits longest, `o` lets them go; who has left stands in the counts."""
    async with app.run_test(size=WIDE) as pilot:
        await on_the_board(pilot)
        burst(pilot, "s")
        await sees(pilot, "In room 2", "2 seated")
        burst(pilot, "o")
        await sees(pilot, "In room 1", "2 left")


async def test_another_desk_is_faster(app: DeskApp, clinic: PlayedClinic) -> None:
    """News asks for that appointment alone, marks it for 3 s, and moves no cursor to somebody else."""
    async with app.run_test(size=WIDE) as pilot:
        screen = await on_the_board(pilot)
        await pilot.press("down")
        assert screen.under_cursor == number(5, clinic.busy[0].number)
        clinic.calls.clear()
        clinic.other_desk_sets(clinic.busy[1], "in_progress")
        await sees(pilot, " *Wei, Li", "In room 2", "> Lopez, Maria")
        assert (clinic.calls.count("appointment"), clinic.calls.count("appointments")) == (1, 0)
        assert screen.under_cursor == number(5, clinic.busy[0].number)
        clinic.clock.forward(3)
        app.tick()
        await until(pilot, lambda: "*Wei" not in screen_text(pilot))


async def test_much_at_once(app: DeskApp, clinic: PlayedClinic) -> None:
    """A sick day moves fifty appointments: the day is read once, not fifty times."""
    made = [clinic.book(5, 15, patient=3) for _ in range(50)]
    async with app.run_test(size=WIDE) as pilot:
        await on_the_board(pilot, booked=58)
        clinic.calls.clear()
        for one in made:
            clinic.other_desk_sets(one, "canceled")
        await sees(pilot, "8 booked")
        assert clinic.calls.count("appointment") == 0
        assert clinic.calls.count("appointments") <= 2


async def test_the_one_under_the_cursor_goes_on(app: DeskApp, clinic: PlayedClinic) -> None:
    """A key pressed the moment another desk moves somebody still means that person."""
    async with app.run_test(size=WIDE) as pilot:
        screen = await on_the_board(pilot)
        wei = screen.under_cursor
        clinic.other_desk_sets(clinic.busy[1], "in_progress")
        await until(pilot, lambda: screen.front == "in_room")
        assert screen.under_cursor == wei


async def test_minutes_pass(app: DeskApp, clinic: PlayedClinic) -> None:
    """Once a minute the board draws what reads differently; nothing is asked."""
    async with app.run_test(size=WIDE) as pilot:
        await on_the_board(pilot)
        await sees(pilot, "6 min", "+41 N?", "+11 ")
        clinic.calls.clear()
        clinic.clock.forward(60)
        app.tick()
        await sees(pilot, "7 min", "+42 N?", "in 18")
        clinic.clock.forward(18 * 60)
        app.tick()
        await sees(pilot, "25 min", "+30 N?", "+0")
        assert clinic.calls == []


async def test_somebody_new_and_somebody_moved(app: DeskApp, clinic: PlayedClinic) -> None:
    """A booking of another desk appears; what is moved to another day goes."""
    async with app.run_test(size=WIDE) as pilot:
        await on_the_board(pilot)
        made = clinic.other_desk_books(0, 10, 30, patient=3)
        await sees(pilot, "Okoye, Tom    10:30", "9 booked")
        made.start, made.end, made.version = clinic.at(9, day=26), clinic.at(9, 30, day=26), 2
        clinic.tell_of("appointment.rescheduled", {"appointmentId": str(number(5, made.number))})
        await sees(pilot, "8 booked")


async def test_pages_and_a_lost_line(app: DeskApp, clinic: PlayedClinic) -> None:
    """A day of many pages is read whole; after a gap in the feed it is read again."""
    for _ in range(300):
        clinic.book(5, 16, patient=3)
    async with app.run_test(size=WIDE) as pilot:
        await sees(pilot, "LIVE")
        await pilot.press("f2")
        await sees(pilot, "308 booked")
        clinic.busy.pop()
        clinic.say(Resync(seq=clinic.seq))
        await sees(pilot, "307 booked")
        clinic.go_offline()
        await sees(pilot, "OFFLINE", "307 booked")


async def test_a_gap_is_held_for_who_waits(app: DeskApp) -> None:
    """Enter on a gap holds its first slot for whom it suits."""
    async with app.run_test(size=WIDE) as pilot:
        await on_the_board(pilot)
        burst(pilot, "left", "enter")
        await sees(pilot, "HOLD  Mon 24 Nov 10:00  Dr Adams", "Novak, Eva", "Held for you")


async def test_tabs(app: DeskApp) -> None:
    """Where there is little room each list stands behind a tab; growing again shows them all."""
    async with app.run_test(size=NARROW) as pilot:
        screen = await on_the_board(pilot)
        await sees(pilot, "[Waiting 2]  Late 2   Next 2h 1   In room 1   Gaps in 2h")
        burst(pilot, "tab", "tab")
        await sees(pilot, "[Next 2h 1]", "> Lopez, Maria", "in 19")
        await pilot.resize_terminal(*WIDE)
        await sees(pilot, "Late or not here yet 3", "In room 1")
        assert screen.front == "due"


async def test_the_last_second(app: DeskApp, clinic: PlayedClinic) -> None:
    """What still comes while the desk is taken down is not drawn any more."""
    clinic.other_desk(0, 13)
    async with app.run_test(size=WIDE) as pilot:
        screen = await on_the_board(pilot)
    for area in (screen, app.calendar):
        assert not area.is_mounted
    screen.draw()
    app.calendar.grid.tick(clinic.clock.now)


async def waiting(pilot: Pilot[None], _: PlayedClinic) -> None:
    await sees(pilot, "Wei, Li")


async def late(pilot: Pilot[None], clinic: PlayedClinic) -> None:
    clinic.other_desk_sets(clinic.busy[5], "completed")
    burst(pilot, "right")
    await sees(pilot, "> Okoye, Tom", "2 left")


async def gaps(pilot: Pilot[None], _: PlayedClinic) -> None:
    burst(pilot, "left")
    await sees(pilot, "> 10:00")


async def private(pilot: Pilot[None], _: PlayedClinic) -> None:
    burst(pilot, "ctrl+l")
    await until(pilot, lambda: "Wei" not in screen_text(pilot))


async def empty(pilot: Pilot[None], clinic: PlayedClinic) -> None:
    clinic.busy.clear()
    clinic.say(Resync(seq=clinic.seq))
    await sees(pilot, "Nobody is booked today. + adds a walk-in.")


SCENES: tuple[Scene, ...] = (waiting, late, gaps, private, empty)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["120x36", "80x24"])
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_screen_of_today(
    snap_compare: Compare, app: DeskApp, clinic: PlayedClinic, scene: Scene, size: tuple[int, int]
) -> None:
    """The board looks as it was approved."""

    async def play(pilot: Pilot[None]) -> None:
        await on_the_board(pilot)
        await scene(pilot, clinic)

    assert snap_compare(app, terminal_size=size, run_before=play)
