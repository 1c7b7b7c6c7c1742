"""Dates as people type them: `tom`, `+2w`, `fri`, `3 dec`, `12/3`, or ISO."""

import re
from calendar import day_name, month_name, monthrange
from datetime import date, timedelta

_WEEKDAYS = [day.lower() for day in day_name]
_MONTHS = [month.lower() for month in month_name[1:]]
_SHORTEST = 3


class NotADate(ValueError):
    """It cannot be read; `str()` says which part, and what would do."""


def read_day(text: str, today: date) -> date:
    """Read a day to go to. A day without a year is the next one, `12/3` is month/day. Raises NotADate."""
    words = text.strip().lower()
    if relative := _relative(words, today):
        return relative
    year, month, day = _parts(words)
    if year is not None:
        return _made(year, month, day, text)
    this_year = _made(today.year if (month, day) != (2, 29) else _leap(today.year), month, day, text)
    return this_year if this_year >= today else _made(_following(this_year), month, day, text)


def read_birth(text: str, today: date) -> date:
    """Read a birth date, which needs a year; two digits mean the last hundred years. Raises NotADate."""
    year, month, day = _parts(text.strip().lower())
    if year is None:
        raise NotADate(f"A birth date needs its year: {text.strip()} 1984, or 1984-03-12.")
    born = _made(year, month, day, text)
    return born if born <= today else _made(year - 100, month, day, text)


def _relative(words: str, today: date) -> date | None:
    if words in {"t", "today", "now"}:
        return today
    if len(words) >= _SHORTEST and "tomorrow".startswith(words):
        return today + timedelta(days=1)
    if len(words) >= _SHORTEST and "yesterday".startswith(words):
        return today - timedelta(days=1)
    if step := re.fullmatch(r"([+-]\d{1,3})\s*([dwmy]?)", words):
        return _stepped(today, int(step[1]), step[2])
    for number, weekday in enumerate(_WEEKDAYS):
        if len(words) >= _SHORTEST - 1 and weekday.startswith(words):
            return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
    return None


def _stepped(today: date, count: int, unit: str) -> date:
    if unit in {"", "d", "w"}:
        return today + timedelta(days=count * (7 if unit == "w" else 1))
    months = today.year * 12 + today.month - 1 + count * (12 if unit == "y" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def _parts(words: str) -> tuple[int | None, int, int]:
    if iso := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", words):
        return int(iso[1]), int(iso[2]), int(iso[3])
    if slashed := re.fullmatch(r"(\d{1,2})/(\d{1,2})(?:/(\d{2}|\d{4}))?", words):
        return _year(slashed[3]), int(slashed[1]), int(slashed[2])
    if named := re.fullmatch(r"(\d{1,2})[. ]*([a-z]{3,})(?:[ ,]+(\d{2}|\d{4}))?", words):
        return _year(named[3]), _month(named[2]), int(named[1])
    if named := re.fullmatch(r"([a-z]{3,})[. ]*(\d{1,2})(?:[ ,]+(\d{2}|\d{4}))?", words):
        return _year(named[3]), _month(named[1]), int(named[2])
    raise NotADate(f'"{words}" is not a date. Try tom, fri, +2w, 3 dec, 12/3 or 2026-03-12.')


def _year(digits: str | None) -> int | None:
    if digits is None:
        return None
    return int(digits) if len(digits) > len("25") else 2000 + int(digits)


def _month(word: str) -> int:
    for number, month in enumerate(_MONTHS, 1):
        if month.startswith(word):
            return number
    raise NotADate(f'"{word}" is not a month.')


def _made(year: int, month: int, day: int, text: str) -> date:
    if not 1 <= month <= len(_MONTHS):
        swapped = f" Did you mean {year}-{day:02}-{month:02}?" if 1 <= day <= len(_MONTHS) else ""
        raise NotADate(f'"{month}" is not a month in {text.strip()}.{swapped}')
    if not 1 <= day <= monthrange(year, month)[1]:
        raise NotADate(f"{_MONTHS[month - 1].title()} {year} has no day {day}.")
    return date(year, month, day)


def _following(day: date) -> int:
    return _leap(day.year + 1) if (day.month, day.day) == (2, 29) else day.year + 1


def _leap(year: int) -> int:
    return next(y for y in range(year, year + 9) if monthrange(y, 2)[1] == 29)  # noqa: PLR2004  leap day
