"""What was decided offline: sent in order, once in effect, each with a verdict, whatever comes between."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from deskcal.tui.desk import Desk
from deskcal.tui.memory.drafts import Person
from deskcal.tui.memory.intents import Asked, Become, Book, Cancel, Deed, Intent, Move, State, seen
from deskcal.tui.memory.memory import Memory
from deskcal.tui.memory.replay import Outcome, Replay
from deskcal.wire.booking import Appointment, AppointmentChange, AppointmentStatus, CancelRequest
from deskcal.wire.calendar import Timeslot
from tui.played_answers import AnsweringOnce, Cut
from tui.played_book import Clock, number

STEPS = {
    "book": ["reserve", "confirm"],
    "move": ["reserve", "reschedule"],
    "cancel": ["cancel"],
    "arrive": ["change"],
}
CUTS = [
    (kind, (step, moment))
    for kind, steps in STEPS.items()
    for step in steps
    for moment in ("before", "after")
]


@pytest.fixture
def clinic(clock: Clock) -> AnsweringOnce:
    """Novak at ten with Dr Garcia, Okoye at ten with Dr Okafor."""
    played = AnsweringOnce(clock=clock)
    played.book(0, 10, patient=2)
    played.book(1, 10, patient=3)
    return played


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    opened = Memory(tmp_path)
    yield opened
    opened.close()


async def at_desk(clinic: AnsweringOnce, memory: Memory) -> Desk:
    """Give a desk that has reached the server."""

    async def dial() -> AnsweringOnce:
        return clinic

    desk, live = Desk(dial, name="Desk 2", now=clinic.clock, memory=memory), asyncio.Event()
    listening = asyncio.create_task(desk.listen(lambda _: live.set()))
    await live.wait()
    listening.cancel()
    return desk


async def sent(desk: Desk) -> Outcome:
    return await Replay(desk, lambda: None).run()


def slot(clinic: AnsweringOnce, provider: int = 3, hour: int = 11) -> Timeslot:
    return clinic._timeslot(provider, clinic._services[0], clinic.at(hour))  # noqa: SLF001  as the desk saw it


def appointment(clinic: AnsweringOnce, which: int = 0) -> Appointment:
    return clinic._appointment(clinic.busy[which])  # noqa: SLF001  as the desk saw it


def who(clinic: AnsweringOnce, patient: int = 2) -> Person:
    return Person(id=number(3, patient), name=clinic.patient_names[patient])


def arrive(clinic: AnsweringOnce, status: AppointmentStatus = "checked_in") -> Become:
    return Become(
        patient=who(clinic), seen=seen(appointment(clinic)), request=AppointmentChange(status=status)
    )


def deed(clinic: AnsweringOnce, kind: str) -> Deed:
    made = seen(appointment(clinic))
    match kind:
        case "book":
            return Book(patient=who(clinic), slot=slot(clinic), reason="cough")
        case "move":
            return Move(patient=who(clinic), seen=made, slot=slot(clinic))
        case "cancel":
            return Cancel(patient=who(clinic), seen=made, request=CancelRequest(reason="patient asked"))
    return arrive(clinic)


def put_off(desk: Desk, *deeds: Deed) -> list[Intent]:
    return [desk.put_off(one) for one in deeds]


def verdicts(desk: Desk) -> list[tuple[State, str]]:
    return [(one.state, one.verdict) for one in desk.memory.intents.all()]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("book", "booked B-20934"),
        ("move", "moved B-20800"),
        ("cancel", "canceled, $25 fee"),
        ("arrive", "noted"),
    ],
)
async def test_done(clinic: AnsweringOnce, memory: Memory, kind: str, words: str) -> None:
    """Each kind of deed is carried out by its steps, one time each, and says what came of it."""
    desk = await at_desk(clinic, memory)
    put_off(desk, deed(clinic, kind))
    assert str(await sent(desk)) == "1 done"
    assert clinic.effects == STEPS[kind]
    assert verdicts(desk) == [(State.DONE, words)]


@pytest.mark.parametrize(
    ("kind", "cut"), CUTS, ids=lambda one: one if isinstance(one, str) else "-".join(one)
)
async def test_killed_in_the_middle(clinic: AnsweringOnce, tmp_path: Path, kind: str, cut: Cut) -> None:
    """A desk that dies at any moment of sending loses nothing, and the next one repeats no effect."""
    first = Memory(tmp_path)
    desk = await at_desk(clinic, first)
    put_off(desk, deed(clinic, kind))
    clinic.cut = cut
    sending = asyncio.create_task(sent(desk))
    await clinic.hanging.wait()
    sending.cancel()
    await asyncio.wait([sending])
    first.close()
    clinic.cut = None
    second = Memory(tmp_path)
    again = await at_desk(clinic, second)
    assert str(await sent(again)) == "1 done"
    assert clinic.effects == STEPS[kind]
    second.close()


@pytest.mark.parametrize(("kind", "step"), [(kind, step) for kind, steps in STEPS.items() for step in steps])
async def test_lost_answer(clinic: AnsweringOnce, memory: Memory, kind: str, step: str) -> None:
    """A step whose answer was lost is sent again with its key and has no second effect."""
    desk = await at_desk(clinic, memory)
    put_off(desk, deed(clinic, kind))
    clinic.lose = [step]
    assert (await sent(desk)).ended == 0
    assert verdicts(desk) == [(State.WAITING, "")]
    assert str(await sent(desk)) == "1 done"
    assert clinic.effects == STEPS[kind]


async def test_hold_that_lapsed_meanwhile(clinic: AnsweringOnce, memory: Memory) -> None:
    """When the hold ran out before it could be confirmed, the time is held anew and booked once."""
    desk = await at_desk(clinic, memory)
    put_off(desk, deed(clinic, "book"))
    clinic.lose = ["reserve"]
    await sent(desk)
    clinic.clock.forward(200)
    assert str(await sent(desk)) == "1 done"
    assert clinic.effects == ["reserve", "reserve", "confirm"]


async def test_confirmed_before_the_line_went(clinic: AnsweringOnce, memory: Memory) -> None:
    """A booking whose answer was lost at the panel is asked for with the panel's own key: booked once."""
    desk = await at_desk(clinic, memory)
    put_off(desk, deed(clinic, "book"))
    [intent] = memory.intents.all()
    assert await sent(desk) == Outcome(done=1)
    token = clinic.busy[-1].token
    memory.intents.discard(intent.id)
    desk.put_off(intent.deed, Asked(key=intent.key("confirm"), token=token))
    assert await sent(desk) == Outcome(done=1)
    assert clinic.effects == ["reserve", "confirm"]


