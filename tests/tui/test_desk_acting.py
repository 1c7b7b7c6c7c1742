"""Acting on the appointment under the cursor, in whichever area it stands."""

import asyncio
from pathlib import Path

import pytest

from deskcal.tui.app import DeskApp
from deskcal.tui.memory.intents import Become, Cancel
from tui.played_book import Busy
from tui.played_clinic import PlayedClinic
from tui.seeing import Desk, burst, screen_text, sees, typed, until

WIDE, NARROW = (120, 36), (80, 24)


@pytest.fixture(autouse=True)
def due(clinic: PlayedClinic) -> Busy:
    """Maria Lopez, due eleven minutes ago, and the only one in the lists."""
    clinic.busy.clear()
    return clinic.book(3, 9, 30, patient=0)


async def on_the_list(pilot: Desk) -> None:
    await sees(pilot, "LIVE")
    await pilot.press("f6")
    await sees(pilot, "> Mon 24", "LATE 11m")


async def test_arrived_and_undone(app: DeskApp, clinic: PlayedClinic, due: Busy) -> None:
    """`a` says who arrived and counts down how long `u` is told of; `u` takes it back."""
    async with app.run_test(size=WIDE) as pilot:
        await on_the_list(pilot)
        await pilot.press("a")
        await sees(pilot, "ok 09:41 Lopez, Maria arrived (u undo, 10 s left)", ">*Mon 24 Nov")
        assert due.status == "checked_in"
        clinic.clock.forward(4)
        app.tick()
        await sees(pilot, "(u undo, 6 s left)", "> Mon 24 Nov")
        await pilot.press("u")
        await sees(pilot, "Lopez, Maria booked again", "LATE 11m")
        assert due.status == "confirmed"
        await pilot.press("u")
        await sees(pilot, "Nothing to undo")


async def test_undone_later(app: DeskApp, clinic: PlayedClinic, due: Busy) -> None:
    """After ten seconds undo is not told of any more, and works all the same."""
    async with app.run_test(size=WIDE) as pilot:
        await on_the_list(pilot)
        await pilot.press("a")
        await sees(pilot, "10 s left")
        clinic.clock.forward(60)
        app.tick()
        await until(pilot, lambda: "u undo" not in screen_text(pilot))
        await pilot.press("u")
        await until(pilot, lambda: due.status == "confirmed")


async def test_not_undone_after_others_changed_it(app: DeskApp, clinic: PlayedClinic, due: Busy) -> None:
    """What another desk made of it since is not undone; the message says what and who."""
    async with app.run_test(size=WIDE) as pilot:
        await on_the_list(pilot)
        await pilot.press("a")
        await sees(pilot, "Lopez, Maria arrived")
        clinic.other_desk_sets(due, "in_progress", told=False)
        await pilot.press("u")
        await sees(pilot, "Not changed: Lopez, Maria is in room since 09:41, by ana/Desk 1.", "in room")
        assert due.status == "in_progress"


async def test_drawn_before_the_answer(app: DeskApp, clinic: PlayedClinic, due: Busy) -> None:
    """A status is drawn at once, marked until the server agrees."""
    async with app.run_test(size=WIDE) as pilot:
        await on_the_list(pilot)
        clinic.slow = asyncio.Event()
        await pilot.press("a")
        await sees(pilot, "arrived..")
        assert due.status == "confirmed"
        clinic.slow.set()
        await sees(pilot, "Lopez, Maria arrived")
        assert "arrived.." not in screen_text(pilot)


async def test_taken_back_when_refused(app: DeskApp, due: Busy) -> None:
    """A refused status is taken back, with the server's reason."""
    async with app.run_test(size=WIDE) as pilot:
        await on_the_list(pilot)
        await pilot.press("o")
        await sees(pilot, "!  09:41 This appointment is confirmed.", "LATE 11m")
        assert due.status == "confirmed"


async def test_two_statuses_in_one_read(app: DeskApp, due: Busy) -> None:
    """`a` and `s` typed at once are both done, in their order, though both saw the first version."""
    async with app.run_test(size=WIDE) as pilot:
        await on_the_list(pilot)
        burst(pilot, "a", "s")
        await sees(pilot, "Lopez, Maria in room")
        assert (due.status, due.version) == ("in_progress", 3)


async def test_changed_by_another_desk_meanwhile(app: DeskApp, clinic: PlayedClinic, due: Busy) -> None:
    """Of two desks that set a status, the second hears what the first did, and nothing is overwritten."""
    async with app.run_test(size=WIDE) as pilot:
        await on_the_list(pilot)
        clinic.other_desk_sets(due, "no_show", told=False)
        await pilot.press("a")
        await sees(pilot, "Not changed: Lopez, Maria is no-show since 09:41, by ana/Desk 1. Look again.")
        assert due.status == "no_show"


