"""What the desk does while no server answers, and when it does again."""

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from deskcal.client.errors import Unreachable
from deskcal.tui.app import DeskApp
from deskcal.tui.memory.drafts import Person
from deskcal.tui.memory.file import PRINTED
from deskcal.tui.memory.intents import Become, Book, Cancel, Move, seen
from deskcal.tui.memory.memory import Memory
from deskcal.wire.booking import AppointmentChange, CancelRequest
from tui.played_answers import AnsweringOnce
from tui.played_book import Clock, number
from tui.seeing import Desk, burst, screen_text, sees, typed, until

Compare = Callable[..., bool]
SIZES = pytest.mark.parametrize("size", [(120, 36), (80, 24)], ids=["120x36", "80x24"])
TO_PEREZ_1030 = ("down", "down", "right", "right", "right")


@pytest.fixture
def clinic(clock: Clock) -> AnsweringOnce:
    """Novak at ten with Dr Garcia, Okoye at ten with Dr Okafor, Wei at two with Dr Adams."""
    played = AnsweringOnce(clock=clock)
    played.book(0, 10, patient=2)
    played.book(1, 10, patient=3)
    played.book(4, 14, patient=4)
    return played


@pytest.fixture
def app(clinic: AnsweringOnce, clock: Clock, tmp_path: Path) -> DeskApp:
    async def dial() -> AnsweringOnce:
        if clinic.offline:
            raise Unreachable("http://played", "no answer")
        return clinic

    memory = Memory(tmp_path, url="http://played")
    return DeskApp(dial, desk_name="Desk 2", now=clock, debounce=0, memory=memory)


async def offline(pilot: Desk, clinic: AnsweringOnce) -> None:
    await sees(pilot, "LIVE", "+ 30m")
    clinic.go_offline()
    await sees(pilot, "OFFLINE 0s")


def put_off(app: DeskApp, clinic: AnsweringOnce) -> None:
    """Decide four things, each about another patient."""
    made = [clinic._appointment(busy) for busy in clinic.busy[:3]]  # noqa: SLF001  as the desk saw them
    who = [Person(id=number(3, n), name=name) for n, name in enumerate(clinic.patient_names)]
    free = [clinic._timeslot(n, clinic._services[0], clinic.at(11)) for n in (3, 4)]  # noqa: SLF001  the same
    app.desk.put_off(Book(patient=who[0], slot=free[0], reason="cough"))
    app.desk.put_off(Move(patient=who[2], seen=seen(made[0]), slot=free[1]))
    app.desk.put_off(
        Become(patient=who[3], seen=seen(made[1]), request=AppointmentChange(status="checked_in"))
    )
    app.desk.put_off(Cancel(patient=who[4], seen=seen(made[2]), request=CancelRequest(reason="ill")))


async def test_booked_offline(app: DeskApp, clinic: AnsweringOnce) -> None:
    """Offline ctrl+s queues a booking that looks booked nowhere; back online it is booked, and says so."""
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        burst(pilot, "slash")
        await typed(pilot, "mario")
        await sees(pilot, "> Lopez, Mario")
        burst(pilot, "escape")
        await offline(pilot, clinic)
        burst(pilot, *TO_PEREZ_1030, "enter")
        await sees(pilot, "NOT HELD", "OFFLINE: not held, not booked")
        await typed(pilot, "mario")
        await sees(pilot, "> Lopez, Mario")
        burst(pilot, "enter", "ctrl+s")
        await sees(pilot, "NOT booked yet: Lopez M", "queue 1", "[+ 30m")
        assert clinic.effects == []
        clinic.come_back()
        await sees(pilot, "From the queue: 1 done (F8)", "queue 0", "Lopez M")
        assert clinic.effects == ["reserve", "confirm"]


