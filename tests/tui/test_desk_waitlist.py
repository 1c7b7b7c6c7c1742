"""The waitlist at the desk: who is put on it, and what becomes of offers."""

from collections.abc import Awaitable, Callable
from datetime import date
from uuid import UUID

import pytest
from textual.pilot import Pilot

from deskcal.tui.app import DeskApp
from deskcal.tui.waitlist.wanted import read_what, read_when, what_words, when_words
from deskcal.wire.catalog import Times
from tui.played_book import number
from tui.played_clinic import PlayedClinic
from tui.seeing import burst, screen_text, sees, typed, until

Compare = Callable[..., bool]
Scene = Callable[[Pilot[None], PlayedClinic], Awaitable[None]]
WIDE, NARROW = (120, 36), (80, 24)
MONDAY = date(2025, 11, 24)
SERVICES = {UUID(int=1): "Follow-up", UUID(int=2): "Consultation"}
PROVIDERS = {UUID(int=11): "Dr Perez", UUID(int=12): "Dr Chen", UUID(int=13): "Dr Chandra"}


@pytest.mark.parametrize(
    ("typed_words", "understood"),
    [
        ("fu", "Follow-up with anybody"),
        ("fu perez", "Follow-up with Dr Perez"),
        ("chen con perez", "Consultation with Dr Chen or Dr Perez"),
        ("fu ch", "which one? Dr Chandra, Dr Chen"),
        ("perez", "which service? Follow-up, Consultation"),
        ("fu smith", 'nothing here is called "smith"'),
    ],
)
def test_what_for_and_with_whom(typed_words: str, understood: str) -> None:
    """One service, and each doctor by a word."""
    assert what_words(read_what(typed_words, SERVICES, PROVIDERS), SERVICES, PROVIDERS) == understood


@pytest.mark.parametrize(
    ("typed_words", "understood"),
    [
        ("", "any day, any time"),
        ("this week", "Mon 24 Nov to Sun 30 Nov, any time"),
        ("next week am", "Mon 01 Dec to Sun 07 Dec, am"),
        ("until fri pm", "Mon 24 Nov to Fri 28 Nov, pm"),
        ("from 3 dec 10-12 eve", "from Wed 03 Dec, 10:00 to 12:00 or eve"),
        ("tue-thu 9:30-11", "Tue 25 Nov to Thu 27 Nov, 9:30 to 11:00"),
        ("2025-12-03", "Wed 03 Dec, any time"),
        ("tom", "Tue 25 Nov, any time"),
        ("until never", '"never" is not a date. Try tom, fri, +2w, 3 dec, 12/3 or 2026-03-12.'),
    ],
)
def test_on_which_days_at_what_time(typed_words: str, understood: str) -> None:
    """Days as people say them, from today on; times of day in any place among them."""
    assert when_words(read_when(typed_words, MONDAY)) == understood


async def test_put_on_from_the_errand(app: DeskApp, clinic: PlayedClinic) -> None:
    """`W` with somebody on the line asks only what for and when, all of it typed ahead."""
    async with app.run_test(size=WIDE) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        burst(pilot, "slash", *"lop maria", "enter")
        await sees(pilot, "for Lopez, Maria")
        burst(pilot, "W", *"fu perez chen", "tab", *"until fri am", "tab", *"rings first", "enter")
        await sees(pilot, "Lopez, Maria waits for Follow-up")
        entry = clinic.entries[0]
        assert entry.provider_ids == [number(1, 3), number(1, 2)]
        assert (entry.first_date, entry.last_date) == (MONDAY, date(2025, 11, 28))
        assert (entry.times, entry.notes) == ([Times(start="00:00", end="12:00")], "rings first")


async def test_put_on_from_an_appointment(app: DeskApp, clinic: PlayedClinic) -> None:
    """On an appointment `W` means its patient, its service and its doctor."""
    clinic.comes(clinic.busy[0], 9, 20)
    async with app.run_test(size=WIDE) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        burst(pilot, "f2")
        await sees(pilot, "> Novak, Eva")
        burst(pilot, "W")
        await sees(pilot, "Put on the waitlist", "Follow-up with Dr Garcia; any day, any time")
        burst(pilot, "enter")
        await sees(pilot, "Novak, Eva waits for Follow-up")
        assert clinic.entries[0].patient_id == number(3, 2)


async def test_put_on_from_a_conflict(app: DeskApp, clinic: PlayedClinic) -> None:
    """Whoever wanted a slot that is taken can wait for it, and have another one meanwhile."""
    async with app.run_test(size=WIDE) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        burst(pilot, "slash", *"lop maria", "enter")
        await sees(pilot, "for Lopez, Maria")
        clinic.book(3, 11, patient=4)
        burst(pilot, *["right"] * 3, *["down"] * 3, "enter")
        await sees(pilot, "SLOT TAKEN", "W puts on the waitlist.")
        burst(pilot, "W")
        await sees(pilot, "Put on the waitlist", "Follow-up with Dr Perez")
        burst(pilot, "enter")
        await sees(pilot, "Lopez, Maria waits for Follow-up", "SLOT TAKEN")
        await pilot.press("1")
        await sees(pilot, "Held for you")


