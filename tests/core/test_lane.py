"""A provider's day of slots: given rows of occupancy, then these states."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from core.surveys import lane_of
from deskcal.core.clinic import Provider, Service
from deskcal.core.rota import parse_words
from deskcal.core.slot import Busy, Slot, SlotState
from deskcal.core.span import Span

NINE = datetime(2026, 3, 9, 13, tzinfo=UTC)  # in New York
EARLIER = NINE - timedelta(hours=1)
SERVICE = Service(id=UUID(int=1), title="Check-up", duration_minutes=30, slot_step_minutes=30)
PROVIDER = Provider(
    id=UUID(int=2),
    name="Dr. Perez",
    timezone="America/New_York",
    openings=parse_words(["mon", "09:00-11:00"]),
    prices={SERVICE.id: None},
)
EXAM = replace(SERVICE, room_type="exam")


def row(start: int, minutes: int, *, held_until: datetime | None = None) -> Busy:
    """Take so many minutes from a number of minutes after nine, as a hold if it runs out."""
    mine = UUID(int=1000 + start)
    return Busy(
        resource_id=PROVIDER.id,
        span=Span.of_minutes(NINE + timedelta(minutes=start), minutes),
        session_key=1000 + start,
        hold_id=mine if held_until else None,
        appointment_id=None if held_until else mine,
        expires_at=held_until,
    )


def lane(
    busy: Sequence[Busy] = (),
    *,
    provider: Provider = PROVIDER,
    service: Service = SERVICE,
    rooms: Mapping[UUID, Sequence[Busy]] | None = None,
    now: datetime = EARLIER,
) -> tuple[Slot, ...]:
    return lane_of(
        provider=provider, service=service, day=date(2026, 3, 9), busy=busy, rooms=rooms or {}, now=now
    )


def states(slots: Sequence[Slot]) -> str:
    """Say a lane by the first letters of its states, unavailable as a dash."""
    return "".join("-" if slot.state is SlotState.UNAVAILABLE else slot.state[0] for slot in slots)


def test_free_morning() -> None:
    """Two hours are four slots of half an hour, each with its one place."""
    slots = lane()
    assert states(slots) == "aaaa"
    assert slots[0].span == Span.of_minutes(NINE, 30)
    assert [slot.remaining for slot in slots] == [1, 1, 1, 1]


def test_appointment_and_hold() -> None:
    """An appointment books the slots it overlaps, a hold reserves them; the slot knows its hold."""
    hold = row(60, 30, held_until=NINE)
    slots = lane([row(15, 30), hold])
    assert states(slots) == "bbra"
    assert [slot.hold for slot in slots] == [None, None, hold, None]
    assert [slot.remaining for slot in slots] == [0, 0, 0, 1]


def test_hold_that_has_run_out() -> None:
    """A hold is in the way until the moment it runs out, and not from then on."""
    hold = row(60, 30, held_until=NINE)
    assert states(lane([hold], now=NINE - timedelta(seconds=1))) == "aara"
    assert states(lane([hold], now=NINE)) == "aaaa"
    assert states(lane(service=EXAM, rooms={UUID(int=8): [hold]}, now=NINE)) == "aaaa"


def test_booked_says_more_than_reserved() -> None:
    """Where both are in the way, the appointment counts: the hold's end would change nothing."""
    assert states(lane([row(0, 15), row(15, 15, held_until=NINE)])) == "baaa"


def test_past() -> None:
    """A slot that has begun is gone, one that begins this moment is not."""
    slots = lane(now=NINE + timedelta(minutes=30))
    assert states(slots) == "-aaa"
    assert slots[0].reason == "in the past"
    assert states(lane(now=NINE + timedelta(minutes=30, seconds=1))) == "--aa"


def test_buffers() -> None:
    """Buffers may reach outside open hours but not into another booking."""
    service = replace(SERVICE, buffer_before_minutes=10, buffer_after_minutes=10)
    assert states(lane(service=service)) == "aaaa"
    assert states(lane([row(0, 30)], service=service)) == "bbaa"
    assert states(lane([row(-30, 20)], service=service)) == "aaaa"
    assert states(lane([row(-30, 21)], service=service)) == "baaa"


def test_rooms() -> None:
    """A slot needs one room for its whole time; two rooms with half of it each will not do."""
    rooms = {UUID(int=8): [row(0, 15), row(30, 30)], UUID(int=9): [row(15, 15)]}
    slots = lane(service=EXAM, rooms=rooms)
    assert states(slots) == "-aaa"
    assert slots[0].reason == "no room of type exam is free"
    assert states(lane(service=SERVICE, rooms=rooms)) == "aaaa"


def test_no_room_at_all() -> None:
    """Without any room of its type a service has no free slot, and a taken one still says so."""
    slots = lane([row(0, 30)], service=EXAM)
    assert states(slots) == "b---"
    assert slots[1].reason == "there is no room of type exam"


@pytest.mark.parametrize(
    "provider",
    [
        replace(PROVIDER, is_available=False),
        replace(PROVIDER, is_approved=False),
        replace(PROVIDER, prices={}),
        replace(PROVIDER, openings=()),
    ],
)
def test_no_slots(provider: Provider) -> None:
    """A provider who is away, not approved, without the service or without hours has no slots at all."""
    assert lane(provider=provider) == ()


def test_steps_count_from_each_opening() -> None:
    """Every opening has its own grid, a service may run on into the next one but not into a pause."""
    odd = replace(PROVIDER, openings=parse_words(["mon", "09:00-10:10,10:10-11:00,12:00-12:20"]))
    starts = [(slot.span.start - NINE) // timedelta(minutes=1) for slot in lane(provider=odd)]
    assert starts == [0, 30, 60, 70]


def test_over_midnight() -> None:
    """A service may run into the next local day where hours adjoin, and belongs to the day it starts on."""
    night = replace(PROVIDER, openings=parse_words(["mon", "23:00-24:00", "tue", "00:00-01:00"]))
    service = replace(SERVICE, duration_minutes=60)
    starts = [(slot.span.start - NINE) / timedelta(hours=1) for slot in lane(provider=night, service=service)]
    assert starts == [14, 14.5]
