"""Month and week on the screen: what they look like, that they live, and that the keys lead on."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import pytest
from textual.pilot import Pilot
from textual.strip import Strip

from deskcal.tui.app import DeskApp
from deskcal.tui.calendar.columns import Columns
from deskcal.tui.calendar.month import MonthModel
from deskcal.tui.calendar.month_grid import MonthGrid
from tui.played_book import Clock
from tui.played_clinic import PlayedClinic
from tui.seeing import burst, day, screen_text, sees, typed, until

Compare = Callable[..., bool]
Scene = Callable[[Pilot[None], PlayedClinic], Awaitable[None]]
SIZES = [(120, 36), (80, 24)]


@pytest.fixture
def clinic(clock: Clock) -> PlayedClinic:
    """Play a clinic closed on Sundays and on Thanksgiving; Tuesday is full, Wednesday nearly so."""
    played = PlayedClinic(clock=clock)
    played.holidays = {date(2025, 11, day): "" for day in (2, 9, 16, 23, 30)}
    played.holidays[date(2025, 11, 27)] = "Thanksgiving Day"
    played.book(0, 10, patient=2)
    for half_hour in range(20):
        for provider in range(6):
            for ahead in (1, 2, 4):
                if (provider * 7 + half_hour * 3) % 11 >= ahead - 1:
                    book(played, provider, half_hour, ahead)
    return played


def book(clinic: PlayedClinic, provider: int, half_hour: int, ahead: int) -> None:
    busy = clinic.book(provider, 8, patient=1)
    later = timedelta(days=ahead, minutes=30 * half_hour)
    busy.start, busy.end = busy.start + later, busy.end + later


async def month(pilot: Pilot[None], _: PlayedClinic) -> None:
    await pilot.press("m")
    await sees(pilot, "89 free of 90", "first 10:00")


async def month_closed(pilot: Pilot[None], _: PlayedClinic) -> None:
    await pilot.press("m", "right", "right", "right")
    await sees(pilot, "Thu 27 Nov: closed (Thanksgiving Day)")


async def month_empty(pilot: Pilot[None], clinic: PlayedClinic) -> None:
    clinic.holidays |= {date(2026, 2, day): "" for day in range(1, 29)}
    await pilot.press("m", "]", "]", "]")
    await sees(pilot, "Tue 24 Feb: closed   No free slots in February. n next available.")


async def month_offline(pilot: Pilot[None], clinic: PlayedClinic) -> None:
    await month(pilot, clinic)
    clinic.go_offline()
    await sees(pilot, "OFFLINE")
    clinic.clock.forward(252)
    assert isinstance(pilot.app, DeskApp)
    pilot.app.tick()
    await sees(pilot, "4m12s old")


async def week(pilot: Pilot[None], _: PlayedClinic) -> None:
    await pilot.press("w", "down", "right", "right")
    await sees(pilot, "Wed 26 Nov: ", "provider free", ">Mon 24")


async def week_filtered(pilot: Pilot[None], clinic: PlayedClinic) -> None:
    await pilot.press("w", "f")
    await typed(pilot, "perez")
    await pilot.press("enter")
    await until(pilot, lambda: clinic.calls.count("week") > 3)
    await sees(pilot, "Dr Perez", " 1 =", "Mon 24 Nov 09:")


SCENES: tuple[Scene, ...] = (month, month_closed, month_empty, month_offline, week, week_filtered)


@pytest.mark.parametrize("size", SIZES, ids=["120x36", "80x24"])
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_period(
    snap_compare: Compare, app: DeskApp, clinic: PlayedClinic, scene: Scene, size: tuple[int, int]
) -> None:
    """The screen looks as it was approved."""

    async def play(pilot: Pilot[None]) -> None:
        await sees(pilot, "LIVE", "+ 30m")
        await scene(pilot, clinic)

    assert snap_compare(app, terminal_size=size, run_before=play)


async def test_month_lives(app: DeskApp, clinic: PlayedClinic) -> None:
    """Another desk's booking is counted without a key press and without a question."""
    async with app.run_test(size=(120, 36)) as pilot:
        await month(pilot, clinic)
        asked = len(clinic.calls)
        clinic.other_desk(5, 13, books=True)
        await sees(pilot, "88 free of 90", "[   88 free     ]", "2 booked")
        assert clinic.calls[asked:] == []


async def test_week_lives(app: DeskApp, clinic: PlayedClinic) -> None:
    """Another desk's hold takes one from the half hour that is shown."""
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        await pilot.press("w", *["down"] * 7)
        await sees(pilot, "[ 6 ======      ]", "6 providers free, 13:00-13:30")
        clinic.other_desk(5, 13)
        await sees(pilot, "[ 5 =====       ]", "5 providers free, 13:00-13:30")


