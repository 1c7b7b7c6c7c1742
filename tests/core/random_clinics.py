"""Clinics by chance, small enough to count through: hours, rooms, pools, rules and bookings of a few days."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from core.oracle import Booking, Clinic
from core.oracle_hours import MINUTE, Around, arounds, places
from core.oracle_rules import PROVIDERS, ROW, rules
from deskcal.core.clinic import Equipment, Provider, Room, Service, Unit
from deskcal.core.localtime import local_day
from deskcal.core.rule import Rule
from deskcal.core.rules import DailyMaximum, RequiredEquipmentType, RoomType
from deskcal.core.span import Span

SERVICE, OTHER = UUID(int=4), UUID(int=5)
LOCATIONS = (UUID(int=6), UUID(int=7))
ROOMS, POOLS = (UUID(int=10), UUID(int=11), UUID(int=12)), (UUID(int=20), UUID(int=21))
TYPES, FEATURES, KINDS = ("exam", "surgery"), ("sink", "x-ray"), ("probe", "laser")

SECOND = timedelta(seconds=1)

somewhere = st.sampled_from([None, None, None, *LOCATIONS])
seldom_not = st.integers(0, 20).map(lambda n: n < 20)
needs: st.SearchStrategy[Rule] = st.one_of(
    st.builds(RoomType, id=st.just(ROW), room_types=st.frozensets(st.sampled_from(TYPES), min_size=1)),
    st.builds(
        RequiredEquipmentType,
        id=st.just(ROW),
        equipment_type=st.sampled_from(KINDS),
        min_units=st.integers(1, 3),
    ),
)


@st.composite
def services(draw: st.DrawFn, day: date) -> Service:
    """Draw a service with what it needs and the rules that it is booked by."""
    found = [draw(rules(day) | needs) for _ in range(draw(st.sampled_from([0, 0, 0, 1, 3])))]
    kind = draw(st.sampled_from([None, None, None, *KINDS]))
    return Service(
        id=SERVICE,
        title="Check-up",
        duration_minutes=draw(st.integers(1, 150)),
        slot_step_minutes=draw(st.sampled_from([7, 15, 15, 20, 30, 45, 60, 90])),
        buffer_before_minutes=draw(st.sampled_from([0, 0, 10])),
        buffer_after_minutes=draw(st.sampled_from([0, 0, 25])),
        capacity=draw(st.sampled_from([1, 1, 3])),
        room_type=draw(st.sampled_from([None, None, None, *TYPES])),
        room_features=draw(st.sampled_from([frozenset(), frozenset(), frozenset(FEATURES[:1])])),
        equipment_type=kind,
        equipment_units=draw(st.integers(1, 2)) if kind else 1,
        rules=tuple(rule for rule in found if not isinstance(rule, DailyMaximum)),
    )


@st.composite
def bookings(draw: st.DrawFn, service: Service, noon: datetime, things: list[UUID]) -> Booking:
    """Draw a hold, an appointment or a seat, wherever there happens to be something else."""
    whose = draw(
        st.sampled_from([service, Service(id=OTHER, title="Talk", duration_minutes=50, slot_step_minutes=5)])
    )
    # Few starts for seats, so that some share a session.
    start = (
        noon + draw(st.sampled_from([0, 0, 8]) if whose.capacity > 1 else st.integers(-90, 150)) * 15 * MINUTE
    )
    held = draw(st.booleans())
    return Booking(
        provider_id=draw(st.sampled_from(PROVIDERS)),
        service=whose,
        start=start + draw(st.sampled_from([0, 0, 0, 0, 0, 0.5, 4])) * MINUTE,
        resources=tuple(draw(st.sets(st.sampled_from(things), max_size=2))) if things else (),
        seat=draw(st.integers(1, whose.capacity)),
        held_until=noon + draw(st.sampled_from([-1600, 0, 120, 300])) * MINUTE if held else None,
    )


def one_after_the_other(drawn: Iterable[Booking]) -> tuple[Booking, ...]:
    """Leave out what the database would not have taken; appointments may go on top of others."""
    made: list[Booking] = []
    for one in drawn:
        ahead = [other for other in made if other.meets(one.whole) and not other.beside(one)]
        things = {thing for other in ahead for thing in other.resources}
        over = [other for other in ahead if other.provider_id == one.provider_id]
        alone = one.held_until is None and one.service.capacity == 1
        on_top = alone and not any(other.held_until for other in over)
        if things.isdisjoint(one.resources) and (on_top or not over):
            made.append(replace(one, over=tuple(other.whole for other in over)))
    return tuple(made)


@st.composite
def clinics(draw: st.DrawFn) -> Clinic:
    """Draw a clinic with one provider or two, seen over a local day or some other stretch of time."""
    name, day = draw(places())
    noon = datetime.combine(day, time(12), UTC)
    hours: dict[UUID, Around] = {}

    def around(id_: UUID, *, always: bool) -> dict[str, Any]:
        zone = draw(st.sampled_from([name, name, "America/New_York"]))
        found = draw(arounds(place=(zone, day), most=1 if always else 2, always=always))
        hours[id_] = found
        return {"timezone": zone, "windows": found.hours.windows, "closures": found.hours.closures}

    def provider(id_: UUID) -> Provider:
        found = around(id_, always=False)
        return Provider(
            id=id_,
            name=f"Dr. {id_.int}",
            location_id=draw(somewhere),
            is_available=draw(seldom_not),
            is_approved=draw(seldom_not),
            openings=hours[id_].hours.openings or (),
            daily_maximum=draw(st.sampled_from([None, None, None, 1, 3])),
            prices=MappingProxyType({SERVICE: None} if draw(seldom_not) else {}),
            **found,
        )

    def room(id_: UUID) -> Room:
        return Room(
            id=id_,
            name=f"Room {id_.int}",
            type=draw(st.sampled_from(TYPES)),
            location_id=draw(somewhere),
            features=draw(st.sampled_from([frozenset(), frozenset(FEATURES[:1]), frozenset(FEATURES)])),
            capacity=draw(st.sampled_from([None, None, 1, 3])),
            **around(id_, always=True),
        )

    def pool(id_: UUID) -> Equipment:
        found = around(id_, always=True)
        units = []
        for number in range(1, draw(st.integers(1, 3)) + 1):
            unit_id = UUID(int=id_.int * 10 + number)
            own = draw(arounds(place=(found["timezone"], day), most=1, always=True))
            hours[unit_id] = hours[id_].with_windows(own)
            units.append(Unit(id=unit_id, number=number, windows=own.hours.windows))
        return Equipment(
            id=id_,
            name=f"Pool {id_.int}",
            type=draw(st.sampled_from(KINDS)),
            location_id=draw(somewhere),
            units=tuple(units),
            **found,
        )

    service = draw(services(day))
    providers = tuple(map(provider, PROVIDERS[: draw(st.integers(1, 2))]))
    rooms = tuple(map(room, ROOMS[: draw(st.integers(0, 3))]))
    equipment = tuple(map(pool, POOLS[: draw(st.integers(0, 2))]))
    things = [*(room.id for room in rooms), *(unit.id for pool in equipment for unit in pool.units)]
    stretches = st.builds(
        lambda start, minutes: Span.of_minutes(noon + start * MINUTE, minutes),
        st.integers(-1440, 720),
        st.integers(1, 1500),
    )
    return Clinic(
        providers=providers,
        service=service,
        rooms=rooms,
        equipment=equipment,
        hours=hours,
        bookings=one_after_the_other(
            draw(st.lists(bookings(service, noon, things), min_size=3, max_size=12))
        ),
        window=draw(st.just(local_day(day, providers[0].zone)) | stretches),
        now=noon
        + draw(st.sampled_from([-2900, -1500]) | st.integers(-700, 200)) * MINUTE
        + draw(st.sampled_from([0, 30])) * SECOND,
    )
