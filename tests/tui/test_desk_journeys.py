"""What a receptionist does all day, key by key."""

import asyncio

from deskcal.client.told import Resync
from deskcal.tui.app import DeskApp
from deskcal.tui.booking.hold import Stage
from tui.played_book import Clock
from tui.played_clinic import PlayedClinic
from tui.seeing import burst, day, sees, typed, until

TO_PEREZ_1030 = ("down", "down", "right", "right", "right")


async def test_slot_first_in_sixteen_keys(app: DeskApp, clinic: PlayedClinic) -> None:
    """Six moves, Enter holds, `lop mar`, Enter picks, Enter books: not a key more."""
    keys = 0
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        burst(pilot, *TO_PEREZ_1030)
        await pilot.press("enter")
        await sees(pilot, "HOLD  Mon 24 Nov 10:30  Dr Perez", "Held for you 2:00", "*2:00 me")
        await typed(pilot, "lop mar")
        await sees(pilot, "> Lopez, Maria")
        await pilot.press("enter")
        await sees(pilot, '"Maria, Monday the 24th, half')
        await pilot.press("enter")
        await sees(pilot, "booked B-20", "Lopez M, Dr Perez Mon 24 Nov 10:30")
        keys += len(TO_PEREZ_1030) + 1 + len("lop mar") + 2
        assert keys <= 16
        assert [busy.patient for busy in clinic.busy if busy.token] == [0]
        await sees(pilot, "  Lopez M")


async def test_patient_first_in_fifteen_keys(app: DeskApp, clinic: PlayedClinic) -> None:
    """`/`, name, Enter; `n`, service, Enter; a number holds; Enter books."""
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        await pilot.press("slash")
        await typed(pilot, "lop mar")
        await sees(pilot, "> Lopez, Maria")
        await pilot.press("enter")
        await sees(pilot, "for Lopez, Maria")
        await pilot.press("n")
        await typed(pilot, "fu")
        await sees(pilot, "Follow-up")
        await pilot.press("enter")
        await sees(pilot, "> 1  Mon 24 Nov  10:00  Dr Adams")
        await pilot.press("1")
        await sees(pilot, "Held for you", "Lopez, Maria")
        await pilot.press("enter")
        await sees(pilot, "booked B-20")
        assert 1 + len("lop mar") + 1 + 1 + len("fu") + 1 + 1 + 1 == 15
        assert [(busy.provider, busy.patient) for busy in clinic.busy if busy.token] == [(4, 0)]


async def test_by_words_in_twenty_three_keys(app: DeskApp, clinic: PlayedClinic) -> None:
    """`:`, the words, Enter; a number holds for that patient; Enter books."""
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        await pilot.press("colon")
        await typed(pilot, "lop mar fu perez am")
        await sees(pilot, 'patient "lop mar"   Follow-up, Dr Perez   am')
        await pilot.press("enter")
        await sees(pilot, "For Lopez, Maria  1984", "> 1  Mon 24 Nov  10:00  Dr Perez", "Tue 25 Nov  08:00")
        await pilot.press("1")
        await sees(pilot, "Held for you", "Lopez, Maria")
        await pilot.press("enter")
        await sees(pilot, "booked B-20", "Lopez M, Dr Perez Mon 24 Nov 10:00")
        assert 1 + len("lop mar fu perez am") + 1 + 1 + 1 == 23
        assert [(busy.provider, busy.patient) for busy in clinic.busy if busy.token] == [(3, 0)]


