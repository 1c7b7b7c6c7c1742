"""Group sessions: several seats at one time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from core.surveys import lane_of
from deskcal.core.clinic import Provider, Service
from deskcal.core.rota import parse_words
from deskcal.core.session import own_window, session_key
from deskcal.core.slot import Busy, Slot, SlotState
from deskcal.core.span import Span

NINE = datetime(2026, 3, 9, 9, tzinfo=UTC)
YOGA = Service(
    id=UUID(int=1),
    title="Back class",
    duration_minutes=50,
    slot_step_minutes=60,
    buffer_after_minutes=10,
    capacity=3,
    room_type="gym",
)
PROVIDER = Provider(
    id=UUID(int=2),
    name="R. Stone",
    timezone="UTC",
    openings=parse_words(["mon", "09:00-12:00"]),
    prices={YOGA.id: None},
)
GYM = UUID(int=3)


def seat(hour: int, number: int, *, resource: UUID = PROVIDER.id, held: bool = False, key: int = 0) -> Busy:
    start = NINE + timedelta(hours=hour)
    return Busy(
        resource_id=resource,
        span=own_window(YOGA, Span.of_minutes(start, 50)),
        session_key=key or session_key(PROVIDER.id, YOGA.id, start),
        seat=number,
        capacity=YOGA.capacity,
        hold_id=UUID(int=number) if held else None,
        appointment_id=None if held else UUID(int=number),
    )


def lane(busy: Sequence[Busy], gym: Sequence[Busy] = ()) -> tuple[Slot, ...]:
    return lane_of(
        provider=PROVIDER, service=YOGA, day=date(2026, 3, 9), busy=busy, rooms={GYM: gym}, now=NINE
    )


def test_some_seats_taken() -> None:
    """A session with free seats is limited and says how many; its own room does not stand in its way."""
    gym = [seat(0, 1, resource=GYM), seat(0, 2, resource=GYM)]
    slots = lane([seat(0, 1), seat(0, 2)], gym)
    assert [(slot.state, slot.remaining) for slot in slots] == [
        (SlotState.LIMITED, 1),
        (SlotState.AVAILABLE, 3),
        (SlotState.AVAILABLE, 3),
    ]


def test_all_seats_taken() -> None:
    """A full session is booked, but reserved while one of its seats is only held."""
    full = [seat(0, number) for number in (1, 2, 3)]
    assert lane(full)[0].state is SlotState.BOOKED
    waiting = [*full[:2], seat(0, 3, held=True)]
    assert lane(waiting)[0].state is SlotState.RESERVED
    assert lane(waiting)[0].hold == waiting[2]
    assert lane(waiting)[0].remaining == 0


def test_another_booking_at_the_same_time() -> None:
    """Rows of the same time that are no seats of this session, as long as it is now, are in the way."""
    assert lane([seat(0, 1, key=77)])[0].state is SlotState.BOOKED
    assert lane([seat(0, 1), seat(0, 2, key=77)])[0].state is SlotState.BOOKED
    longer = replace(seat(0, 1), span=Span.of_minutes(NINE, 75))
    assert lane([seat(0, 2), longer])[0].state is SlotState.BOOKED
    assert lane([], [seat(0, 1, resource=GYM, key=77)])[0].reason == "no room of type gym is free"


def test_session_key() -> None:
    """The key is the same wherever it is made, another for another hour, and above any that count up."""
    key = session_key(UUID(int=2), UUID(int=1), NINE)
    assert key == 7895037740021367442
    assert key != session_key(UUID(int=2), UUID(int=1), NINE + timedelta(hours=1))
    assert 2**62 <= key < 2**63


@given(seats=st.lists(st.tuples(st.integers(0, 2), st.integers(1, 3), st.booleans())))
def test_remaining_counts_seats(seats: list[tuple[int, int, bool]]) -> None:
    """What remains of each session is its capacity without the distinct seats taken or held."""
    gym = [seat(hour, number, held=held, resource=GYM) for hour, number, held in seats]
    slots = lane([seat(hour, number, held=held) for hour, number, held in seats], gym)
    taken = [{number for hour, number, _ in seats if hour == each} for each in range(3)]
    assert [slot.remaining for slot in slots] == [3 - len(numbers) for numbers in taken]
