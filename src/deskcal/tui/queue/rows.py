"""The lines of the queue, in the columns that there is room for."""

from deskcal.tui.desk import Desk
from deskcal.tui.lines import WIDEST
from deskcal.tui.memory.drafts import Draft
from deskcal.tui.memory.intents import State
from deskcal.tui.queue.words import Entry, Sorted, about_words, kind_words, next_words, state_words
from deskcal.tui.table_rows import Column, Row

WIDE_COLUMNS = (
    Column(title=" #", width=2),
    Column(title="Saved", width=5),
    Column(title="What", width=8),
    Column(title="", width=40, grows=True),
    Column(title="State", width=28),
    Column(title="Next step", width=17),
)
NARROW_COLUMNS = (
    Column(title=" #", width=2),
    Column(title="Saved", width=5),
    Column(title="What", width=8),
    Column(title="", width=34, grows=True),
    Column(title="State", width=22),
)


def rows(listed: Sorted, desk: Desk, width: int) -> tuple[tuple[Column, ...], list[Row]]:
    """Draw the list for a width."""
    wide = width >= WIDEST
    numbers = {one.id: str(n) for n, one in enumerate(listed.waiting, 1)}
    drawn = [_row(entry, numbers.get(entry.id, ""), desk, wide=wide) for entry in listed.all]
    return (WIDE_COLUMNS if wide else NARROW_COLUMNS), drawn


def _row(entry: Entry, number: str, desk: Desk, *, wide: bool) -> Row:
    mark, look = number.rjust(2), "row"
    if isinstance(entry, Draft):
        mark, look = " d", "quiet"
    elif entry.state is State.NEEDS_YOU:
        mark, look = " !", "alarm"
    elif entry.state is State.DONE:
        mark = "ok"
    saved = f"{desk.local(entry.saved_at):%H:%M}"
    cells = (mark, saved, kind_words(entry), about_words(entry, desk, wide=wide), state_words(entry, desk))
    return Row(key=entry.id, cells=(*cells, next_words(entry)) if wide else cells, look=look)