async def test_by_words_typed_ahead(app: DeskApp, clinic: PlayedClinic) -> None:
    """The whole call in one write books what the same keys would have booked slowly."""
    async with app.run_test(size=(80, 24)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        burst(pilot, *":novak fu perez am", "enter", "1", "enter")
        await sees(pilot, "booked B-20", "Novak E, Dr Perez Mon 24 Nov 10:00")
        assert clinic.calls.count("confirm") == 1


async def test_typed_ahead(app: DeskApp, clinic: PlayedClinic) -> None:
    """Keys that arrive in one read act in order: what Enter opens takes the text behind it."""
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        burst(pilot, *TO_PEREZ_1030, "enter", *"novak", "enter", "enter")
        await sees(pilot, "booked B-20", "Novak E, Dr Perez Mon 24 Nov 10:30")
        assert clinic.calls.count("reserve") == clinic.calls.count("confirm") == 1


async def test_patient_first_typed_ahead(app: DeskApp, clinic: PlayedClinic) -> None:
    """A whole call in one write, dialogs and all, books what the same keys would have booked slowly."""
    async with app.run_test(size=(80, 24)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        burst(pilot, *"/novak", "enter", "n", *"fu", "enter", "1", "enter")
        await sees(pilot, "booked B-20", "Novak E, Dr Adams Mon 24 Nov 10:00")
        assert clinic.calls.count("confirm") == 1


async def test_enter_twice_holds_once(app: DeskApp, clinic: PlayedClinic) -> None:
    """On a slow server the cell says pending at once, and a second Enter takes no second hold."""
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        clinic.slow = asyncio.Event()
        burst(pilot, *TO_PEREZ_1030, "enter", "enter")
        await sees(pilot, "*pending", "Choose the patient first")
        clinic.slow.set()
        await sees(pilot, "*2:00 me")
        assert clinic.calls.count("reserve") == 1


async def test_release(app: DeskApp, clinic: PlayedClinic) -> None:
    """Esc releases; with typed text it asks for a second Esc first."""
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        burst(pilot, *TO_PEREZ_1030, "enter")
        await sees(pilot, "Held for you")
        await typed(pilot, "lop")
        await pilot.press("escape")
        await sees(pilot, "Esc again to release the hold.")
        await pilot.press("escape")
        await sees(pilot, "Released Dr Perez Mon 24 Nov 10:30.")
        assert not [busy for busy in clinic.busy if busy.until]
        assert day(pilot).focused is day(pilot).grid


async def test_released_before_it_was_held(app: DeskApp, clinic: PlayedClinic) -> None:
    """A hold that is given up while the server still thinks is given back as soon as it is known."""
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        clinic.slow = asyncio.Event()
        burst(pilot, *TO_PEREZ_1030, "enter")
        await sees(pilot, "*pending")
        await pilot.press("escape")
        clinic.slow.set()
        await until(pilot, lambda: "release" in clinic.calls)
        assert not [busy for busy in clinic.busy if busy.until]


async def test_slot_taken_costs_two_more_keys(app: DeskApp, clinic: PlayedClinic) -> None:
    """A slot lost on the way to the server opens the nearest others; `1` holds one, Enter goes on."""
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        burst(pilot, *TO_PEREZ_1030)
        await sees(pilot, "10:30 Dr Perez: FREE")
        clinic.book(3, 10, 30, patient=3)
        await pilot.press("enter")
        await sees(pilot, "SLOT TAKEN", "Nothing was booked", "what changes", "> 1  Mon 24 Nov  10:30")
        await pilot.press("1")
        await sees(pilot, "HOLD  Mon 24 Nov 10:30  Dr Garcia", "Held for you")


async def test_conflict_on_confirm_keeps_what_was_typed(app: DeskApp, clinic: PlayedClinic) -> None:
    """When the hold is gone at the server, the alternative is held for the same patient and reason."""
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        burst(pilot, *TO_PEREZ_1030, "enter")
        await sees(pilot, "Held for you")
        await typed(pilot, "novak")
        await sees(pilot, "> Novak, Eva")
        await pilot.press("enter", "tab")
        await typed(pilot, "cough")
        clinic.busy = [busy for busy in clinic.busy if not busy.token]
        await pilot.press("enter")
        await sees(pilot, "HOLD RAN OUT", "Nothing was booked for Novak, Eva")
        await pilot.press("2", "enter")
        await sees(pilot, "booked B-20", "Novak E")
        assert [busy.notes for busy in clinic.busy if busy.token] == ["cough"]


async def test_lapse_and_hold_again(app: DeskApp, clinic: PlayedClinic, clock: Clock) -> None:
    """At zero Confirm is off with the reason beside it; Enter holds again and keeps the patient."""
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        burst(pilot, *TO_PEREZ_1030, "enter")
        await sees(pilot, "Held for you")
        await typed(pilot, "novak")
        await sees(pilot, "> Novak, Eva")
        await pilot.press("enter")
        clock.forward(105)
        app.tick()
        await sees(pilot, "Held for you 0:15 SOON")
        clock.forward(15)
        app.tick()
        await sees(pilot, "0:00  The hold ran out", "Confirm is off")
        assert "confirm" not in clinic.calls
        await pilot.press("enter")
        await sees(pilot, "Held for you 2:00", "Novak, Eva")


async def test_renew_once(app: DeskApp, clock: Clock) -> None:
    """ctrl+r gives two more minutes, once; after that the server's words say so."""
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        burst(pilot, *TO_PEREZ_1030, "enter")
        await sees(pilot, "Held for you 2:00")
        clock.forward(60)
        app.tick()
        await sees(pilot, "Held for you 1:00")
        await pilot.press("ctrl+r")
        await sees(pilot, "Held for you 2:00")
        await pilot.press("ctrl+r")
        await sees(pilot, "A hold is renewed once at most.")


async def test_other_desk_takes_a_lapsed_slot(app: DeskApp, clinic: PlayedClinic, clock: Clock) -> None:
    """News that takes the slot opens the alternatives, deaf to keys that were meant for the text."""
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        burst(pilot, *TO_PEREZ_1030, "enter")
        await sees(pilot, "Held for you")
        clock.forward(121)
        app.tick()
        await sees(pilot, "The hold ran out")
        clinic.other_desk(3, 10, 30, books=True)
        await sees(pilot, "SLOT TAKEN", "booked by Desk 3 after the hold ran out")
        await pilot.press("1")
        assert clinic.calls.count("reserve") == 1
        clock.forward(2)
        await pilot.press("1")
        await sees(pilot, "Held for you 2:00")


async def test_other_desks_appear_by_themselves(app: DeskApp, clinic: PlayedClinic) -> None:
    """Another desk's hold greys its slot without a key press, and its booking brings the name."""
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        row, lane = day(pilot).grid.row, day(pilot).grid.lane
        clinic.other_desk(5, 16)
        await sees(pilot, "~1:12 D3", "1 held elsewhere")
        clinic.other_desk(0, 16, books=True)
        await sees(pilot, "  Okoye T")
        assert (day(pilot).grid.row, day(pilot).grid.lane) == (row, lane)


async def test_resync_fetches_the_day(app: DeskApp, clinic: PlayedClinic) -> None:
    """When the feed says that it cannot tell all, the day is fetched again."""
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        clinic.book(0, 17, patient=0)
        clinic.say(Resync(seq=clinic.seq))
        await sees(pilot, "  Lopez M")


async def test_offline_and_back(app: DeskApp, clinic: PlayedClinic, clock: Clock) -> None:
    """Offline the day stays with its age and nothing is held; back online, what was picked is held."""
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        clinic.go_offline()
        await sees(pilot, "OFFLINE 0s")
        clock.forward(12)
        app.tick()
        await sees(pilot, "OFFLINE 12s", "as of 09:41:07, 12s old", "  Novak E")
        burst(pilot, *TO_PEREZ_1030, "enter")
        await sees(pilot, "Offline: nothing is held", "NOT HELD")
        assert "reserve" not in clinic.calls
        clinic.book(0, 17, patient=0)
        clinic.come_back()
        await sees(pilot, "LIVE", "Online again", "  Lopez M", "Held for you")


async def test_new_patient_inside_the_booking(app: DeskApp) -> None:
    """F9 takes what was typed, adds the patient and goes on with the hold."""
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        burst(pilot, *TO_PEREZ_1030, "enter")
        await sees(pilot, "Held for you")
        await typed(pilot, "ana dias")
        await sees(pilot, "no match: F9 adds a new patient")
        await pilot.press("f9")
        await sees(pilot, "New patient", "Ana Dias")
        await pilot.press("tab")
        await typed(pilot, "12 mar 84")
        await pilot.press("enter")
        await sees(pilot, "Ana, Monday the 24th")
        await pilot.press("enter")
        await sees(pilot, "booked B-20", "Dias A")


async def test_quitting_asks_only_with_a_hold(app: DeskApp, clinic: PlayedClinic) -> None:
    """With a hold open, quitting asks, releases it, and gives the connections back."""
    async with app.run_test(size=(80, 24)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        burst(pilot, *TO_PEREZ_1030, "enter")
        await sees(pilot, "Held for you")
        await pilot.press("ctrl+q")
        await sees(pilot, "You still hold Mon 24 Nov 10:30 Dr Perez")
        await pilot.press("escape")
        hold = day(pilot).hold
        assert hold is not None
        assert hold.stage is Stage.HELD
        await pilot.press("ctrl+q", "enter")
        await until(pilot, lambda: "release" in clinic.calls)
    assert clinic.closed


async def test_quitting_without_a_hold(app: DeskApp, clinic: PlayedClinic) -> None:
    """Without one, `q` ends the desk at once."""
    async with app.run_test(size=(80, 24)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        await pilot.press("q")
    assert clinic.closed
    assert app.return_code == 0
