"""The patients area: found by anything, shown whole, chosen for booking."""

from collections.abc import Awaitable, Callable

import pytest
from textual.pilot import Pilot

from deskcal.tui.app import DeskApp
from deskcal.tui.patients.lines import matched_on
from tui.played_clinic import PlayedClinic
from tui.seeing import burst, screen_text, sees, typed, until

Compare = Callable[..., bool]
Scene = Callable[[Pilot[None], PlayedClinic], Awaitable[None]]


async def test_chosen_for_booking(app: DeskApp) -> None:
    """Enter on a match goes back to the day, where the next slot is for them."""
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        await pilot.press("f7")
        await typed(pilot, "nov")
        await sees(pilot, "> Novak, Eva", "name", "upcoming")
        await pilot.press("enter")
        await sees(pilot, "for Novak, Eva", "[Day]")


async def test_typed_ahead(app: DeskApp, clinic: PlayedClinic) -> None:
    """The key of the area, a name, Enter and a slot in one write lose nothing."""
    async with app.run_test(size=(80, 24)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        burst(pilot, "f7", *"novak", "enter", "down", "down", "right", "right", "right", "enter", "enter")
        await sees(pilot, "booked B-20", "Novak E, Dr Perez Mon 24 Nov 10:30")
        assert clinic.calls.count("confirm") == 1


async def test_new_patient_keeps_what_was_typed(app: DeskApp, clinic: PlayedClinic) -> None:
    """Nobody matches: F9 adds them under the name that was typed."""
    async with app.run_test(size=(80, 24)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        await pilot.press("f7")
        await typed(pilot, "ana dias")
        await sees(pilot, "Nobody matches. F9 adds a new patient.")
        await pilot.press("f9", "tab")
        await typed(pilot, "12 mar 84")
        await pilot.press("enter")
        await sees(pilot, "Added Ana Dias", "> Ana Dias", "1984-03-12")
        assert clinic.calls.count("add_patient") == 1


async def test_visits(app: DeskApp) -> None:
    """Tab goes to the visits; Enter opens one."""
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        await pilot.press("f7")
        await typed(pilot, "novak")
        await sees(pilot, "upcoming  Mon 24 Nov 10:00", "Mon 24 Nov 14:00", "history")
        await pilot.press("tab", "enter")
        await sees(pilot, "B-20800", "Novak, Eva")


async def test_a_booking_elsewhere_is_seen(app: DeskApp, clinic: PlayedClinic) -> None:
    """What another desk books for the patient appears without a key."""
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        await pilot.press("f7")
        await typed(pilot, "okoye")
        await sees(pilot, "> Okoye, Tom", "10:00")
        clinic.other_desk_books(5, 13, patient=3)
        await sees(pilot, "Mon 24 Nov 13:00")


@pytest.mark.parametrize(
    ("text", "found"),
    [("lop mar", "name"), ("lop 84", "name + birth date"), ("0199", "phone"), ("1984-01-12", "birth date")],
)
async def test_why_it_matched(clinic: PlayedClinic, text: str, found: str) -> None:
    """Each match says which words of the search meant what."""
    patient = (await clinic.patients("lop maria")).items[0]
    assert matched_on(patient, text) == found


async def finding(pilot: Pilot[None], _: PlayedClinic) -> None:
    await pilot.press("f7")
    await typed(pilot, "lop")
    await sees(pilot, "> Lopez, Maria", "looks alike", "history")


async def visiting(pilot: Pilot[None], _: PlayedClinic) -> None:
    await pilot.press("f7")
    await typed(pilot, "novak")
    await sees(pilot, "> Novak, Eva", "history")
    await pilot.press("tab")
    await sees(pilot, "> Mon 24 Nov 10:00")


async def nobody(pilot: Pilot[None], _: PlayedClinic) -> None:
    await pilot.press("f7")
    await typed(pilot, "zzz")
    await sees(pilot, "Nobody matches")


async def hidden(pilot: Pilot[None], clinic: PlayedClinic) -> None:
    await finding(pilot, clinic)
    await pilot.press("ctrl+l")
    await until(pilot, lambda: "Lopez, M" not in screen_text(pilot))


@pytest.mark.parametrize("size", [(120, 36), (80, 24)], ids=["120x36", "80x24"])
@pytest.mark.parametrize("scene", [finding, visiting, nobody, hidden])
def test_screen(
    app: DeskApp, clinic: PlayedClinic, snap_compare: Compare, scene: Scene, size: tuple[int, int]
) -> None:
    """The area looks as it did, in both sizes."""

    async def shown(pilot: Pilot[None]) -> None:
        await sees(pilot, "LIVE")
        await scene(pilot, clinic)

    assert snap_compare(app, terminal_size=size, run_before=shown)
