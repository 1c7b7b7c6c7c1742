"""What each rule must say about one start, by the words of the contract."""

from datetime import date, datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st

from deskcal.core.payload import Days
from deskcal.core.rule import Case, Rule
from deskcal.core.rules import AllowedProvider, BlackoutDates, DailyMaximum, LeadTime, MaxDaily, MinGap

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ROW, PROVIDERS = UUID(int=1), (UUID(int=2), UUID(int=3))


def refuses(rule: Rule, case: Case, start: datetime) -> bool:  # noqa: PLR0911  one for each rule
    """Say what a rule must say about one start, by the words of the contract."""
    zone = case.provider.zone
    day, today = start.astimezone(zone).date(), case.now.astimezone(zone).date()
    on_day = [visit for visit in case.visits if visit.span.start.astimezone(zone).date() == day]
    match rule:
        case AllowedProvider():
            return case.provider.id not in rule.provider_ids
        case MaxDaily():
            return sum(visit.service_id == case.service.id for visit in on_day) >= rule.max_per_day
        case DailyMaximum():
            return sum(visit.provider_id == case.provider.id for visit in on_day) >= rule.most
        case MinGap():
            who = case.provider.id, case.service.id
            taken = [visit.span for visit in case.visits if (visit.provider_id, visit.service_id) == who]
            if case.service.capacity > 1 and start in {span.start for span in taken}:
                return False
            gap, lasts = rule.min_gap_minutes * MINUTE, case.service.duration_minutes * MINUTE
            return any(span.start - lasts - gap < start < span.end + gap for span in taken)
        case LeadTime():
            too_far = rule.max_days is not None and day > today + rule.max_days * DAY
            too_soon = start < case.now + rule.min_minutes * MINUTE and rule.min_minutes > 0
            return too_far or too_soon or (rule.no_same_day and day <= today)
        case BlackoutDates():
            return any(days.first <= day <= days.last for days in rule.dates)
    raise AssertionError(rule)


def rules(day: date) -> st.SearchStrategy[Rule]:
    """Make any rule that can refuse something near a day."""
    near = st.integers(-2, 2).map(lambda n: day + n * DAY)
    days = st.builds(lambda first, n: Days(first=first, last=first + n * DAY), near, st.integers(0, 2))
    return st.one_of(
        st.builds(
            AllowedProvider,
            id=st.just(ROW),
            provider_ids=st.frozensets(st.sampled_from(PROVIDERS), min_size=1),
        ),
        st.builds(MaxDaily, id=st.just(ROW), max_per_day=st.integers(1, 3)),
        st.builds(DailyMaximum, id=st.just(ROW), most=st.integers(1, 3)),
        st.builds(MinGap, id=st.just(ROW), min_gap_minutes=st.integers(1, 720)),
        st.builds(
            LeadTime,
            id=st.just(ROW),
            min_minutes=st.integers(1, 3000),
            max_days=st.none() | st.integers(0, 2),
            no_same_day=st.booleans(),
        ),
        st.builds(LeadTime, id=st.just(ROW), max_days=st.integers(0, 2), no_same_day=st.booleans()),
        st.builds(
            BlackoutDates,
            id=st.just(ROW),
            dates=st.sets(days, min_size=1, max_size=3).map(lambda found: tuple(sorted(found))),
        ),
    )
