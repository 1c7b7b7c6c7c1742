"""How the desk starts and how it ends, by turns with the bare app."""

import signal
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

import httpx

from benchmarks.desk_stage import GRID, LIVE, Anchor, Stage, limited, pressed
from benchmarks.desk_terminal import RESTORED, Terminal
from benchmarks.finding import Finding

ROUNDS, ENDINGS = 9, 5
FRAME = rb"Connecting to the server|Loading"


def measured(stage: Stage) -> tuple[Anchor, list[Finding]]:
    """Start bare app and desk by turns; the desk with nothing stored, and with the day it showed last."""
    known = stage.folder / "known"
    bare, empty, stored, keys = [], [], [], []
    with stage.desk(known) as desk:
        _until_live(desk)
        desk.end_by(signal.SIGTERM)
    for _ in range(ROUNDS):
        with stage.bare() as app:
            bare.append((app.until(rb"count 0", 0) - app.began, *_still(app)))
            keys += pressed(app, [(b"x", rb"count \d")], 20)
        empty.append(_started(stage, FRAME, None))
        stored.append(_started(stage, GRID, known))
    anchor = Anchor(paint=_middle(bare, 0), cpu=_middle(bare, 1), rss=_middle(bare, 2), key=median(keys))
    return anchor, [*_compared(anchor, empty, stored)]


def _compared(
    anchor: Anchor, empty: Sequence[tuple[float, ...]], stored: Sequence[tuple[float, ...]]
) -> Iterator[Finding]:
    b = anchor.paint
    yield Finding(
        what="B, the bare app",
        figure=f"{b * 1000:.0f} ms, {anchor.cpu * 1000:.0f} ms of CPU, {anchor.rss:.0f} MB",
        limit=f"Bk, its key to paint: {anchor.key * 1000:.1f} ms",
    )
    first = _middle(stored, 0)
    yield limited("first paint of the day, stored", first, 1.5 * b, "1.5 B")
    yield limited("first paint, nothing stored", _middle(empty, 0), 1.3 * b, "1.3 B")
    yield limited("live data on screen", _middle(stored, 1), first + b, "first paint + 1.0 B")
    yield limited("CPU until still", _middle(stored, 2), 2.2 * anchor.cpu, "2.2 B")
    rss = _middle(stored, 3)
    yield Finding(
        what="memory after the start",
        figure=f"{rss:.0f} MB",
        limit=f"1.6 B = {1.6 * anchor.rss:.0f} MB",
        ratio=1.6 * anchor.rss / rss,
        at_least=1,
    )


def _middle(rows: Sequence[tuple[float, ...]], column: int) -> float:
    return median(row[column] for row in rows)


def _started(stage: Stage, first: bytes, folder: Path | None) -> tuple[float, float, float, float]:
    """Give the seconds to the first paint, to live data and of processor until still, and the memory."""
    with stage.desk(folder) as desk:
        painted = desk.until(first, 0) - desk.began
        live = _until_live(desk) - desk.began
        return painted, live, *_still(desk)


def _until_live(desk: Terminal) -> float:
    return max(desk.until(LIVE, 0), desk.until(GRID, 0))


def _still(terminal: Terminal) -> tuple[float, float]:
    terminal.rest(0.7)
    return terminal.cpu, terminal.rss


def ended(stage: Stage) -> Iterator[Finding]:
    """End it by each signal while it holds a slot: the terminal is to be restored and the slot free again."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        took, good = [], 0
        for _ in range(ENDINGS):
            with stage.tomorrow() as desk:
                desk.key(b"\r", rb"Held for you")
                took.append(desk.end_by(number))
                good += RESTORED in desk.shown[-2000:] and not _held(stage)
        yield limited(
            f"end on {number.name}",
            median(took),
            0.5,
            "",
            also=f", restored and released {good} of {ENDINGS}",
        )


def _held(stage: Stage) -> bool:
    day = stage.at(0).date()
    answer = httpx.get(
        f"{stage.url}/v1/calendar/day",
        params={"date": f"{day}"},
        headers={"Authorization": f"Bearer {stage.token}"},
    )
    lanes = answer.raise_for_status().json()["providers"]
    return any(slot.get("heldBy") == "Bench" for lane in lanes for slot in lane["timeslots"])