async def test_nothing_is_sent_half(app: DeskApp, clinic: PlayedClinic) -> None:
    """What is missing is said, and the field that misses it gets the focus."""
    async with app.run_test(size=WIDE) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        burst(pilot, "W")
        await sees(pilot, "Nobody is on the waitlist. W puts somebody on it.")
        burst(pilot, "W", "enter")
        await sees(pilot, "Who is it? F9 adds somebody new.")
        burst(pilot, *"tom", "enter", "enter")
        await sees(pilot, "which service?")
        await typed(pilot, "fu")
        burst(pilot, "tab", *"until", "enter")
        await sees(pilot, "is not a date")
        assert clinic.entries == []


async def test_an_offer_is_accepted(app: DeskApp, clinic: PlayedClinic) -> None:
    """Enter books what is kept for somebody, after one question; it is live while the list is open."""
    entry = clinic.waits(2)
    clinic.offers(entry, 3, 10, 30)
    async with app.run_test(size=WIDE) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        burst(pilot, "W")
        await sees(pilot, "! until 10:01", "offered Tue 25 Nov 10:30 Dr Perez until 10:01")
        burst(pilot, "enter", "enter")
        await sees(pilot, "booked B-20", "Follow-up Tue 25 Nov 10:30 Dr Perez")
        assert entry.state == "booked"
        await sees(pilot, "Nobody is on the waitlist.")


async def test_an_offer_ran_out(app: DeskApp, clinic: PlayedClinic) -> None:
    """What is over cannot be accepted, also where the list was opened before."""
    clinic.offers(clinic.waits(2), 3, 10, 30)
    async with app.run_test(size=WIDE) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        burst(pilot, "W", "enter")
        await sees(pilot, "Accept the offer?")
        clinic.clock.forward(20 * 60)
        burst(pilot, "enter")
        await sees(pilot, "The offer is over.")


async def test_declined_and_withdrawn(app: DeskApp, clinic: PlayedClinic) -> None:
    """Declining goes on waiting, withdrawing does not; both ask, and `n` keeps all as it is."""
    entry = clinic.waits(2)
    clinic.offers(entry, 3, 10, 30)
    async with app.run_test(size=WIDE) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        burst(pilot, "W")
        await sees(pilot, "! until 10:01")
        burst(pilot, "x", "n")
        await until(pilot, lambda: "Decline the offer?" not in screen_text(pilot))
        assert entry.state == "offered"
        burst(pilot, "x", "y")
        await sees(pilot, "declined for Novak, Eva", "1 offer let go before")
        burst(pilot, "enter")
        await sees(pilot, "Nothing is offered yet")
        burst(pilot, "delete", "enter")
        await sees(pilot, "Novak, Eva does not wait any more")
        assert [one.state for one in clinic.entries] == ["withdrawn"]


async def listed(pilot: Pilot[None], clinic: PlayedClinic) -> None:
    clinic.waits(2, days=12, notes="works nights")
    later = clinic.waits(3, days=2, times=[Times(start="09:00", end="12:00")], provider_ids=[number(1, 3)])
    clinic.offers(later, 3, 10, 30)
    clinic.waits(4, service=1, days=1, first_date=MONDAY, last_date=date(2025, 11, 28))
    burst(pilot, "W")
    await sees(pilot, "> Novak, Eva", "works nights")


async def offered(pilot: Pilot[None], clinic: PlayedClinic) -> None:
    await listed(pilot, clinic)
    burst(pilot, "down", "enter")
    await sees(pilot, "Accept the offer?")


async def joining(pilot: Pilot[None], _: PlayedClinic) -> None:
    burst(pilot, "W", "W", *"tom", "enter", *"fu perez", "tab", *"until fri am", "tab")
    await sees(pilot, "Mon 24 Nov to Fri 28 Nov, am")


async def private(pilot: Pilot[None], clinic: PlayedClinic) -> None:
    burst(pilot, "ctrl+l")
    clinic.waits(2, days=12)
    burst(pilot, "W")
    await sees(pilot, "> E.N.")


SCENES: tuple[Scene, ...] = (listed, offered, joining, private)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["120x36", "80x24"])
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_screen_of_waitlist(
    snap_compare: Compare, app: DeskApp, clinic: PlayedClinic, scene: Scene, size: tuple[int, int]
) -> None:
    """The waitlist looks as it was approved."""

    async def play(pilot: Pilot[None]) -> None:
        await sees(pilot, "LIVE", "+ 30m")
        await scene(pilot, clinic)

    assert snap_compare(app, terminal_size=size, run_before=play)
