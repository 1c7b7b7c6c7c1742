"""What a key costs: from its bytes to the end of the update that it caused."""

from collections.abc import Iterator

from benchmarks.desk_stage import CURSOR, GRID, Anchor, Stage, pressed, used
from benchmarks.desk_terminal import SMALL, WIDE, Terminal
from benchmarks.finding import Finding, p95

DEBOUNCE = 0.120
TIMES = 60
PACE = 32_000
ESC = b"\x1b"
VIEWS = ((b"m", rb"free / booked per day"), (b"w", rb"Week \d+ "), (b"d", GRID))
AREAS = ((b"\x1b[18~", rb"\[Patients\]"), (b"\x1bOR", rb"\[Day\]"))
MOVES = ((b"j", CURSOR), (b"k", CURSOR))


def run(stage: Stage, anchor: Anchor) -> Iterator[Finding]:
    """Move, turn, switch, hold, find and resize, while nothing else happens; then while news come in."""
    with stage.tomorrow() as desk:
        moves = pressed(desk, MOVES, TIMES)
        yield anchor.keys("cursor key to paint", moves, 2.5)
        yield _worst(anchor, "  p95", moves, 5)
        days = pressed(desk, [(b"]", GRID), (b"[", GRID)], 14)
        yield anchor.keys("next day, from memory", days[2:], 4)
        pressed(desk, VIEWS, 3)
        yield anchor.keys("switch day, week, month", pressed(desk, VIEWS, 12), 10)
        desk.type(b"m")
        month = pressed(desk, [(b"]", CURSOR), (b"[", CURSOR)], 8)
        yield anchor.keys("next month, from memory", month[2:], 4)
        desk.type(b"d")
        pressed(desk, AREAS, 2)
        yield anchor.keys("switch area", pressed(desk, AREAS, 8), 30)
        yield anchor.keys("open the hold panel", _panels(desk), 15)
        yield anchor.keys("finder, less its debounce of 120 ms", _finder(desk), 8)
        yield anchor.keys("resize", _resized(desk), 35)
        yield _typed_ahead(desk)
        desk.rest(1)
        idle, written = used(desk, 3)
        yield Finding(
            what="idle", figure=f"{idle:.1%} of a core, {written} bytes in 3 s", limit="0.5 %, 0 bytes"
        )
        for events, times, worst in ((100, 6, 10), (500, 6, 10)):
            with stage.flood(events):
                desk.watch(1)
                moves = pressed_in_traffic(desk, TIMES)
            yield anchor.keys(f"cursor key, {events} events a second", moves, times)
            yield _worst(anchor, "  p95", moves, worst)
            desk.rest(1)
        desk.pace = PACE
        with stage.flood(10):
            moves = pressed_in_traffic(desk, TIMES // 3)
        yield anchor.keys("cursor key on a line of 32 kB/s, 10 events a second", moves, 10)


def pressed_in_traffic(desk: Terminal, times: int) -> list[float]:
    """Press cursor keys while the terminal never rests."""
    took = []
    for n in range(times):
        desk.watch(0.05)
        took.append(desk.key(*MOVES[n % 2]))
    return took


def _worst(anchor: Anchor, what: str, took: list[float], times: float) -> Finding:
    limit, found = times * anchor.key, p95(took)
    return Finding(
        what=what,
        figure=f"{found * 1000:.1f} ms",
        limit=f"{times:g} Bk = {limit * 1000:.1f} ms",
        ratio=limit / found,
        at_least=1,
    )


def _panels(desk: Terminal) -> list[float]:
    took = []
    for _ in range(6):
        desk.rest()
        took.append(desk.key(b"\r", rb"HOLD "))
        desk.rest()
        desk.key(ESC, GRID)
        desk.rest()
        desk.type(b"R")  # the feed is played: it does not tell that the slot is free again
    return took[1:]


def _finder(desk: Terminal) -> list[float]:
    desk.rest()
    desk.key(b"/", rb"Find a patient|Patient")
    desk.rest()
    desk.key(b"patient ", rb"> Patient")
    took = pressed(desk, [(b"1", rb"> Patient 1"), (b"\x7f", rb"> Patient")], 8)
    desk.key(ESC, GRID + rb"|\[Day\]")
    desk.rest()
    return [seconds - DEBOUNCE for seconds in took]


def _resized(desk: Terminal) -> list[float]:
    took = []
    for size, seen in ((SMALL, rb"Clinic 0/Bench"), (WIDE, rb"deskcal  Clinic 0 / Bench")) * 3:
        desk.rest()
        took.append(desk.resized(size, seen))
    return took


def _typed_ahead(desk: Terminal) -> Finding:
    kept, tries = 0, 12
    for n in range(tries):
        desk.rest()
        text = f"kept {n}".encode()
        desk.type(b":" + text)
        desk.rest()
        kept += text in desk.shown
        desk.key(ESC, CURSOR)
    return Finding(
        what="text behind a dialog's key in one write",
        figure=f"{kept} of {tries} kept",
        limit="all",
        ratio=kept / tries,
        at_least=1,
    )