async def test_canceling_keeps_by_default(app: DeskApp, clinic: PlayedClinic) -> None:
    """Enter on the dialog keeps the appointment: the focus is on the safe answer."""
    async with app.run_test(size=WIDE) as pilot:
        await on_the_list(pilot)
        await pilot.press("c")
        await sees(pilot, "Cancel B-20800?", "Fee $25, refund $60.", "> [ No, keep it ]")
        await pilot.press("enter")
        await until(pilot, lambda: "Cancel B-20800?" not in screen_text(pilot))
        assert "cancel" not in clinic.calls


async def test_canceling_with_its_fee(app: DeskApp, due: Busy) -> None:
    """The fee of this moment is shown before, charged, and said after; a number gives the reason."""
    async with app.run_test(size=NARROW) as pilot:
        await on_the_list(pilot)
        await pilot.press("c")
        await sees(pilot, "[ Yes, cancel and charge $25 ]", "passed on Sun 23 Nov 09:30")
        await pilot.press("1", "right")
        await sees(pilot, "patient asked ", "> [ Yes, cancel and charge $25 ]")
        await pilot.press("enter")
        await sees(pilot, "canceled B-20800 Lopez, Maria, Mon 24 Nov 09:30, fee $25, refund $60")
        assert (due.status, due.notes) == ("canceled", "patient asked")


async def test_canceling_for_the_clinic(app: DeskApp, due: Busy) -> None:
    """The clinic's own reasons waive the fee; words of one's own come after tab, where `y` is a letter."""
    async with app.run_test(size=WIDE) as pilot:
        await on_the_list(pilot)
        await pilot.press("c")
        await sees(pilot, "[ Yes, cancel and charge $25 ]")
        await pilot.press("3")
        await sees(pilot, "doctor is ill", "[x] yes", "[ Yes, cancel, no fee ]")
        await pilot.press("tab", "tab")
        await typed(pilot, " today, yes")
        burst(pilot, "enter", "enter")
        await sees(pilot, "canceled B-20800", "no fee, refund $85")
        assert due.notes == "doctor is ill today, yes"


async def test_no_yes_before_the_fee_is_known(app: DeskApp, clinic: PlayedClinic, due: Busy) -> None:
    """There is nothing to agree to while the server has not said what it costs."""
    async with app.run_test(size=WIDE) as pilot:
        await on_the_list(pilot)
        clinic.slow = asyncio.Event()
        await pilot.press("c", "y")
        await sees(pilot, "Asking the server for fee and refund", "One moment: the fee is not known yet.")
        clinic.slow.set()
        await sees(pilot, "Fee $25, refund $60.")
        await pilot.press("y")
        await until(pilot, lambda: due.status == "canceled")


async def test_no_show_and_its_undo(app: DeskApp, due: Busy) -> None:
    """A no-show is asked about once more, says whose it was, and is undone when they come after all."""
    async with app.run_test(size=NARROW) as pilot:
        await on_the_list(pilot)
        await pilot.press("N")
        await sees(pilot, "No-show B-20800?", "[x] p the patient", "[ Yes, no-show, fee $15 ]")
        await pilot.press("d")
        await sees(pilot, "[x] d the doctor", "[ Yes, no-show, no fee ]")
        await pilot.press("y")
        await sees(pilot, "Lopez, Maria no-show (u undo", "no doctor")
        assert (due.status, due.missed_by) == ("no_show", "provider")
        await pilot.press("u")
        await sees(pilot, "Lopez, Maria booked again")
        assert due.status == "confirmed"


async def test_offline_it_waits_in_the_queue(app: DeskApp, clinic: PlayedClinic) -> None:
    """While the server is away nothing is done: what was decided waits, with the version that was seen."""
    async with app.run_test(size=WIDE) as pilot:
        await on_the_list(pilot)
        clinic.go_offline()
        await sees(pilot, "OFFLINE")
        await pilot.press("a")
        await sees(pilot, "Not done yet: Lopez, Maria arrived waits in the queue (F8)", "LATE 11m")
        [intent] = app.desk.memory.intents.all()
        assert isinstance(intent.deed, Become)
        assert (intent.deed.request.status, intent.deed.seen.version) == ("checked_in", 1)
        await pilot.press("u")
        await sees(pilot, "Nothing to undo")


async def test_lost_while_asking(app: DeskApp, clinic: PlayedClinic) -> None:
    """An answer that never came leaves the question in the queue, under the key that it had."""
    async with app.run_test(size=WIDE) as pilot:
        await on_the_list(pilot)
        await pilot.press("c")
        await sees(pilot, "[ Yes, cancel and charge $25 ]")
        clinic.offline = True
        await pilot.press("y")
        await sees(pilot, "Not done yet: Lopez, Maria canceled waits in the queue (F8)")
        [intent] = app.desk.memory.intents.all()
        assert isinstance(intent.deed, Cancel)
        assert intent.asked