async def test_line_lost_at_the_panel(app: DeskApp, clinic: AnsweringOnce) -> None:
    """A booking whose answer never came can be put into the queue, and is booked once all the same."""
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        burst(pilot, *TO_PEREZ_1030, "enter")
        await sees(pilot, "Held for you")
        await typed(pilot, "novak")
        await sees(pilot, "> Novak, Eva")
        clinic.lose = ["confirm"]
        burst(pilot, "enter", "enter")
        await sees(pilot, "No answer yet")
        clinic.go_offline()
        await sees(pilot, "OFFLINE")
        burst(pilot, "ctrl+s")
        await sees(pilot, "NOT booked yet: Novak E")
        clinic.come_back()
        await sees(pilot, "From the queue: 1 done")
        assert clinic.effects == ["reserve", "confirm"]
        assert sum(busy.patient == 2 and busy.until is None for busy in clinic.busy) == 2


async def test_verdicts(app: DeskApp, clinic: AnsweringOnce) -> None:
    """Back online everything is tried in order; one line sums it up, and what is taken offers other times."""
    async with app.run_test(size=(120, 36)) as pilot:
        await offline(pilot, clinic)
        put_off(app, clinic)
        clinic.other_desk(3, 11, books=True)
        burst(pilot, "f8")
        await sees(pilot, "4 waiting", "waits, NOT booked", "waits, NOT moved", "tries by itself")
        clinic.come_back()
        await sees(pilot, "From the queue: 3 done, 1 needs you (F8)", "! 09:41 BOOK", "Enter: 6 others")
        assert clinic.effects == ["reserve", "reschedule", "change", "cancel"]
        burst(pilot, "home", "enter")
        await sees(pilot, "NEEDS YOU", "taken by Desk 3", "> 1")
        burst(pilot, "1")
        await sees(pilot, "Held for you", "Lopez, Maria", "cough")
        burst(pilot, "enter")
        await sees(pilot, "booked B-20", "queue 0")


async def test_changed_meanwhile(app: DeskApp, clinic: AnsweringOnce) -> None:
    """What somebody changed meanwhile is told with who and when; Enter, Enter does it all the same."""
    async with app.run_test(size=(120, 36)) as pilot:
        await offline(pilot, clinic)
        put_off(app, clinic)
        clinic.other_desk_moves(clinic.busy[2], 15)
        burst(pilot, "f8")
        await sees(pilot, "CANCEL")
        clinic.come_back()
        await sees(pilot, "3 done, 1 needs you")
        burst(pilot, "home")
        await sees(pilot, "CHANGED by Desk 1 09:41 (rescheduled): now Mon 24 Nov 15:00 Dr Adams")
        burst(pilot, "enter")
        await sees(pilot, "Changed meanwhile", "Enter does it all the same")
        burst(pilot, "enter")
        await sees(pilot, "canceled, $25 fee")
        assert clinic.busy[2].status == "canceled"


async def test_discarded(app: DeskApp, clinic: AnsweringOnce) -> None:
    """`del` asks; what was dropped is not sent."""
    async with app.run_test(size=(120, 36)) as pilot:
        await offline(pilot, clinic)
        put_off(app, clinic)
        burst(pilot, "f8", "home", "delete")
        await sees(pilot, "Discard?", "BOOK Lopez, Maria")
        burst(pilot, "enter")
        await sees(pilot, "3 waiting", "queue 3")
        clinic.come_back()
        await sees(pilot, "3 done")
        assert "confirm" not in clinic.effects


async def test_edited(app: DeskApp, clinic: AnsweringOnce) -> None:
    """`e` opens a waiting booking as a panel again; kept once more, it stands in the queue once."""
    async with app.run_test(size=(120, 36)) as pilot:
        await offline(pilot, clinic)
        put_off(app, clinic)
        burst(pilot, "f8", "home", "e")
        await sees(pilot, "NOT HELD", "Lopez, Maria", "cough")
        burst(pilot, "tab", *" and fever")
        await sees(pilot, "cough and fever")
        burst(pilot, "ctrl+s")
        await sees(pilot, "NOT booked yet: Lopez M", "queue 4")
        deeds = [one.deed for one in app.desk.memory.intents.all()]
        assert [one.reason for one in deeds if isinstance(one, Book)] == ["cough and fever"]