async def test_slot_taken(clinic: AnsweringOnce, memory: Memory) -> None:
    """A time that went to somebody else needs somebody, with the server's reason and other times."""
    desk = await at_desk(clinic, memory)
    put_off(desk, deed(clinic, "book"))
    clinic.other_desk(3, 11, books=True)
    assert str(await sent(desk)) == "1 needs you"
    [intent] = memory.intents.all()
    assert intent.verdict == "taken by Desk 3 a moment ago."
    assert intent.problem is not None
    assert len(intent.problem.alternatives or []) == 6
    assert clinic.effects == []


async def test_changed_meanwhile(clinic: AnsweringOnce, memory: Memory) -> None:
    """What somebody else changed is not changed over their heads: the verdict says who, when and what."""
    desk = await at_desk(clinic, memory)
    put_off(desk, deed(clinic, "arrive"))
    clinic.other_desk_moves(clinic.busy[0], 15)
    assert str(await sent(desk)) == "1 needs you"
    assert verdicts(desk) == [
        (
            State.NEEDS_YOU,
            "CHANGED by Desk 1 09:41 (rescheduled): now Mon 24 Nov 15:00 Dr Garcia, confirmed",
        )
    ]


async def test_deeds_rest_on_each_other(clinic: AnsweringOnce, memory: Memory) -> None:
    """Arrived, then in room, both decided on what was seen before: both are done, in their order."""
    desk = await at_desk(clinic, memory)
    put_off(desk, arrive(clinic), arrive(clinic, "in_progress"))
    assert str(await sent(desk)) == "2 done"
    assert clinic.busy[0].status == "in_progress"


