"""Why a span cannot be booked, and what would help."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from core.surveys import survey_of
from deskcal.core.clinic import Provider, Service
from deskcal.core.localtime import local_day
from deskcal.core.refusals import DayNotAvailable, OutsideHours, ProviderUnavailable, Refusal, TooLate
from deskcal.core.rota import parse_words
from deskcal.core.session import session_key
from deskcal.core.slot import Busy
from deskcal.core.span import Span
from deskcal.core.verdict import Code, Reason, gate, reasons

NINE = datetime(2026, 3, 2, 14, tzinfo=UTC)  # a Monday in New York
YESTERDAY = NINE - timedelta(days=1)
FIRST = Span.of_minutes(NINE, 30)
SERVICE = Service(id=UUID(int=1), title="Check-up", duration_minutes=30, slot_step_minutes=30)
PROVIDER = Provider(
    id=UUID(int=2),
    name="Dr. Perez",
    timezone="America/New_York",
    openings=parse_words(["mon", "09:00-12:00,13:00-17:00", "tue", "09:00-24:00"]),
    prices={SERVICE.id: None},
)


def row(span: Span, *, held_until: datetime | None = None, key: int = 5, seat: int = 1) -> Busy:
    return Busy(
        resource_id=PROVIDER.id,
        span=span,
        session_key=key,
        seat=seat,
        capacity=3,
        hold_id=UUID(int=6) if held_until else None,
        appointment_id=None if held_until else UUID(int=6),
        expires_at=held_until,
    )


def against(
    span: Span = FIRST,
    *,
    provider: Provider = PROVIDER,
    service: Service = SERVICE,
    busy: Sequence[Busy] = (),
    rooms: dict[UUID, Sequence[Busy]] | None = None,
    patient: Sequence[Busy] = (),
    now: datetime = YESTERDAY,
) -> tuple[Reason, ...]:
    survey = survey_of(
        provider=provider,
        service=service,
        window=local_day(span.start.astimezone(provider.zone).date(), provider.zone),
        busy=busy,
        rooms=rooms or {},
        now=now,
    )
    return reasons(survey, provider=provider, span=span, patient=patient)


def at(hours: float) -> Span:
    return Span.of_minutes(NINE + timedelta(hours=hours), 30)


def test_nothing_speaks_against_it() -> None:
    """A free time within hours has no reasons against it, on the grid or off it."""
    assert against() == ()
    assert against(at(0.1)) == ()


def test_everything_at_once() -> None:
    """Every reason is given, not only the first."""
    provider = replace(PROVIDER, is_available=False, is_approved=False, prices={})
    service = replace(SERVICE, room_type="exam")
    busy = [row(FIRST), row(FIRST, held_until=NINE + timedelta(hours=9))]
    found = against(
        provider=provider, service=service, busy=busy, patient=busy, now=NINE + timedelta(hours=1)
    )
    assert [reason.code for reason in found] == [
        *[Code.PROVIDER_UNAVAILABLE] * 3,
        Code.TOO_LATE,
        Code.SLOT_ALREADY_BOOKED,
        Code.SLOT_HELD,
        Code.ROOM_ALREADY_BOOKED,
        Code.PATIENT_ALREADY_BOOKED,
    ]
    assert all(reason.fix for reason in found)


def test_no_hours_that_day() -> None:
    """A day off names the next hours."""
    [reason] = against(at(-24), now=NINE - timedelta(days=9))
    assert reason == Reason(
        code=Code.DAY_NOT_AVAILABLE,
        message="Dr. Perez has no hours on Sunday 2026-03-01",
        fix="the next hours are 09:00-12:00 EST and 13:00-17:00 EST on Monday 2026-03-02",
    )


def test_outside_hours() -> None:
    """A time in the lunch break names the day's hours in local time."""
    [reason] = against(at(3.25))
    assert reason == Reason(
        code=Code.OUTSIDE_HOURS,
        message="Dr. Perez works 09:00-12:00 EST and 13:00-17:00 EST on Monday 2026-03-02",
        fix="choose a start from which all 30 minutes fit into these hours",
    )