async def test_paper(app: DeskApp, clinic: AnsweringOnce, tmp_path: Path) -> None:
    """`p` writes the queue to a file for this user alone, and says where."""
    async with app.run_test(size=(120, 36)) as pilot:
        await offline(pilot, clinic)
        put_off(app, clinic)
        burst(pilot, "f8", "p")
        await sees(pilot, f"Written to {tmp_path / PRINTED}"[:60])
    printed = tmp_path / PRINTED
    assert printed.stat().st_mode & 0o777 == 0o600
    assert "[ ] 09:41  BOOK     Lopez, Maria  Mon 24 Nov 11:00 Dr Perez Follow-up" in printed.read_text()


async def test_opens_without_a_server(app: DeskApp, clinic: AnsweringOnce, tmp_path: Path) -> None:
    """With no server at the start the desk opens on what it knew, with its age, and goes live later."""
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "Novak E")
    clinic.clock.forward(600)
    clinic.offline = True

    async def dial() -> AnsweringOnce:
        if clinic.offline:
            raise Unreachable("http://played", "no answer")
        return clinic

    memory = Memory(tmp_path, url="http://played")
    again = DeskApp(dial, desk_name="Desk 2", now=clinic.clock, debounce=0, memory=memory)
    async with again.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "Riverside Clinic", "Novak E", "OFFLINE", "as of 09:41")
        burst(pilot, *TO_PEREZ_1030)
        await sees(pilot, "10:30 Dr Perez: FREE")
        clinic.offline = False
        burst(pilot, "R")
        await sees(pilot, "LIVE", "87 free")
        assert "10:30 Dr Perez: FREE" in screen_text(pilot)


async def test_private(app: DeskApp, clinic: AnsweringOnce) -> None:
    """ctrl+l hides the names of the queue, too."""
    async with app.run_test(size=(120, 36)) as pilot:
        await offline(pilot, clinic)
        put_off(app, clinic)
        burst(pilot, "f8")
        await sees(pilot, "Lopez, Maria")
        burst(pilot, "ctrl+l")
        await until(pilot, lambda: "Lopez" not in screen_text(pilot))
        await sees(pilot, "M.L.")


@SIZES
def test_waiting(snap_compare: Compare, app: DeskApp, clinic: AnsweringOnce, size: tuple[int, int]) -> None:
    """The queue while offline looks as it was approved."""

    async def play(pilot: Pilot[None]) -> None:
        await offline(pilot, clinic)
        put_off(app, clinic)
        await pilot.press("f8")
        await sees(pilot, "waits, NOT booked")

    assert snap_compare(app, terminal_size=size, run_before=play)


@SIZES
def test_sent(snap_compare: Compare, app: DeskApp, clinic: AnsweringOnce, size: tuple[int, int]) -> None:
    """The queue with verdicts looks as it was approved."""

    async def play(pilot: Pilot[None]) -> None:
        await offline(pilot, clinic)
        put_off(app, clinic)
        clinic.other_desk(3, 11, books=True)
        await pilot.press("f8")
        clinic.come_back()
        await sees(pilot, "3 done, 1 needs you")
        clinic.clock.forward(60)
        app.tick()
        await sees(pilot, "09:42")

    assert snap_compare(app, terminal_size=size, run_before=play)


@SIZES
def test_panel(snap_compare: Compare, app: DeskApp, clinic: AnsweringOnce, size: tuple[int, int]) -> None:
    """The hold panel offline looks as it was approved: not held, not booked."""

    async def play(pilot: Pilot[None]) -> None:
        await offline(pilot, clinic)
        await pilot.press(*TO_PEREZ_1030, "enter")
        await typed(pilot, "lop")
        await sees(pilot, "NOT HELD", "Patient   lop")

    assert snap_compare(app, terminal_size=size, run_before=play)
