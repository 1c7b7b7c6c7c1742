"""What somebody waits for, as it is typed: `fu perez chen`, and `until fri am`."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from deskcal.tui.filters import Names, understand
from deskcal.tui.times import MinutesOfDay, read_times, times_words
from deskcal.tui.when import NotADate, read_day


@dataclass(frozen=True, slots=True, kw_only=True)
class What:
    """A service, and with whom; no provider is anybody. `problem` says why the words mean none."""

    service_id: UUID | None = None
    provider_ids: tuple[UUID, ...] = ()
    problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """Dates, both included, and times of day; None and nothing are any. `problem` says why not."""

    first: date | None = None
    last: date | None = None
    times: tuple[MinutesOfDay, ...] = ()
    problem: str | None = None


def read_what(text: str, services: Names, providers: Names) -> What:
    """Read words as one service, and as any number of providers, each by a word."""
    of_service, of_providers = list[str](), list[UUID]()
    for word in text.split():
        meant = understand(word, services, {})
        if meant.problem is None or meant.is_ambiguous:
            of_service.append(word)
            continue
        named = understand(word, {}, providers)
        if named.problem:
            return What(problem=named.problem)
        if named.filter.provider_id:
            of_providers.append(named.filter.provider_id)
    chosen = understand(" ".join(of_service), services, {})
    only = next(iter(services)) if len(services) == 1 else None
    service_id = chosen.filter.service_id or only
    if service_id is None:
        return What(problem=chosen.problem or f"which service? {', '.join(services.values())}")
    return What(service_id=service_id, provider_ids=tuple(of_providers))


def read_when(text: str, today: date) -> When:
    """Read `this week`, `next week`, `until fri`, `from 3 dec`, `mon-wed` or a day, and times of day."""
    words = text.casefold().split()
    times = [meant for word in words if (meant := read_times(word))]
    days = " ".join(word for word in words if not read_times(word))
    try:
        first, last = _days(days, today)
    except NotADate as error:
        return When(problem=str(error))
    return When(first=first, last=last, times=tuple(times))


def what_words(what: What, services: Names, providers: Names) -> str:
    """Say back what was understood: `Follow-up with Dr Perez or Dr Chen`."""
    if what.service_id is None:
        return what.problem or ""
    whom = " or ".join(providers[key] for key in what.provider_ids if key in providers)
    return f"{services[what.service_id]} with {whom or 'anybody'}"


def when_words(when: When) -> str:
    """Say back what was understood: `Mon 24 Nov to Fri 28 Nov, am`."""
    if when.problem:
        return when.problem
    first, last = (f"{day:%a %d %b}" if day else "" for day in (when.first, when.last))
    if first and last:
        days = first if first == last else f"{first} to {last}"
    else:
        days = f"from {first}" if first else f"until {last}" if last else "any day"
    return ", ".join([days, " or ".join(map(times_words, when.times)) or "any time"])


def _days(words: str, today: date) -> tuple[date | None, date | None]:
    match words.split():
        case [] | ["any"]:
            return None, None
        case ["this", "week"]:
            return today, _sunday(today)
        case ["next", "week"]:
            return _sunday(today) + timedelta(days=1), _sunday(today) + timedelta(days=7)
        case ["until" | "till" | "by", *rest]:
            return today, read_day(" ".join(rest), today)
        case ["from" | "after", *rest]:
            return read_day(" ".join(rest), today), None
    return _between(words, today)


def _between(words: str, today: date) -> tuple[date, date]:
    first, dash, last = words.partition("-")
    is_one_day = not dash or not first.strip() or words.replace("-", "").isdigit()
    begins = read_day(words if is_one_day else first, today)
    return begins, begins if is_one_day else read_day(last, begins)


def _sunday(day: date) -> date:
    return day + timedelta(days=6 - day.weekday())