def test_held() -> None:
    """A held time may come free when the last hold in the way runs out; one that has run out is none."""
    until = datetime(2026, 3, 1, 15, 32, tzinfo=UTC)
    busy = [row(FIRST, held_until=until), row(FIRST, held_until=until - timedelta(minutes=1))]
    [reason] = against(busy=busy)
    assert (reason.code, reason.fix) == (Code.SLOT_HELD, "may come free at 10:32 EST")
    assert against(busy=busy, patient=busy, now=until) == ()
    exam = replace(SERVICE, room_type="exam")
    assert against(service=exam, rooms={UUID(int=8): busy}, now=until) == ()


def test_rooms() -> None:
    """One free room is enough; without a room of the type only an admin can help."""
    service = replace(SERVICE, room_type="exam")
    taken: dict[UUID, Sequence[Busy]] = {UUID(int=8): [row(FIRST)]}
    assert [reason.message for reason in against(service=service, rooms=taken)] == [
        "no room of type exam is free"
    ]
    assert against(service=service, rooms=taken | {UUID(int=9): [row(at(0.5))]}) == ()
    assert [reason.fix for reason in against(service=service)] == ["an admin can add a room of type exam"]


def test_patient_does_not_wait_out_the_buffers() -> None:
    """The patient may come straight from another booking; the provider still needs the time between."""
    service = replace(SERVICE, buffer_before_minutes=10)
    before = row(Span.of_minutes(NINE - timedelta(minutes=30), 30))
    assert against(service=service, patient=[before]) == ()
    assert [reason.code for reason in against(service=service, busy=[before])] == [Code.SLOT_ALREADY_BOOKED]


def test_full_session() -> None:
    """A session has room until its seats are taken; while the last ones are held they may come free."""
    service = replace(SERVICE, capacity=2)
    key = session_key(PROVIDER.id, service.id, NINE)
    first = row(FIRST, key=key)
    last, held = row(FIRST, key=key, seat=2), row(FIRST, key=key, seat=2, held_until=NINE)
    assert against(service=service, busy=[first]) == ()
    assert [reason.message for reason in against(service=service, busy=[first, last])] == [
        "all 2 places are taken"
    ]
    assert [reason.fix for reason in against(service=service, busy=[first, held])] == [
        "may come free at 09:00 EST"
    ]


@pytest.mark.parametrize(
    ("provider", "span", "now", "refusal", "words"),
    [
        (
            replace(PROVIDER, is_available=False),
            FIRST,
            NINE,
            ProviderUnavailable,
            "an admin can make Dr. Perez",
        ),
        (PROVIDER, at(-24), NINE, DayNotAvailable, "the next hours are 09:00-12:00 EST"),
        (
            replace(PROVIDER, openings=()),
            FIRST,
            NINE,
            DayNotAvailable,
            "an admin can set hours for Dr. Perez",
        ),
        (PROVIDER, at(7.75), NINE, OutsideHours, "Dr. Perez works 09:00-12:00 EST"),
        (PROVIDER, at(0.1), NINE, OutsideHours, "09:06 EST; the nearest are 09:00 EST and 09:30 EST"),
        (PROVIDER, FIRST, NINE + timedelta(seconds=1), TooLate, "09:00 EST on 2026-03-02 is in the past"),
    ],
)
def test_gate(provider: Provider, span: Span, now: datetime, refusal: type[Refusal], words: str) -> None:
    """The gate refuses in a sentence that says what to do next, before anyone looks at the calendar."""
    with pytest.raises(refusal, match=words):
        gate(provider=provider, service=SERVICE, span=span, now=now, on_grid=True)


def test_off_the_grid() -> None:
    """Staff may book between the slots."""
    gate(provider=PROVIDER, service=SERVICE, span=at(0.1), now=NINE, on_grid=False)


def test_until_midnight() -> None:
    """Hours that end at midnight say 24:00, and nothing may run on into a day without hours."""
    [reason] = against(Span.of_minutes(NINE + timedelta(hours=38.75), 30))
    assert reason.message == "Dr. Perez works 09:00-24:00 EST on Tuesday 2026-03-03"
