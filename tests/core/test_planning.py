"""Where the patients of a provider who is away can go."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import combinations
from types import MappingProxyType
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from deskcal.core.booking import Appointment, Status, on_todays_terms
from deskcal.core.clinic import Patient, Provider, Room, Service
from deskcal.core.hours import hours_of, open_time
from deskcal.core.lane import Rows
from deskcal.core.localtime import local_day, local_days
from deskcal.core.planning import Place, Planning, Way
from deskcal.core.rota import parse_words
from deskcal.core.session import own_window
from deskcal.core.slot import Busy
from deskcal.core.span import Span
from deskcal.core.starts import Sight
from deskcal.core.survey import Survey

MONDAY, ZONE = date(2026, 3, 9), ZoneInfo("America/New_York")
DAY = local_day(MONDAY, ZONE)
VISIT = Service(id=UUID(int=1), title="Visit", duration_minutes=30, slot_step_minutes=30, price_cents=8000)
SCAN = Service(
    id=UUID(int=2),
    title="Scan",
    duration_minutes=20,
    slot_step_minutes=20,
    buffer_after_minutes=10,
    room_type="exam",
)
CLASS = Service(id=UUID(int=3), title="Class", duration_minutes=60, slot_step_minutes=60, capacity=3)
ROOMS = tuple(
    Room(id=UUID(int=20 + number), name=f"Room {number}", type="exam", location_id=None, timezone=ZONE.key)
    for number in range(2)
)


def provider(number: int, hours: str, **prices: int) -> Provider:
    own = {VISIT.id: prices.get("visit"), SCAN.id: None, CLASS.id: None}
    return Provider(
        id=UUID(int=number),
        name=f"Dr. {number}",
        timezone=ZONE.key,
        openings=parse_words(hours.split()),
        prices=MappingProxyType(own),
    )


AWAY = provider(10, "mon,thu 09:00-12:00")


def appointment(number: int, hour: int, minute: int = 0, *, service: Service = VISIT) -> Appointment:
    return on_todays_terms(
        id=UUID(int=100 + number),
        provider=AWAY,
        service=service,
        patient=Patient(id=UUID(int=200 + number), name="", date_of_birth=None),
        span=Span.of_minutes(at(hour, minute), service.duration_minutes),
        status=Status.SCHEDULED,
        mode=None,
        notes=None,
        booked_by="desk",
        now=DAY.start,
        room_id=ROOMS[0].id if service.room_type else None,
    )


def at(hour: int, minute: int = 0, *, days: int = 0) -> datetime:
    return datetime.combine(MONDAY + timedelta(days=days), time(hour, minute), ZONE)


def rows(made: Appointment, service: Service) -> list[Busy]:
    whole = own_window(service, made.span)
    spans = {made.provider_id: whole, made.patient_id: made.span} | (
        {made.room_id: whole} if made.room_id else {}
    )
    return [
        Busy(resource_id=id_, span=span, session_key=made.id.int, appointment_id=made.id)
        for id_, span in spans.items()
    ]


def planning(others: Sequence[Provider], busy: Sequence[Busy] = (), *, days: int = 1) -> Planning:
    def survey(service: Service, window: Span, sight: Sight) -> Survey:
        return Survey(service=service, rooms=ROOMS, equipment=(), window=window, sight=sight, now=DAY.start)

    patients: dict[UUID, list[Busy]] = {}
    for row in busy:
        patients.setdefault(row.resource_id, []).append(row)
    return Planning(
        away=AWAY,
        providers=[AWAY, *others],
        day=DAY,
        until=local_days(MONDAY, MONDAY + timedelta(days=days), ZONE).end,
        sight=Rows.of(busy, DAY.start),
        survey=survey,
        patients=patients,
    )


def planned(search: Planning, wanted: Sequence[tuple[Appointment, Service]]) -> dict[UUID, Place]:
    """Take the best place for each, where nobody else is faster."""
    found: dict[UUID, Place] = {}
    for way in Way:
        for made, service in wanted:
            place = None if made.id in found else next(search.places(made, service, way), None)
            if place:
                search.take(made, service, place)
                found[made.id] = place
    return found


def told(found: dict[UUID, Place], made: Appointment) -> tuple[str, datetime]:
    place = found[made.id]
    return place.provider.name, place.span.start.astimezone(ZONE)


def test_the_same_time_comes_first_and_the_cheaper_of_two() -> None:
    """Whoever is free at the very time gets the patient, for a price that is not higher if possible."""
    made = appointment(1, 9)
    search = planning([provider(11, "mon 09:00-12:00", visit=9900), provider(12, "mon 09:00-12:00")])
    assert told(planned(search, [(made, VISIT)]), made) == ("Dr. 12", at(9))


def test_nobody_loses_the_same_time_to_another_s_second_best() -> None:
    """What one can have at the very time is not given to somebody who would have to come at another."""
    early, late = appointment(1, 9), appointment(2, 9, 30)
    search = planning([provider(11, "mon 09:30-10:00")])
    assert told(planned(search, [(early, VISIT), (late, VISIT)]), late) == ("Dr. 11", at(9, 30))


def test_the_provider_s_next_day_before_somebody_else_s_other_time() -> None:
    """With nobody at the time, the same provider soon, at the same time of day."""
    made = appointment(1, 9, 30)
    search = planning([provider(11, "mon-fri 10:00-12:00")], days=3)
    assert told(planned(search, [(made, VISIT)]), made) == ("Dr. 10", at(9, 30, days=3))


def test_no_place() -> None:
    """Where nobody works there is none, and the day itself is never the provider's."""
    made = appointment(1, 9)
    assert planned(planning([]), [(made, VISIT)]) == {}


