"""Which free slots to offer first: those that suit patient and provider, and leave no useless gaps."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from heapq import nsmallest
from zoneinfo import ZoneInfo

from deskcal.core import bitmap
from deskcal.core.clinic import Provider
from deskcal.core.localtime import edge
from deskcal.core.span import Span
from deskcal.core.survey import Starts, Survey

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
    return nsmallest(limit, found, key=lambda one: (-one.score, one.span.start, one.starts.provider.name))


def soonest(survey: Survey, providers: Iterable[Provider], *, limit: int) -> list[Ranked]:
    """Give the next free slots in order of time."""
    found = (one for provider in providers for one in _best(survey, provider, None, limit))
    return nsmallest(limit, found, key=lambda one: (one.span.start, -one.score, one.starts.provider.name))


def _best(survey: Survey, provider: Provider, prefer: TimeOfDay | None, limit: int) -> Iterator[Ranked]:
    """Give enough of a provider's slots that no better one is left out."""
    starts = survey.of(provider)
    if not starts.free:
        return
    whole = bitmap.full(survey.window)
    before, after = survey.beside(provider)
    asked = whole if prefer is None else _during(survey, provider.zone, HOURS[prefer])
    liked = provider.preference(survey.service.id)
    times = whole if not (liked and liked.times) else 0
    for hours in liked.times if liked else ():
        times |= _during(survey, provider.zone, hours)
    weight = LIKED * (liked.weight if liked and liked.times else 100) // 100
    base = LIKED - weight
    for sides, gaps in ((2, before & after), (1, before ^ after), (0, whole & ~(before | after))):
        for suits, when in ((ASKED, asked), (0, whole & ~asked)):
            for pleases, then in ((weight, times), (0, whole & ~times)):
                score = BESIDE * sides // 2 + suits + pleases + base
                mask = starts.free & gaps & when & then
                for _, minute in zip(range(limit), bitmap.positions(mask), strict=False):
                    yield Ranked(starts=starts, minute=minute, score=score)


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
