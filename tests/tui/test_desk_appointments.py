"""The lists of appointments: their tabs, pages, words to narrow by, and news that never move the cursor."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from deskcal.tui.app import DeskApp
from deskcal.tui.link import Dial
from deskcal.tui.memory.drafts import Draft, Person
from deskcal.tui.memory.memory import Memory
from tui.played_book import Clock, number
from tui.played_clinic import PlayedClinic
from tui.seeing import Desk, burst, screen_text, sees

WIDE, NARROW = (120, 36), (80, 24)
Compare = Callable[..., bool]
Scene = Callable[[Desk, PlayedClinic], Awaitable[None]]


async def on_the_lists(pilot: Desk) -> None:
    await sees(pilot, "LIVE")
    await pilot.press("f6")
    await sees(pilot, "[Upcoming 4]", "> Mon 24", "...0195")


async def test_news_keep_the_cursor(app: DeskApp, clinic: PlayedClinic) -> None:
    """What other desks book and move comes in place, marked; the cursor stays on its appointment."""
    async with app.run_test(size=WIDE) as pilot:
        await on_the_lists(pilot)
        await pilot.press("down", "down")
        await sees(pilot, "> Mon 24 Nov  10:00  Okoye, Tom")
        clinic.other_desk_books(5, 9, 45, patient=0)
        await sees(
            pilot, "[Upcoming 5]", " *Mon 24 Nov  09:45  Lopez, Maria", "B-20804 booked for Mon 24 Nov 09:45"
        )
        assert "> Mon 24 Nov  10:00  Okoye, Tom" in screen_text(pilot)
        clinic.other_desk_moves(clinic.busy[1], 15)
        await sees(pilot, ">*Mon 24 Nov  15:00  Okoye, Tom", "0s ago: B-20801 moved from 10:00 to 15:00")
        clinic.clock.forward(4)
        app.tick()
        await sees(pilot, "> Mon 24 Nov  15:00  Okoye, Tom", "4s ago: B-20801 moved")
        assert "*Mon" not in screen_text(pilot)


async def test_many_pages(app: DeskApp, clinic: PlayedClinic) -> None:
    """Five hundred rows come page by page as the cursor nears the end of what is there."""
    clinic.busy.clear()
    for n in range(500):
        made = clinic.book(n % 6, 10, patient=n % 5)
        made.start, made.end = (at + timedelta(minutes=30 * n) for at in (made.start, made.end))
    async with app.run_test(size=NARROW) as pilot:
        await sees(pilot, "LIVE")
        await pilot.press("f6")
        await sees(pilot, "[Upcoming 200+]")
        await pilot.press("end")
        await sees(pilot, "[Upcoming 400+]", "20999")
        await pilot.press("end")
        await sees(pilot, "[Upcoming 500]")
        await pilot.press("end")
        await sees(pilot, "> ", "201299")
        assert clinic.calls.count("appointments") == 3


async def test_narrowing_by_words(app: DeskApp) -> None:
    """`f` narrows as words are typed, Enter goes back to the rows, esc shows all again."""
    async with app.run_test(size=WIDE) as pilot:
        await on_the_lists(pilot)
        burst(pilot, "f", *"nov")
        await sees(pilot, "[Upcoming 2]", "only Novak, Eva")
        await pilot.press("enter")
        await sees(pilot, "> Mon 24 Nov  10:00  Novak, Eva")
        await pilot.press("f", "escape")
        await sees(pilot, "[Upcoming 4]")
        burst(pilot, "f", *"zzz")
        await sees(pilot, "Nothing here fits. esc shows all.", '"zzz" among these')


async def test_sorting(app: DeskApp) -> None:
    """`S` sorts by the next column and says which; the cursor stays on its appointment."""
    async with app.run_test(size=WIDE) as pilot:
        await on_the_lists(pilot)
        await pilot.press("S")
        await sees(pilot, "Patient v", "Sorted by patient.", "> Mon 24 Nov  09:30  Wei, Li")
        rows = [line for line in screen_text(pilot).splitlines() if "Mon 24 Nov  " in line and "Dr" in line]
        names = [row[21:31] for row in rows[:4]]
        assert names == sorted(names)


async def test_tabs_and_drafts(app: DeskApp, clinic: PlayedClinic) -> None:
    """Tab goes through the lists; a draft there is taken up again with Enter, or thrown away."""
    slot = clinic._timeslot(3, clinic._services[0], clinic.at(11))  # noqa: SLF001  the wire's own slot
    who = Person(id=number(3, 0), name="Lopez, Maria")
    drafts = app.desk.memory.drafts
    async with app.run_test(size=NARROW) as pilot:
        await on_the_lists(pilot)
        for reason in ("knee", "rash"):
            drafts.save(
                Draft(id=uuid4(), saved_at=clinic.clock.now, slot=slot, patient=who, typed="", reason=reason)
            )
        await pilot.press("tab")
        await sees(pilot, "[History 0]", "Nothing has taken place yet.")
        await pilot.press("tab")
        await sees(pilot, "[Mine 1]", "Novak, Eva")
        await pilot.press("tab")
        await sees(pilot, "[Drafts 2]", "Lopez, Maria", "> 09:41", "knee")
        await pilot.press("delete")
        await sees(pilot, "Discard the draft?")
        await pilot.press("enter")
        await sees(pilot, "[Drafts 1]", "rash")
        await pilot.press("enter")
        await sees(pilot, "HOLD  Mon 24 Nov 11:00  Dr Perez", "rash")


async def test_waitlist_behind_its_tab(app: DeskApp) -> None:
    """The last tab is the waitlist."""
    async with app.run_test(size=NARROW) as pilot:
        await on_the_lists(pilot)
        await pilot.press("left")
        await sees(pilot, "[Waitlist]", "Nobody is on the waitlist.")


async def test_history_stays_readable_offline(app: DeskApp, clinic: PlayedClinic) -> None:
    """What was listed stays while the server is away; what was not says why."""
    async with app.run_test(size=NARROW) as pilot:
        await on_the_lists(pilot)
        clinic.go_offline()
        await sees(pilot, "OFFLINE", "> Mon 24")
        await pilot.press("tab")
        await sees(pilot, "The server does not answer.")
        clinic.come_back()
        await sees(pilot, "[History 0]")


async def test_remembered_from_before(clinic: PlayedClinic, clock: Clock, tmp_path: Path) -> None:
    """With the server away, a desk that starts shows what it listed last, how old it is, and acts on it."""

    async def dial() -> PlayedClinic:
        return clinic

    async with desk_app(dial, clock, tmp_path).run_test(size=WIDE) as pilot:
        await on_the_lists(pilot)
        await pilot.press("enter")
        await sees(pilot, "Appointments > B-20802")
    clinic.go_offline()
    clock.forward(3600)
    app = desk_app(dial, clock, tmp_path)
    async with app.run_test(size=WIDE) as pilot:
        await sees(pilot, "OFFLINE")
        await pilot.press("f6")
        await sees(pilot, "[Upcoming 4]", "> Mon 24 Nov  09:30  Wei, Li", "as of 09:41")
        await pilot.press("s")
        await sees(pilot, "Wei, Li in room waits in the queue (F8)")


def desk_app(dial: Dial, clock: Clock, folder: Path) -> DeskApp:
    memory = Memory(folder, url="http://played", clinic_id=number(9, 1))
    return DeskApp(dial, desk_name="Desk 2", now=clock, debounce=0, memory=memory)


async def test_privacy(app: DeskApp) -> None:
    """ctrl+l leaves no name on the lists and in the detail."""
    async with app.run_test(size=WIDE) as pilot:
        await on_the_lists(pilot)
        await pilot.press("ctrl+l")
        await sees(pilot, "L.W.", "E.N.")
        assert not [name for name in ("Wei", "Novak", "Okoye", "...0195") if name in screen_text(pilot)]
        await pilot.press("enter")
        await sees(pilot, "Patient   L.W.")
        assert "Wei" not in screen_text(pilot)


async def listed(pilot: Desk, _: PlayedClinic) -> None:
    await on_the_lists(pilot)


async def changed(pilot: Desk, clinic: PlayedClinic) -> None:
    await on_the_lists(pilot)
    clinic.other_desk_moves(clinic.busy[1], 15)
    await sees(pilot, "moved from 10:00 to 15:00")


async def history(pilot: Desk, clinic: PlayedClinic) -> None:
    clinic.book(0, 8, patient=0, status="completed")
    clinic.book(1, 8, 30, patient=1, status="no_show")
    await on_the_lists(pilot)
    await pilot.press("tab")
    await sees(pilot, "[History 2]", "no-show", "...0198")


async def private(pilot: Desk, _: PlayedClinic) -> None:
    await on_the_lists(pilot)
    await pilot.press("ctrl+l")
    await sees(pilot, "L.W.")


async def filtering(pilot: Desk, _: PlayedClinic) -> None:
    await on_the_lists(pilot)
    burst(pilot, "f", *"nov")
    await sees(pilot, "[Upcoming 2]")


async def detail(pilot: Desk, clinic: PlayedClinic) -> None:
    clinic.other_desk_sets(clinic.busy[2], "in_progress")
    await on_the_lists(pilot)
    await pilot.press("enter")
    await sees(pilot, "refund $60", "IN ROOM")


async def audit(pilot: Desk, clinic: PlayedClinic) -> None:
    await detail(pilot, clinic)
    await pilot.press("tab", "tab") if pilot.app.size.width > NARROW[0] else await pilot.press("tab")
    await sees(pilot, "arrived -> in room")


async def record(pilot: Desk, clinic: PlayedClinic) -> None:
    await detail(pilot, clinic)
    await pilot.press("i")
    await sees(pilot, "Full record")


async def visits(pilot: Desk, clinic: PlayedClinic) -> None:
    await detail(pilot, clinic)
    await pilot.press("tab", "tab")
    await sees(pilot, "next  Mon 24 Nov 09:30")


async def canceling(pilot: Desk, _: PlayedClinic) -> None:
    await on_the_lists(pilot)
    await pilot.press("down", "c")
    await sees(pilot, "Fee $25, refund $60.")


async def missed(pilot: Desk, _: PlayedClinic) -> None:
    await on_the_lists(pilot)
    await pilot.press("down", "N")
    await sees(pilot, "Yes, no-show, fee $15")


async def acted(pilot: Desk, _: PlayedClinic) -> None:
    await on_the_lists(pilot)
    await pilot.press("down", "a")
    await sees(pilot, "arrived (u undo, 10 s left)")


SCENES: tuple[Scene, ...] = (
    listed,
    changed,
    history,
    private,
    filtering,
    detail,
    audit,
    record,
    visits,
    canceling,
    missed,
    acted,
)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["120x36", "80x24"])
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_screen(
    snap_compare: Compare, app: DeskApp, clinic: PlayedClinic, scene: Scene, size: tuple[int, int]
) -> None:
    """The screen looks as it was approved."""

    async def play(pilot: Desk) -> None:
        await scene(pilot, clinic)

    assert snap_compare(app, terminal_size=size, run_before=play)
