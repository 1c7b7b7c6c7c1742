"""Rules of a service: given these bookings, then these starts are refused, in these words."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from deskcal.core.bitmap import positions
from deskcal.core.clinic import Provider, Service
from deskcal.core.localtime import local_day
from deskcal.core.needs import Needs
from deskcal.core.rule import Case, Rule
from deskcal.core.rules import read_rule
from deskcal.core.ruling import locks_for, needs_of, refusals, rules_for
from deskcal.core.slot import Visit
from deskcal.core.span import Span

NINE = datetime(2026, 3, 9, 13, tzinfo=UTC)  # a Monday in New York, the day after clocks went forward
CONSULT = Service(id=UUID(int=1), title="Consultation", duration_minutes=30, slot_step_minutes=15)
PEREZ = Provider(id=UUID(int=2), name="Dr. Perez", timezone="America/New_York")
STONE, OTHER_SERVICE = UUID(int=3), UUID(int=4)
MONDAY = local_day(date(2026, 3, 9), PEREZ.zone)
FULL = "is limited to 2 bookings a day, and Monday 2026-03-09 (America/New_York) has 2, holds included"


def rule(type_: str, /, **payload: object) -> Rule:
    return read_rule(type_, payload, id=UUID(int=9), priority=100)


def visit(minutes: int, provider: UUID = PEREZ.id, service: UUID = CONSULT.id) -> Visit:
    """Book half an hour, so many minutes from nine."""
    span = Span.of_minutes(NINE + timedelta(minutes=minutes), 30)
    return Visit(provider_id=provider, service_id=service, span=span)


def case(
    *visits: Visit, service: Service = CONSULT, provider: Provider = PEREZ, now: datetime = NINE
) -> Case:
    """Look at the six hours from seven to one."""
    window = Span.of_minutes(NINE - timedelta(hours=2), 360)
    return Case(provider=provider, service=service, window=window, now=now, visits=visits)


def stretches(judged: Rule, about: Case) -> list[tuple[int, int]]:
    """Give the first and the last minute of each refused stretch, counted from nine."""
    minutes = [minute - 120 for minute in positions(judged.refused(about))]
    firsts = [minute for minute in minutes if minute - 1 not in minutes]
    return list(zip(firsts, (minute for minute in minutes if minute + 1 not in minutes), strict=True))


def words(judged: Rule, about: Case, minutes: int = 0) -> tuple[str, str | None]:
    """Ask why the start so many minutes from nine is refused."""
    here = replace(about, window=Span.of_minutes(NINE + timedelta(minutes=minutes), 1))
    assert judged.refused(here) == 1
    return judged.reason(here)


def test_allowed_provider() -> None:
    """Only who is named gives the service."""
    assert stretches(rule("allowed_provider", provider_ids=[str(PEREZ.id)]), case()) == []
    others = rule("allowed_provider", provider_ids=[str(STONE)])
    assert stretches(others, case()) == [(-120, 239)]
    message = "Dr. Perez is not among the providers allowed for Consultation"
    assert words(others, case()) == (message, "choose another provider")


def test_max_daily() -> None:
    """The service is full for the whole local day, with anybody; other services and days do not count."""
    most = rule("max_daily", max_per_day=2)
    visits = [visit(0), visit(60, STONE), visit(120, service=OTHER_SERVICE), visit(-1440)]
    assert stretches(most, case(*visits[1:])) == []
    assert stretches(most, case(*visits)) == [(-120, 239)]
    assert words(most, case(*visits)) == (
        f"Consultation {FULL}",
        "choose another day",
    )


def test_max_daily_ends_at_local_midnight() -> None:
    """On the short day of March all 1380 minutes are refused, and neither neighbour is touched."""
    sunday = local_day(date(2026, 3, 8), PEREZ.zone)
    last = Visit(
        provider_id=STONE,
        service_id=CONSULT.id,
        span=Span.of_minutes(sunday.end - timedelta(minutes=1), 30),
    )
    wide = replace(case(last), window=sunday.padded(before=60, after=60))
    refused = list(positions(rule("max_daily", max_per_day=1).refused(wide)))
    assert refused == list(range(60, 60 + 1380))


def test_provider_daily_maximum() -> None:
    """A provider's own maximum counts every service, and nobody else's bookings."""
    busy = replace(PEREZ, daily_maximum=2)
    (most,) = rules_for(busy, CONSULT)
    assert stretches(most, case(visit(0), visit(60, STONE), provider=busy)) == []
    full = case(visit(0), visit(60, service=OTHER_SERVICE), provider=busy)
    assert stretches(most, full) == [(-120, 239)]
    assert words(most, full) == (
        f"Dr. Perez {FULL}",
        "choose another day or another provider",
    )


def test_min_gap() -> None:
    """Fifteen minutes lie between two Consultations of a provider; exactly fifteen are enough."""
    gap = rule("min_gap", min_gap_minutes=15)
    assert stretches(gap, case(visit(0))) == [(-44, 44)]
    assert stretches(gap, case(visit(0, STONE), visit(0, service=OTHER_SERVICE))) == []
    assert words(gap, case(visit(0), visit(60)), 20) == (
        "Consultation with Dr. Perez needs 15 minutes between two bookings, and another one is too near",
        "the next start with enough time is 10:45 EDT on Monday 2026-03-09",
    )


def test_min_gap_of_a_group() -> None:
    """Who joins a session needs no pause from it, nor from the one after; a session of its own needs one."""
    group = replace(CONSULT, capacity=6)
    gap = rule("min_gap", min_gap_minutes=15)
    refused = stretches(gap, case(visit(0), visit(0), visit(35), service=group))
    assert refused == [(-44, -1), (1, 34), (36, 79)]


def test_lead_time() -> None:
    """Hours are elapsed ones, to the second, days are local: no start is too soon or too far off."""
    lead = rule("lead_time", min_hours=2, max_days=3)
    assert stretches(lead, case()) == [(-120, 119)]
    assert stretches(lead, case(now=NINE + timedelta(seconds=1))) == [(-120, 120)]
    on_the_wall = datetime(2026, 3, 8, 1, 30, tzinfo=PEREZ.zone)
    assert stretches(rule("lead_time", min_hours=31), case(now=on_the_wall)) == [(-120, 29)]
    assert words(lead, case(now=NINE + timedelta(seconds=1)), 60) == (
        "Consultation is booked at least 2 hours ahead",
        "choose 11:01 EDT on Monday 2026-03-09 or later",
    )
    assert stretches(lead, case(now=NINE - timedelta(days=3))) == []
    assert words(lead, case(now=NINE - timedelta(days=4))) == (
        "Consultation is booked at most 3 days ahead",
        "choose Sunday 2026-03-08 (America/New_York) or an earlier day",
    )


def test_no_same_day() -> None:
    """The local day of now is over for new bookings, and a day that the zone skips is no next day."""
    lead = rule("lead_time", min_minutes=90, no_same_day=True)
    assert stretches(lead, case(now=MONDAY.start)) == [(-120, 239)]
    assert stretches(lead, case(now=MONDAY.start - timedelta(minutes=1))) == []
    assert words(lead, case()) == (
        "Consultation is booked at least 90 minutes ahead and not on the same day",
        "choose 00:00 EDT on Tuesday 2026-03-10 or later",
    )
    apia = replace(PEREZ, timezone="Pacific/Apia")
    before_the_gap = datetime(2011, 12, 29, 20, tzinfo=UTC)
    window = Span.of_minutes(before_the_gap, 20 * 60)
    refused = lead.refused(Case(provider=apia, service=CONSULT, window=window, now=before_the_gap))
    assert list(positions(refused)) == list(range(14 * 60))


def test_blackout_dates() -> None:
    """Whole local days are refused, alone or from start to end, for the reason given."""
    off = rule(
        "blackout_dates",
        dates=[{"start": "2026-03-09", "end": "2026-03-10"}, "2026-03-12", "2011-12-30"],
        reason="staff training",
    )
    week = Span.of_minutes(MONDAY.start, 7 * 1440)
    refused = list(positions(off.refused(replace(case(), window=week))))
    assert refused == [*range(2 * 1440), *range(3 * 1440, 4 * 1440)]
    assert words(off, case()) == (
        "Consultation is not booked on Monday 2026-03-09 to Tuesday 2026-03-10: staff training",
        "choose another day",
    )
    apia = replace(case(), provider=replace(PEREZ, timezone="Pacific/Apia"))
    skipped = Span.of_minutes(datetime(2011, 12, 29, tzinfo=UTC), 3 * 1440)
    assert off.refused(replace(apia, window=skipped)) == 0


def test_needs() -> None:
    """The service asks first, room types narrow, and of equipment the larger number is taken."""
    rules = (
        rule("room_type", room_types=["lab", "exam"]),
        rule("room_type", room_type="exam"),
        rule("required_equipment_type", equipment_type="xray", min_units=2),
        rule("required_equipment_type", equipment_type="cart"),
    )
    asked = replace(
        CONSULT,
        capacity=3,
        room_features=frozenset({"sink"}),
        equipment_type="xray",
        equipment_units=1,
        rules=rules,
    )
    assert needs_of(asked) == Needs(
        room_types=frozenset({"exam"}),
        room_features=frozenset({"sink"}),
        seats=3,
        units={"xray": 2, "cart": 1},
    )
    assert needs_of(replace(asked, equipment_units=5)).units["xray"] == 5
    assert needs_of(replace(asked, room_type="surgery")).room_types == frozenset()
    assert needs_of(CONSULT) == Needs()


def test_priority() -> None:
    """The highest priority speaks first and the provider's maximum last; who has nothing to say is silent."""
    service = replace(
        CONSULT,
        rules=(
            replace(rule("blackout_dates", dates=["2026-03-09"]), priority=10),
            replace(rule("room_type", room_type="exam"), priority=50),
            replace(rule("max_daily", max_per_day=1), priority=200),
        ),
    )
    busy = replace(PEREZ, daily_maximum=1)
    assert [each.type for each in rules_for(busy, service)] == [
        "max_daily",
        "room_type",
        "blackout_dates",
        "daily_maximum",
    ]
    judged = case(visit(0), service=service, provider=busy)
    assert [each.type for each, _ in refusals(judged)] == ["max_daily", "blackout_dates", "daily_maximum"]


def test_locks() -> None:
    """A rule that counts is judged under a lock on each UTC day that it looks at; other rules need none."""
    day = date(2026, 3, 9)
    quiet = replace(CONSULT, rules=(rule("lead_time", min_hours=1),))
    assert locks_for(PEREZ, quiet, day) == ()
    counted = replace(CONSULT, rules=(rule("max_daily", max_per_day=8),))
    service_days = [f"service {CONSULT.id} 2026-03-{each}" for each in ("09", "10")]
    assert locks_for(PEREZ, counted, day) == tuple(service_days)
    gap = replace(CONSULT, rules=(*counted.rules, rule("min_gap", min_gap_minutes=240)))
    own_days = [f"provider {PEREZ.id} 2026-03-{each}" for each in ("08", "09", "10")]
    assert locks_for(PEREZ, gap, day) == (*own_days, *service_days)
    assert locks_for(replace(PEREZ, daily_maximum=5), CONSULT, day) == tuple(own_days[1:])
    apia = replace(PEREZ, timezone="Pacific/Apia")
    assert locks_for(apia, gap, date(2011, 12, 30)) == ()
