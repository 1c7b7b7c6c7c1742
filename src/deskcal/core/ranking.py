"""Which free slots to offer first: those that suit patient and provider, and leave no useless gaps."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from heapq import nsmallest
from itertools import islice
from zoneinfo import ZoneInfo

from deskcal.core import bitmap
from deskcal.core.clinic import Provider
from deskcal.core.localtime import edge
from deskcal.core.span import Span
from deskcal.core.starts import Starts
from deskcal.core.survey import Survey

BESIDE, ASKED, LIKED = 40, 40, 20
"""What makes a score of 100: no gap on either side, the time of day asked for, a time the provider likes."""


class TimeOfDay(StrEnum):
    """A part of the day that somebody prefers."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


HOURS = {
    TimeOfDay.MORNING: (0, 12 * 60),
    TimeOfDay.AFTERNOON: (12 * 60, 17 * 60),
    TimeOfDay.EVENING: (17 * 60, 24 * 60),
}
"""In minutes of the local day, `[from, to)`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A free slot with its score from 0 to 100; `minute` is its place in the window of `starts`."""

    starts: Starts
    minute: int
    score: int

    @property
    def span(self) -> Span:
        """The service alone."""
        return self.starts.span(self.minute)


def ranked(
    survey: Survey, providers: Iterable[Provider], *, prefer: TimeOfDay | None, limit: int
) -> list[Ranked]:
    """Give the best free slots, best first; of equal ones the soonest, then by provider's name."""
    found = (one for provider in providers for one in _best(survey, provider, prefer, limit))
    return nsmallest(limit, found, key=lambda one: (-one.score, one.minute, one.starts.provider.name))


def soonest(
    survey: Survey, providers: Iterable[Provider], *, prefer: TimeOfDay | None, limit: int
) -> list[Ranked]:
    """Give the next free slots in order of time; of those at the same time the best."""
    found = (one for provider in providers for one in _next(survey, provider, prefer, limit))
    return nsmallest(limit, found, key=lambda one: (one.minute, -one.score, one.starts.provider.name))


def _best(survey: Survey, provider: Provider, prefer: TimeOfDay | None, limit: int) -> Iterator[Ranked]:
    """Give so many of a provider's slots that no better one is left out."""
    starts = survey.of(provider)
    if free := starts.free:
        scores = _scores(survey, provider, prefer)
        yield from islice(_scored(starts, free, scores), limit)


def _next(survey: Survey, provider: Provider, prefer: TimeOfDay | None, limit: int) -> Iterator[Ranked]:
    """Give so many of a provider's slots that none before them is left out."""
    starts = survey.of(provider)
    first = deque(islice(bitmap.positions(starts.free), limit), maxlen=1)
    for last in first:
        yield from _scored(starts, starts.free & (2 << last) - 1, _scores(survey, provider, prefer))


def _scored(starts: Starts, free: int, scores: Mapping[int, int]) -> Iterator[Ranked]:
    """Give free slots, best first and of equal ones the soonest."""
    for score in sorted(scores, reverse=True):
        for minute in bitmap.positions(free & scores[score]):
            yield Ranked(starts=starts, minute=minute, score=score)


def _scores(survey: Survey, provider: Provider, prefer: TimeOfDay | None) -> Mapping[int, int]:
    """Set, for each score, the minutes of the window at which a start has it."""
    whole = bitmap.full(survey.window)
    before, after = survey.beside(provider)
    asked = whole if prefer is None else _during(survey, provider.zone, HOURS[prefer])
    liked = provider.preference(survey.service.id)
    times = whole if not (liked and liked.times) else 0
    for hours in liked.times if liked else ():
        times |= _during(survey, provider.zone, hours)
    weight = LIKED * (liked.weight if liked and liked.times else 100) // 100
    found: dict[int, int] = {}
    for sides, gaps in ((2, before & after), (1, before ^ after), (0, whole & ~(before | after))):
        for suits, when in ((ASKED, asked), (0, whole & ~asked)):
            for pleases, then in ((weight, times), (0, whole & ~times)):
                score = BESIDE * sides // 2 + suits + pleases + LIKED - weight
                found[score] = found.get(score, 0) | gaps & when & then
    return found


def _during(survey: Survey, zone: ZoneInfo, hours: tuple[int, int]) -> int:
    """Set the minutes of the window that are between two times of the local day."""
    first, last = (end.astimezone(zone).date() for end in (survey.window.start, survey.window.end))
    minutes = 0
    for ahead in range((last - first).days + 1):
        midnight = datetime.combine(first + timedelta(days=ahead), time())
        start, end = (edge(midnight + timedelta(minutes=minute), zone) for minute in hours)
        if start < end:
            minutes |= bitmap.bits(Span(start=start, end=end), survey.window)
    return minutes
