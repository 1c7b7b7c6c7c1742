"""Where an appointment of an import could start instead, or at all: only what to try, the judging decides."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, time, timedelta

from deskcal.core import bitmap
from deskcal.core.clinic import Provider
from deskcal.core.localtime import edge, local_day
from deskcal.core.span import Span
from deskcal.core.verdict import slot_starts
from deskcal.flows.import_diary import Diary, around
from deskcal.flows.import_drafts import Draft

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
DAYS_ON = 14


def spread_starts(
    diary: Diary, draft: Draft, provider: Provider, spread: tuple[int, int]
) -> Iterator[datetime]:
    """Give the starts of a local day between two minutes of the wall clock that look free, in order."""
    service, midnight = draft.service, datetime.combine(draft.day, time())
    start, end = (edge(midnight + minute * MINUTE, provider.zone) for minute in spread)
    if start >= end:
        return
    window = Span(start=start, end=end)
    steps = range(0, window.minutes - service.duration_minutes + 1, service.slot_step_minutes)
    for minute in bitmap.positions(_free(diary, draft, provider, window, sum(1 << n for n in steps))):
        yield start + minute * MINUTE


async def free_starts(
    diary: Diary, draft: Draft, wanted: datetime, *, anyhow: bool
) -> AsyncIterator[datetime]:
    """Give starts that look free: of the day that was wanted the nearest first, then of the days after it.

    With `anyhow` a day without hours offers every step before and after what was wanted.
    """
    provider, service = draft.provider, draft.service
    for number in range(DAYS_ON):
        day = draft.day + number * DAY
        whole = local_day(day, provider.zone)
        await diary.look([provider.id, draft.patient.id], around(whole.start, whole.start))
        starts = set(slot_starts(provider, service, day))
        if anyhow and not starts:
            step, offset = service.slot_step_minutes * MINUTE, (wanted - whole.start) % DAY
            at = whole.start + offset % step
            while at + service.duration_minutes * MINUTE <= whole.end:
                starts.add(at.astimezone(UTC))
                at += step
        mask = sum(1 << (start - whole.start) // MINUTE for start in starts)
        found = [
            whole.start + minute * MINUTE
            for minute in bitmap.positions(_free(diary, draft, provider, whole, mask))
        ]
        for start in sorted(found, key=lambda start: (abs(start - wanted), start)):
            yield start


def _free(diary: Diary, draft: Draft, provider: Provider, window: Span, mask: int) -> int:
    minutes = draft.service.duration_minutes
    reach = window.padded(before=0, after=minutes)
    free = ~diary.busy((provider.id, draft.patient.id), reach) & bitmap.full(reach)
    return bitmap.run_starts(free, minutes) & mask
