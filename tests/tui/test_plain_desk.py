"""The desk in lines: what is typed is answered in words."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from deskcal.client.told import Told
from deskcal.tui.desk import Desk
from deskcal.tui.plain.commands import SPELLS
from deskcal.tui.plain.face import Face
from tui.played_book import Clock
from tui.played_clinic import PlayedClinic


@dataclass(kw_only=True)
class Talk:
    """A desk that was reached, and what it said to the last lines."""

    face: Face
    clinic: PlayedClinic
    said: list[str]
    heard: "asyncio.Queue[Told]" = field(default_factory=asyncio.Queue)

    async def __call__(self, *lines: str) -> str:
        """Type lines, each after its prompt; gives all that was said until the next."""
        self.said.clear()
        for line in lines:
            await self.face.take(line)
            self.face.before_prompt()
        return "\n".join(self.said)

    def told(self, told: Told) -> None:
        self.face.told(told)
        self.heard.put_nowait(told)


@pytest.fixture
async def talk(clinic: PlayedClinic, clock: Clock) -> AsyncIterator[Talk]:
    async def dial() -> PlayedClinic:
        return clinic

    desk, said = Desk(dial, name="Desk 2", now=clock, debounce=0), list[str]()
    talk = Talk(face=Face(desk=desk, say=said.append, spells=SPELLS), clinic=clinic, said=said)
    following = asyncio.create_task(desk.listen(talk.told))
    await talk.heard.get()
    yield talk
    following.cancel()
    await desk.close()


async def test_a_day_is_told_in_words(talk: Talk) -> None:
    """A day says how many are free with whom; a provider's says each time, its state in a word."""
    assert "Dr Perez: 16 free, first 10:00; 0 booked" in await talk("today")
    said = await talk("day chen")
    assert "09:30 booked, Wei Li, arrived, B-20802" in said
    assert "1: 10:00 free, 30 minutes" in said


async def test_a_booking_in_five_lines(talk: Talk) -> None:
    """Words find times, a number holds one, confirm books it and gives the sentence to say."""
    said = await talk("book novak fu perez am")
    assert "For Novak, Eva, born 14 March 1978, phone ends in 0197." in said
    assert "1: Mon 24 Nov 10:00, Dr Perez" in said
    assert "Held Mon 24 Nov 10:30, Dr Perez for Novak, Eva" in await talk("2")
    assert "2:00 left" in await talk("status")
    said = await talk("confirm back pain")
    assert "Say: Eva, Monday the 24th, half past ten, Dr Perez, room 3, 85 dollars." in said
    assert talk.clinic.calls.count("confirm") == 1
    assert talk.clinic.busy[-1].notes == "back pain"


async def test_several_patients_are_told_apart(talk: Talk) -> None:
    """Where several fit, a number says who is meant; the booking goes on from there."""
    said = await talk("book lopez fu perez am")
    assert "1: Lopez, Maria, born 12 January 1984, phone ends in 0199" in said
    assert "For Lopez, Mario" in await talk("2")


async def test_the_time_of_a_hold(talk: Talk, clock: Clock) -> None:
    """A hold says when it is about to end, and that it has; renew adds time, or holds again."""
    await talk("next fu perez", "1")
    clock.forward(105)
    assert "Your hold ends soon: 15 seconds left." in await talk("")
    assert "2:00 left" in await talk("renew")
    clock.forward(121)
    assert "ran out. renew holds it again." in await talk("")
    assert "The hold ran out. renew holds it again." in await talk("patient novak", "confirm")
    assert "Held Mon 24 Nov" in await talk("renew")


async def test_one_hold_at_a_time(talk: Talk) -> None:
    """Holding another time gives the one before back, and so does release."""
    await talk("next fu perez", "1", "2")
    assert [busy.token for busy in talk.clinic.busy if busy.until] == ["hold-2"]
    assert "Released Mon 24 Nov 10:30, Dr Perez." in await talk("release")
    assert not [busy for busy in talk.clinic.busy if busy.until]


async def test_news_of_what_was_told(talk: Talk) -> None:
    """What becomes of a time that was said comes before the next prompt; what this desk did is no news."""
    await talk("day perez", "1")
    talk.clinic.other_desk(3, 11, books=True)
    for _ in range(2):
        await talk.heard.get()
    assert await talk("") == "11:00 Dr Perez was booked by Desk 3"
    assert await talk("") == ""


async def test_a_slot_taken_meanwhile(talk: Talk) -> None:
    """A time that another desk took is said, with what is free instead and how that differs."""
    await talk("day perez")
    talk.clinic.other_desk(3, 10)
    said = await talk("1")
    assert "taken by Desk 3 a moment ago. Nothing was booked." in said
    assert "1: Mon 24 Nov 10:00, Dr" in said
    assert ", other doctor" in said


async def test_canceling_says_the_fee_and_asks(talk: Talk) -> None:
    """The fee comes before the question; anything but yes keeps the appointment."""
    assert "fee $25" in await talk("cancel okoye")
    assert await talk("n") == "Kept."
    said = await talk("cancel okoye", "yes is ill")
    assert "canceled B-20801 Okoye, Tom, Mon 24 Nov 10:00, fee $25" in said


async def test_statuses_and_undo(talk: Talk) -> None:
    """Arrived, in room and out are said in those words, and undo takes the last one back."""
    assert "Okoye, Tom arrived. undo takes it back." in await talk("arrived okoye")
    assert "Okoye, Tom booked again" in await talk("undo")
    assert "Which of these?" in await talk("arrived novak")
    assert "Novak, Eva arrived" in await talk("arrived b-20800")
    assert "fee $15" in await talk("no-show b-20803", "no")


async def test_moving(talk: Talk) -> None:
    """A move keeps the old time until it is confirmed at the new one."""
    assert "Moving Mon 24 Nov 10:00, Okoye, Tom" in await talk("move okoye")
    assert "confirm moves B-20801 there" in await talk("1")
    assert "Moved B-20801." in await talk("confirm")


async def test_offline(talk: Talk) -> None:
    """While nobody answers, decisions wait in the queue, and both ends of the silence are said."""
    await talk("day perez", "appointments today")
    talk.clinic.go_offline()
    await talk.heard.get()
    assert "The server does not answer." in await talk("")
    assert "Not done yet: B-20801 Okoye, Tom waits in the queue" in await talk("arrived okoye")
    assert "ARRIVED B-20801 Okoye, Tom" in await talk("queue")
    assert "The server does not answer." in await talk("waitlist")
    assert "This is as of Mon 24 Nov 09:41." in await talk("day perez")
    talk.clinic.come_back()
    await talk.heard.get()
    assert await talk("") == "The server answers again."


async def test_help_and_mistakes(talk: Talk) -> None:
    """Help lists every command with what it does; what is no command says so."""
    said = await talk("help")
    assert "renew: Ask for more time, once; after the hold ran out, hold the time again" in said
    assert all(spell.names[0] in said for spell in SPELLS)
    assert 'There is no command "bok". help lists them all.' in await talk("bok novak")
    assert "There is no 7 to take." in await talk("7")


async def test_names_are_hidden(talk: Talk) -> None:
    """In private only initials are said."""
    said = await talk("private", "day chen", "appointments", "show b-20802")
    assert "L.W." in said
    assert "Wei" not in said