async def test_same_time_tomorrow(app: DeskApp, clinic: PlayedClinic, due: Busy) -> None:
    """`T` holds the same time of the next day for the appointment, its own time is kept until Enter."""
    async with app.run_test(size=WIDE) as pilot:
        await on_the_list(pilot)
        await pilot.press("T")
        await sees(pilot, "MOVE  Tue 25 Nov 09:30  Dr Perez", "Lopez, Maria")
        assert due.start == clinic.at(9, 30)
        await pilot.press("enter")
        await until(pilot, lambda: due.start == clinic.at(9, 30, day=25))


async def test_nearest_to_the_same_time_tomorrow(app: DeskApp, clinic: PlayedClinic) -> None:
    """Where that time is taken, the nearest is held and it is said."""
    other = clinic.book(3, 9, 30, patient=1)
    other.start, other.end = clinic.at(9, 30, day=25), clinic.at(10, day=25)
    async with app.run_test(size=WIDE) as pilot:
        await on_the_list(pilot)
        await pilot.press("T")
        await sees(pilot, "MOVE  Tue 25 Nov 09:00", "09:30 is not free on Tue 25 Nov: this is the nearest.")


async def test_another_for_the_same_patient(app: DeskApp) -> None:
    """`b` goes to the day with the patient chosen."""
    async with app.run_test(size=WIDE) as pilot:
        await on_the_list(pilot)
        await pilot.press("b")
        await sees(pilot, "One more for Lopez, Maria", "for Lopez, Maria", "+ 30m")


async def test_copying_what_is_booked(app: DeskApp) -> None:
    """`y` copies the sentence to say back to the caller."""
    async with app.run_test(size=WIDE) as pilot:
        await on_the_list(pilot)
        await pilot.press("y")
        sentence = "Maria, Monday the 24th, half past nine, Dr Perez, room 3, 85 dollars."
        await sees(pilot, f"Copied: {sentence}")
        assert app.clipboard == sentence


async def test_from_the_day(app: DeskApp) -> None:
    """In the day view the same keys act on what stands under the cursor, and say so where nothing does."""
    async with app.run_test(size=WIDE) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        await pilot.press("a")
        await sees(pilot, "Stand on an appointment first")
        assert "a arrived" not in screen_text(pilot)
        await pilot.press("right", "right", "right")
        await sees(pilot, "a arrived")
        await pilot.press("a")
        await sees(pilot, "Lopez, Maria arrived (u undo", "A Lopez M")


async def test_detail_is_live(app: DeskApp, clinic: PlayedClinic, due: Busy) -> None:
    """The detail follows the feed, acts like any area, and leads back to the row."""
    due.notes = "needs interpreter (pt)"
    async with app.run_test(size=WIDE) as pilot:
        await on_the_list(pilot)
        await pilot.press("enter")
        await sees(pilot, "Appointments > B-20800  Lopez, Maria", "needs interpreter (pt)", "1984-01-12")
        await sees(pilot, "now: fee $25, refund $60, no-show $15", "ana/Desk 1      created")
        clinic.other_desk_sets(due, "checked_in")
        await sees(pilot, "Status    ARRIVED", "booked -> arrived")
        await pilot.press("s")
        await sees(pilot, "Status    IN ROOM", "ana/Desk 2", "Lopez, Maria in room (u undo")
        await pilot.press("q")
        await sees(pilot, "[Upcoming 1]", ">*Mon 24 Nov", "in room")


async def test_whole_record(app: DeskApp) -> None:
    """`i` opens the record with everything that each entry carries."""
    async with app.run_test(size=NARROW) as pilot:
        await on_the_list(pilot)
        await pilot.press("enter")
        await sees(pilot, "[Details]", "Policy")
        await pilot.press("tab")
        await sees(pilot, "[Audit]", "created")
        await pilot.press("i")
        await sees(pilot, "Full record", "user front_desk ana", "2025-11-24T09:30:00-05:00")


async def test_calendar_file(app: DeskApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`.` saves the appointment for a calendar, readable for its owner only, and says where."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    async with app.run_test(size=(200, 36)) as pilot:
        await on_the_list(pilot)
        await pilot.press("enter", "full_stop")
        await sees(pilot, "saved ", "B-20800.ics")
    assert await asyncio.to_thread(_files, tmp_path) == [(b"BEGIN:VCALENDAR", 0o600)]


@pytest.mark.parametrize(("key", "words"), [("n", "Next available"), ("g", "Go to date"), ("r", "Moving B-")])
async def test_another_time_from_the_detail(app: DeskApp, key: str, words: str) -> None:
    """The quick picks of the detail go on in the calendar, where the appointment keeps its time meanwhile."""
    async with app.run_test(size=WIDE) as pilot:
        await on_the_list(pilot)
        await pilot.press("enter")
        await sees(pilot, "Appointments > B-20800")
        await pilot.press(key)
        await sees(pilot, words)
        assert app.desk.errand.moving
        assert app.desk.errand.moving.reference == "B-20800"


def _files(folder: Path) -> list[tuple[bytes, int]]:
    return [
        (path.read_bytes().split(b"\r\n")[0], path.stat().st_mode & 0o777) for path in folder.rglob("*.ics")
    ]
