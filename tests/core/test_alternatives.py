"""Which free slots are offered instead."""

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from deskcal.core.alternatives import nearest
from deskcal.core.slot import Slot, SlotState
from deskcal.core.span import Span

TEN = datetime(2026, 3, 6, 15, tzinfo=UTC)  # a Friday in New York, two days before clocks go forward
WANTED = Span.of_minutes(TEN, 30)
PEREZ, STONE = UUID(int=1), UUID(int=2)


def slot(minutes: int, provider: UUID = PEREZ, state: SlotState = SlotState.AVAILABLE) -> Slot:
    span = Span.of_minutes(TEN + timedelta(minutes=minutes), 30)
    return Slot(provider_id=provider, service_id=UUID(int=3), span=span, state=state)


def offered(slots: list[Slot], limit: int = 6) -> list[tuple[int, int]]:
    """Say provider and distance in minutes."""
    found = nearest(slots, provider_id=PEREZ, span=WANTED, limit=limit, zone=ZoneInfo("America/New_York"))
    return [(each.provider_id.int, (each.span.start - TEN) // timedelta(minutes=1)) for each in found]


def test_order() -> None:
    """First the provider within the hour, then others then, then later days then, then what is near."""
    monday_at_ten = 3 * 1440 - 60
    slots = [
        slot(120),
        slot(30, STONE),
        slot(3 * 1440),
        slot(1440 + 30),
        slot(monday_at_ten),
        slot(0, STONE),
        slot(60),
        slot(-30),
    ]
    assert offered(slots, limit=8) == [
        (1, -30),
        (1, 60),
        (2, 0),
        (1, monday_at_ten),
        (2, 30),
        (1, 120),
        (1, 1440 + 30),
        (1, 3 * 1440),
    ]


def test_only_free_slots() -> None:
    """Only what can be booked is offered; a session with places left can."""
    taken = [slot(30, state=state) for state in SlotState if state is not SlotState.LIMITED]
    assert offered([each for each in taken if each.state is not SlotState.AVAILABLE]) == []
    assert offered([slot(30, state=SlotState.LIMITED)]) == [(1, 30)]


@given(
    starts=st.lists(st.tuples(st.integers(-50, 50), st.sampled_from([PEREZ, STONE]))), limit=st.integers(1, 9)
)
def test_no_duplicates(starts: list[tuple[int, UUID]], limit: int) -> None:
    """However often a slot is named it is offered once, and as many as there are, up to the limit."""
    found = offered([slot(start * 30, provider) for start, provider in starts], limit)
    assert len(found) == len(set(found)) == min(limit, len(set(starts)))
