"""All rules of a service together: what they need and refuse, and what a writer locks to count by them."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from types import MappingProxyType

from deskcal.core.clinic import Provider, Service
from deskcal.core.localtime import whole_days
from deskcal.core.needs import Needs
from deskcal.core.rule import Case, Rule
from deskcal.core.rules import DailyMaximum

_DAY = timedelta(days=1)


def needs_of(service: Service) -> Needs:
    """Give what the service asks for itself, and then its rules."""
    needs = Needs(
        room_types=None if service.room_type is None else frozenset({service.room_type}),
        room_features=service.room_features,
        seats=service.capacity,
        units=MappingProxyType(
            {service.equipment_type: service.equipment_units} if service.equipment_type else {}
        ),
    )
    for rule in _by_priority(service):
        needs = rule.needs(needs)
    return needs


def rules_for(provider: Provider, service: Service) -> tuple[Rule, ...]:
    """List the service's rules, highest priority first, and the provider's daily maximum behind them."""
    most = provider.daily_maximum
    own = () if most is None else (DailyMaximum(id=provider.id, most=most),)
    return (*_by_priority(service), *own)


def refusals(case: Case) -> Iterator[tuple[Rule, int]]:
    """Give each rule that refuses some start in the window, with these minutes."""
    for rule in rules_for(case.provider, case.service):
        if minutes := rule.refused(case):
            yield rule, minutes


def locks_for(provider: Provider, service: Service, day: date) -> tuple[str, ...]:
    """Name what a writer locks, in this order, before rules count for a start on the provider's local day.

    The dates in the names are UTC days: providers in two zones count the same booking on two local days, but
    both days touch the UTC day that it starts on.
    """
    day_span = whole_days(day, day, provider.zone)
    if day_span is None:
        return ()
    ids_of = {"provider": provider.id, "service": service.id}
    names: set[str] = set()
    for rule in rules_for(provider, service):
        if rule.counts:
            reach = rule.reach(service)
            span = day_span.padded(before=reach, after=reach)
            first, last = span.start.date(), (span.end - datetime.resolution).date()
            days = (first + n * _DAY for n in range((last - first).days + 1))
            names.update(f"{rule.counts_of} {ids_of[rule.counts_of]} {each}" for each in days)
    return tuple(sorted(names))


def _by_priority(service: Service) -> list[Rule]:
    return sorted(service.rules, key=lambda rule: -rule.priority)
