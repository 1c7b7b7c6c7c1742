"""Times of day as people type them: `am`, `10-12`, `9:30-11`."""

import re
from collections.abc import Mapping

MinutesOfDay = tuple[int, int]
"""`[from, to)` of the local day."""

DAY_MINUTES = 24 * 60
PARTS: Mapping[str, MinutesOfDay] = {
    "am": (0, 12 * 60),
    "pm": (12 * 60, DAY_MINUTES),
    "eve": (17 * 60, DAY_MINUTES),
}
_CALLED = {"morning": "am", "afternoon": "pm", "evening": "eve"}
_BETWEEN = re.compile(r"(\d{1,2})(?::(\d{2}))?-(\d{1,2})(?::(\d{2}))?")


def read_times(word: str) -> MinutesOfDay | None:
    """Read one word; None if it is no time of day."""
    part = _CALLED.get(word, word)
    if part in PARTS:
        return PARTS[part]
    if (between := _BETWEEN.fullmatch(word)) is None:
        return None
    start, end = (int(between[n]) * 60 + int(between[n + 1] or 0) for n in (1, 3))
    return (start, end) if start < end <= DAY_MINUTES else None


def times_words(times: MinutesOfDay) -> str:
    """Write them: `am`, or `9:30 to 11:00`."""
    named = {span: name for name, span in PARTS.items()}
    return named.get(times) or " to ".join(f"{minute // 60}:{minute % 60:02}" for minute in times)
