"""Booking by words: `lop mar fu 30m perez tue am` is patient, service and length, provider, day and time."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from uuid import UUID

from deskcal.core.words import folded
from deskcal.tui.filters import Filter, Names, filter_words, understand
from deskcal.tui.times import MinutesOfDay, read_times, times_words
from deskcal.tui.when import NotADate, read_day
from deskcal.wire.catalog import Service

_LENGTH = re.compile(r"(\d{1,3})(m|min|h)")
_TIME = re.compile(r"(\d{1,2}):(\d{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What some words ask for. `patient` is how they are called; `times` are minutes of the local day.

    `problem` says why the words cannot be followed, and what would do.
    """

    patient: str = ""
    filter: Filter = field(default_factory=Filter)
    day: date | None = None
    times: MinutesOfDay | None = None
    problem: str | None = None

    def suits(self, start: datetime, zone: tzinfo) -> bool:
        """Tell whether a start is at the time of day that was asked for."""
        local = start.astimezone(zone)
        return self.times is None or self.times[0] <= local.hour * 60 + local.minute < self.times[1]


def read_wish(
    text: str, *, today: date, services: Mapping[UUID, Service], providers: Names, is_for_somebody: bool
) -> Wish:
    """Read words in any order but one: who it is for stands first, or is left out when that is known.

    So a patient may be called Tom, which is tomorrow anywhere else.
    """
    words = _sorted(text.split(), today, first_is_name=not is_for_somebody)
    titles = {
        key: one.title for key, one in services.items() if words.minutes in {None, one.duration_minutes}
    }
    if not titles:
        return Wish(problem=f"no service takes {words.minutes} minutes")
    end = _end_of_patient(words.names, titles, providers, at_least=0 if is_for_somebody else 1)
    patient = " ".join(words.names[:end])
    meant = understand(" ".join(words.names[end:]), titles, providers)
    service_id = meant.filter.service_id or (next(iter(titles)) if len(titles) == 1 else None)
    problem = meant.problem
    if problem is None and service_id is None:
        problem = f"which service? {', '.join(titles.values())}"
    if not patient and not is_for_somebody:
        problem = "who is it for? Begin with the name, phone or birth date"
    chosen = Filter(service_id=service_id, provider_id=meant.filter.provider_id)
    return Wish(patient=patient, filter=chosen, day=words.day, times=words.times, problem=problem)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """Words by what they can be; of two days or times the last one holds."""

    names: Sequence[str]
    day: date | None
    times: MinutesOfDay | None
    minutes: int | None


def _sorted(words: Sequence[str], today: date, *, first_is_name: bool) -> _Words:
    names: list[str] = []
    day, times, minutes = None, None, None
    for word in (word for word in words if word.casefold() != "any"):
        if first_is_name and not names:
            names.append(word)
        elif (length := _LENGTH.fullmatch(word)) is not None:
            minutes = int(length[1]) * (60 if length[2] == "h" else 1)
        elif (meant := _times(word.casefold())) is not None:
            times = meant
        elif (on := _day(word, today)) is not None:
            day = on
        else:
            names.append(word)
    return _Words(names=names, day=day, times=times, minutes=minutes)


def wish_words(wish: Wish, services: Names, providers: Names, *, whom: str) -> str:
    """Say back what was understood, before it is looked for."""
    when = [f"{wish.day:%a %d %b}"] if wish.day else []
    when += [times_words(wish.times)] if wish.times else []
    patient = f'patient "{wish.patient}"' if wish.patient else whom
    parts = [patient, filter_words(wish.filter, services, providers), *when, wish.problem or ""]
    return "   ".join(filter(None, parts))


def _end_of_patient(names: Sequence[str], titles: Names, providers: Names, *, at_least: int) -> int:
    """Find where the patient's name ends: behind it, all words together mean one service and provider."""
    for first in range(at_least, len(names)):
        meant = understand(" ".join(names[first:]), titles, providers)
        if meant.problem is None or meant.is_ambiguous:
            return first
    return len(names)


def _times(word: str) -> MinutesOfDay | None:
    if (at := _TIME.fullmatch(word)) is not None:
        start = int(at[1]) * 60 + int(at[2])
        return start, start + 60
    return read_times(word)


def _day(word: str, today: date) -> date | None:
    try:
        return read_day(folded(word) if word.isalpha() else word, today)
    except NotADate:
        return None