async def test_filtered_month_catches_up_once(app: DeskApp, clinic: PlayedClinic) -> None:
    """However much happens at once, what only the server can count is asked for once."""
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        await pilot.press("m", "f")
        await typed(pilot, "fu")
        await pilot.press("enter")
        await until(pilot, lambda: clinic.calls.count("closures") and "89 free" in screen_text(pilot))
        asked = clinic.calls.count("calendar_month")
        for half_hour in range(8):
            clinic.other_desk(4, 13 + half_hour // 2, 30 * (half_hour % 2), books=True)
        await sees(pilot, "81 free of 90")
        assert clinic.calls.count("calendar_month") == asked + 1


async def test_only_the_changed_date_is_drawn(
    app: DeskApp, clinic: PlayedClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a month one week is drawn again, the lines of the others stay as they are."""
    async with app.run_test(size=(120, 36)) as pilot:
        await month(pilot, clinic)
        grid = day(pilot).view.grid
        assert isinstance(grid, MonthGrid)
        drawn: list[int] = []
        paint = grid.paint

        def watched(model: MonthModel, row: int, line: int, columns: Columns) -> Strip:
            drawn.append(row)
            return paint(model, row, line, columns)

        monkeypatch.setattr(grid, "paint", watched)
        clinic.other_desk(5, 13, books=True)
        await sees(pilot, "88 free of 90")
        assert set(drawn) == {4}


async def test_typed_ahead_into_a_day(app: DeskApp) -> None:
    """Keys typed before the month is there lead into the right day, across the end of the month, too."""
    async with app.run_test() as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        burst(pilot, "m", "down", "right", "right", "enter")
        await until(pilot, lambda: day(pilot).area == "day" and day(pilot).view.day == date(2025, 12, 3))
        await sees(pilot, "Wed 03 Dec", "+ 30m")


async def test_week_leads_into_the_hour(app: DeskApp, clinic: PlayedClinic) -> None:
    """Enter in the week opens the day with the cursor at that time."""
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        burst(pilot, "w", "down", "down", "down", "down", "left", "enter")
        await until(pilot, lambda: day(pilot).area == "day" and day(pilot).view.day == date(2025, 11, 23))
        burst(pilot, "w", "right", "enter")
        await sees(pilot, "Mon 24 Nov", "11:30 Dr")
        assert clinic.calls.count("week") >= 1


async def test_cursor_keeps_its_place(app: DeskApp) -> None:
    """Through periods and views the cursor keeps its date, and in the week its time of day."""
    async with app.run_test() as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        await pilot.press("w", "end", "pagedown", "]", "home")
        await sees(pilot, "Week 50", "Mon 08 Dec")
        await pilot.press("m", "}", "end")
        await until(pilot, lambda: day(pilot).view.day == date(2026, 12, 31))
        await pilot.press("pageup", "t", "w")
        await until(pilot, lambda: day(pilot).view.day == date(2025, 11, 24))


async def test_resize_keeps_the_time(app: DeskApp, clinic: PlayedClinic) -> None:
    """Made smaller, half hours become hours, and the cursor stays in its hour."""
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        await pilot.press("w", "home", *["down"] * 11)
        await sees(pilot, "Mon 24 Nov: 6 providers free, 13:30-14:00")
        await pilot.resize_terminal(80, 24)
        await sees(pilot, "13:00 [ 6 ======]")
        await pilot.press("enter")
        await sees(pilot, "13:00 Dr")
        assert clinic.calls.count("week") == 3


async def test_mouse(app: DeskApp) -> None:
    """A click selects a date, a double click goes into it."""
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("m")
        await sees(pilot, "LIVE", "November 2025")
        await pilot.click("#month", offset=(5 + 16 * 4 + 3, 1 + 5 * 4 + 1))
        await until(pilot, lambda: day(pilot).view.day == date(2025, 11, 28))
        await pilot.click("#month", offset=(5 + 16 * 2 + 3, 1 + 5 * 4 + 1), times=2)
        await until(pilot, lambda: day(pilot).area == "day" and day(pilot).view.day == date(2025, 11, 26))


async def test_mine(app: DeskApp, clinic: PlayedClinic) -> None:
    """M counts what the user booked; a user with a calendar of their own sees only that."""
    clinic.book(3, 15, patient=1).by = "Desk 2"
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        await pilot.press("m", "M")
        await sees(pilot, "booked by you", "1 booked", "FULL")
        assert "##########" not in screen_text(pilot)
        clinic.treats = 3
        await pilot.press("M")
        await sees(pilot, "LIVE  queue 0  Dr Perez", "free / booked per day")
        await pilot.press("M")
        await sees(pilot, "no filters")


async def test_nothing_free_for_a_filter(app: DeskApp, clinic: PlayedClinic) -> None:
    """A week in which nothing is free says for whom, and which keys lead on."""
    clinic.holidays |= {date(2025, 12, day): "" for day in range(1, 8)}
    async with app.run_test() as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        await pilot.press("w", "]", "f")
        await typed(pilot, "perez")
        await pilot.press("enter")
        await sees(pilot, "No free slots for Dr Perez in week 49. n next available, F clears filters.")


async def test_nothing_known(app: DeskApp, clinic: PlayedClinic) -> None:
    """Without an answer the dates can be walked, and it says why nothing is known of them."""
    async with app.run_test() as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        clinic.go_offline()
        await sees(pilot, "OFFLINE")
        await pilot.press("m", "right")
        await sees(pilot, "The server does not answer", ">24", "[ 25", "no answer")