def test_the_room_that_it_leaves_will_do() -> None:
    """An appointment may stay in its own room at its own time; the rooms of others are taken."""
    first, second = appointment(1, 9, service=SCAN), appointment(2, 9, service=SCAN)
    other = rows(appointment(3, 9, service=SCAN), SCAN)
    taken = [replace(row, resource_id=ROOMS[1].id) for row in other if row.resource_id == ROOMS[0].id]
    search = planning(
        [provider(11, "mon 09:00-12:00"), provider(12, "mon 09:00-12:00")], [*rows(first, SCAN), *taken]
    )
    [place] = planned(search, [(first, SCAN)]).values()
    assert (place.span, place.room_id) == (first.span, ROOMS[0].id)
    assert next(search.places(second, SCAN, Way.SAME_TIME), None) is None


def test_a_patient_is_not_sent_to_two_places() -> None:
    """Two appointments of one patient get times that do not overlap, and none over what they do besides."""
    first, second = appointment(1, 9), appointment(2, 9, 30)
    second = replace(second, patient_id=first.patient_id)
    elsewhere = replace(rows(appointment(3, 9), VISIT)[0], resource_id=first.patient_id)
    found = planned(
        planning([provider(11, "mon 09:00-12:00")], [elsewhere]), [(first, VISIT), (second, VISIT)]
    )
    spans = [place.span for place in found.values()]
    assert len(spans) == 2
    assert not spans[0].overlaps(spans[1])
    assert not any(elsewhere.span.overlaps(span) for span in spans)


def test_a_group_stays_together_while_there_are_seats() -> None:
    """The patients of a session go to one session of somebody else, seat by seat, as far as it has seats."""
    group = [appointment(number, 9, service=CLASS) for number in range(4)]
    search = planning([provider(11, "mon 09:00-10:00")])
    found = planned(search, [(made, CLASS) for made in group])
    assert [place.seat for place in found.values()] == [1, 2, 3]


@st.composite
def mornings(draw: st.DrawFn) -> tuple[list[tuple[Appointment, Service]], list[Provider], list[Busy]]:
    """Draw what the one who is away has that day, who else works, and what those have already."""
    wanted, busy = [], []
    minute = 0
    for number in range(draw(st.integers(1, 6))):
        service = draw(st.sampled_from([VISIT, SCAN]))
        made = appointment(number, 9 + minute // 60, minute % 60, service=service)
        made = replace(made, patient_id=UUID(int=200 + draw(st.integers(0, 8))))
        wanted.append((made, service))
        busy += rows(made, service)
        minute += 30
    others = [
        provider(
            11 + number, draw(st.sampled_from(["mon 09:00-12:00", "mon-tue 10:00-11:00", "tue 08:00-18:00"]))
        )
        for number in range(draw(st.integers(0, 3)))
    ]
    for number in range(draw(st.integers(0, 8))):
        one = appointment(
            50 + number, draw(st.integers(8, 12)), draw(st.sampled_from([0, 10, 30])), service=SCAN
        )
        who = draw(st.sampled_from([*others, AWAY]))
        days = timedelta(days=draw(st.integers(0, 1)) if who is not AWAY else 3)
        span = Span(start=one.span.start + days, end=one.span.end + days)
        made = replace(one, provider_id=who.id, span=span, room_id=draw(st.sampled_from(ROOMS)).id)
        if not any(
            row.resource_id == new.resource_id and row.span.overlaps(new.span)
            for new in rows(made, SCAN)
            for row in busy
        ):
            busy += rows(made, SCAN)
    return wanted, others, busy


@given(mornings())
@settings(max_examples=150, deadline=None)
def test_every_proposal_can_be_had_and_no_two_are_the_same(
    drawn: tuple[list[tuple[Appointment, Service]], list[Provider], list[Busy]],
) -> None:
    """No proposals overlap each other or what stands; each is a slot in the hours of who gives it."""
    wanted, others, busy = drawn
    found = planned(planning(others, busy, days=3), wanted)
    taken: list[tuple[UUID, Span, UUID]] = [
        (row.resource_id, row.span, row.appointment_id or UUID(int=0)) for row in busy
    ]
    for made, service in wanted:
        place = found.get(made.id)
        if place is None:
            continue
        assert place.span.minutes == made.span.minutes
        assert place.provider.id != AWAY.id or not place.span.overlaps(DAY)
        local = place.span.start.astimezone(ZONE)
        usable = open_time(hours_of(place.provider), local.date(), place.span.minutes)
        assert any(span.contains(place.span) for span in usable)
        assert (place.room_id is not None) == (service.room_type is not None)
        moved = replace(made, provider_id=place.provider.id, room_id=place.room_id, span=place.span)
        taken += [(row.resource_id, row.span, made.id) for row in rows(moved, service)]
    for (one, span, whose), (other, there, theirs) in combinations(taken, 2):
        assert one != other or whose == theirs or not span.overlaps(there)
