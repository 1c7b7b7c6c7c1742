"""The lines that every area has: who, where and when; the areas; the last message."""

from datetime import datetime
from functools import lru_cache

from textual.content import Content

from deskcal.tui.connection import Line, ago
from deskcal.tui.desk import Desk

WIDE = 100
WIDEST = 120


def spread(left: Content, right: Content, width: int) -> Content:
    """Put one text at each end of a line; the left one gives way."""
    room = max(0, width - right.cell_length - 1)
    left = left.truncate(room, ellipsis=True) if left.cell_length > room else left
    return Content.assemble(left, " " * (width - left.cell_length - right.cell_length), right)


def head_line(desk: Desk, width: int) -> Content:
    """Write clinic and desk, the clinic's date and clock with its zone, the connection, queue and filters."""
    now = desk.now()
    local = desk.local(now)
    wide = width >= WIDE
    clinic = desk.clinic.name if desk.clinic else ""
    where = f"deskcal  {clinic} / {desk.name}" if wide else f"{clinic}/{desk.name}"
    clock = f"{local:%a %d %b %Y  %H:%M %Z}" if wide else f"{local:%a %d %b %H:%M %Z}"
    word = desk.connection.word(now, desk.waiting_since)
    good = desk.connection.line is Line.LIVE and word == Line.LIVE
    queue = f"queue {desk.queued}" if wide else f"q{desk.queued}"
    parts = [
        (clock if desk.clinic else "", "bold"),
        (word, "$success" if good else "bold $warning"),
        (queue, "bold $warning" if desk.queued else ""),
        (desk.narrowed or ("no filters" if wide else ""), "$accent"),
    ]
    return _head(where, tuple(parts), width)


@lru_cache(maxsize=8)
def _head(where: str, parts: tuple[tuple[str, str], ...], width: int) -> Content:
    right = Content("  ").join(Content.styled(text, look) for text, look in parts if text)
    return spread(Content.styled(where, "bold"), right, width)


@lru_cache(maxsize=8)
def areas_line(areas: tuple[tuple[str, str], ...], here: str, width: int) -> Content:
    """Write the areas, the one in front in brackets; as initials where there is little room."""
    wide = width >= WIDEST
    names = [
        (f"[{name}]" if area == here else f" {name} ", "bold reverse" if area == here else "")
        for area, name in ((area, name if wide else name[:3]) for area, name in areas)
    ]
    left = Content(" ").join(Content.styled(text, look) for text, look in names)
    return spread(left, Content("F2..F8 switch  / patient  : by words " if wide else ""), width)


def stale_words(desk: Desk, as_of: datetime, *, wide: bool, remembered: bool = False) -> str:
    """Say how old something is: kept true until the line was lost, or remembered from an earlier time."""
    if remembered or not desk.connection.is_offline:
        at = desk.local(as_of)
        when = f"{at:%H:%M}" if at.date() == desk.today else f"{at:%a %d %b %H:%M}"
        return f"as of {when}" if desk.connection.is_offline else f"as of {when}, refreshing"
    true_until = max(as_of, desk.connection.since)
    age = ago((desk.now() - true_until).total_seconds())
    retry = desk.connection.retry_words(desk.now()) if wide else ""
    return f"as of {desk.local(true_until):%H:%M:%S}, {age} old{retry}"


def away_line(desk: Desk, width: int) -> Content:
    """Say since when no server answers, when the next try comes, and what can be done until then."""
    since = desk.local(desk.connection.since)
    words = f"OFFLINE since {since:%H:%M}{desk.connection.retry_words(desk.now())}."
    if width >= WIDE:
        words += " What you decide waits in the queue (F8); nothing is booked yet."
    else:
        words += " Decisions wait in the queue (F8)."
    return Content.styled(words, "bold $warning")


def message_line(desk: Desk) -> Content:
    """Write the last message; it stays until the next."""
    last = desk.said.last
    if last is None:
        return Content("")
    time = f"{desk.local(last.at):%H:%M}" if desk.clinic else ""
    left = last.undo_left(desk.now())
    undo = f" (u undo, {left} s left)" if left else ""
    return Content.styled(
        f"{f'{desk.marks.alarm} ' if last.alarm else 'ok'} {time} {last.shown(private=desk.private)}{undo}",
        "bold $error" if last.alarm else "",
    )