async def test_order_of_a_patient(clinic: AnsweringOnce, memory: Memory) -> None:
    """Of one patient nothing is sent past what needs somebody; others are not kept waiting by it."""
    desk = await at_desk(clinic, memory)
    clinic.other_desk(3, 11, books=True)
    other = Cancel(patient=who(clinic, 3), seen=seen(appointment(clinic, 1)), request=CancelRequest())
    booked, canceled, others = put_off(desk, deed(clinic, "book"), deed(clinic, "cancel"), other)
    assert str(await sent(desk)) == "1 done, 1 needs you"
    states = {one.id: one.state for one in memory.intents.all()}
    assert states == {booked.id: State.NEEDS_YOU, canceled.id: State.WAITING, others.id: State.DONE}
    memory.intents.discard(booked.id)
    assert str(await sent(desk)) == "1 done"


@pytest.mark.parametrize("kind", ["book", "move", "cancel"])
async def test_too_late_to_send(clinic: AnsweringOnce, memory: Memory, kind: str) -> None:
    """What is about a time that has begun is not sent: it needs somebody."""
    desk = await at_desk(clinic, memory)
    put_off(desk, deed(clinic, kind))
    clinic.clock.forward(3 * 3600)
    assert str(await sent(desk)) == "1 needs you"
    assert clinic.effects == []
    assert verdicts(desk) == [(State.NEEDS_YOU, "NOT SENT: its time has begun")]


async def test_arrival_is_told_late(clinic: AnsweringOnce, memory: Memory) -> None:
    """That somebody came is told even when their time has begun."""
    desk = await at_desk(clinic, memory)
    put_off(desk, deed(clinic, "arrive"))
    clinic.clock.forward(3600)
    assert str(await sent(desk)) == "1 done"


async def test_tried_again(clinic: AnsweringOnce, memory: Memory) -> None:
    """A deed that was refused can be tried again: with keys of its own, so that it is asked anew."""
    desk = await at_desk(clinic, memory)
    put_off(desk, deed(clinic, "book"))
    taken = clinic.other_desk(3, 11, books=True)
    await sent(desk)
    clinic.busy.remove(taken)
    [intent] = memory.intents.all()
    memory.intents.put(intent.again())
    assert str(await sent(desk)) == "1 done"


async def test_one_desk_sends(clinic: AnsweringOnce, tmp_path: Path) -> None:
    """Two desks of one machine come back online together: one sends, and everything happens once."""
    memories = [Memory(tmp_path), Memory(tmp_path)]
    desks = [await at_desk(clinic, memory) for memory in memories]
    put_off(desks[0], deed(clinic, "book"), deed(clinic, "arrive"))
    outcomes = await asyncio.gather(*map(sent, desks))
    assert sorted(one.done for one in outcomes) == [0, 2]
    assert clinic.effects == ["reserve", "confirm", "change"]
    for memory in memories:
        memory.close()


async def test_line_goes_again(clinic: AnsweringOnce, memory: Memory) -> None:
    """When the server goes away again, what was not sent waits on."""
    desk = await at_desk(clinic, memory)
    put_off(desk, deed(clinic, "arrive"), deed(clinic, "book"))
    clinic.lose = ["change"]
    assert await sent(desk) == Outcome()
    assert [state for state, _ in verdicts(desk)] == [State.WAITING, State.WAITING]
    assert memory.intents.counts().waiting == 2
