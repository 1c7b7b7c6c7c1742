"""What news cost: from the frame that the feed sends to the paint, and over a day of work."""

import time
from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any

import httpx

from benchmarks.desk_feed import slot_event
from benchmarks.desk_stage import GRID, LANES, ROWS, TOP, Anchor, Stage, used
from benchmarks.desk_terminal import Terminal
from benchmarks.finding import Finding, p95
from benchmarks.town import PROVIDER, SERVICE
from deskcal.core.slot import slot_id

HELD = (rb"~\d:\d\d D8", rb"~\d:\d\d D9")
SINGLE, COUNTDOWNS = 20, 24
WORKDAY, BATCH = 8 * 3600 * 10, 1000
"""The events of eight hours at ten a second, and how many of them are sent at once."""


def run(stage: Stage, anchor: Anchor) -> Iterator[Finding]:
    """One event, a hundred at once, a hundred a second, and a day's worth; then countdowns."""
    with stage.tomorrow() as desk:
        took, written = zip(*(_one(stage, desk, n) for n in range(SINGLE)), strict=True)
        yield anchor.keys("one event to paint", took, 2)
        yield anchor.keys("  p95", [p95(took)], 4)
        yield _bytes("bytes of one event", median(written), 700)
        at_once = []
        for n in range(6):
            desk.rest()
            at_once.append(_painted(stage, desk, stage.news(99, n), n))
        yield anchor.keys("100 events at once, all painted", at_once, 15)
        yield _bytes("bytes of a new day", _new_day(desk), 30_000)
        with stage.flood(100):
            desk.watch(1)
            share, _ = used(desk, 5)
        yield _share("CPU at 100 events a second", share, 0.20)
        desk.rest(1)
        yield from _workday(stage, desk, anchor)
    with stage.tomorrow() as desk:
        _hold_many(stage)
        desk.type(b"R")
        desk.watch(1.5)
        share, _ = used(desk, 5)
        yield _share(f"{COUNTDOWNS} countdowns", share, 0.015)


def _one(stage: Stage, desk: Terminal, n: int) -> tuple[float, int]:
    """Give the seconds until an event was painted, and the bytes of that."""
    desk.rest()
    since = len(desk.shown)
    return _painted(stage, desk, [], n), len(desk.shown) - since


def _painted(stage: Stage, desk: Terminal, news: Sequence[dict[str, Any]], n: int) -> float:
    """Send news, and one event behind them; gives the seconds until that one was painted."""
    last = slot_event(stage.town, 5, stage.at(TOP + n % ROWS), "reserved", by=f"Desk {8 + n % 2}")
    since, began = len(desk.shown), time.perf_counter()
    stage.feed.tell([*news, last])
    return desk.until(HELD[n % 2], since) - began


def _new_day(desk: Terminal) -> int:
    desk.rest(1)
    since = len(desk.shown)
    desk.key(b"]", GRID)
    desk.rest()
    written = len(desk.shown) - since
    desk.key(b"[", GRID)
    desk.rest()
    return written


def _workday(stage: Stage, desk: Terminal, anchor: Anchor) -> Iterator[Finding]:
    """Send the events of a day as fast as they are painted; memory is looked at twice."""
    sizes = []
    for _ in range(2):
        for n in range(WORKDAY // BATCH // 2):
            _painted(stage, desk, stage.news(BATCH - 1, n), n)
        desk.rest()
        sizes.append(desk.rss)
    yield Finding(
        what=f"memory after {WORKDAY:,} events, as in 8 h at 10 a second",
        figure=f"{sizes[1]:.0f} MB, after half of them {sizes[0]:.0f} MB",
        limit=f"1.8 B = {1.8 * anchor.rss:.0f} MB",
        ratio=1.8 * anchor.rss / sizes[1],
        at_least=1,
    )


def _hold_many(stage: Stage) -> None:
    with httpx.Client(base_url=stage.url, headers={"Authorization": f"Bearer {stage.token}"}) as caller:
        for n in range(COUNTDOWNS):
            lane, row = n % LANES, TOP + 2 + n // LANES
            provider, service = stage.town.ident(PROVIDER, lane), stage.town.ident(SERVICE, 0)
            wish = {
                "providerId": str(provider),
                "serviceId": str(service),
                "timeslotId": slot_id(provider, service, stage.at(row)),
                "clientId": "Desk 9",
            }
            caller.post("/v1/reservations", json=wish).raise_for_status()


def _bytes(what: str, written: float, most: int) -> Finding:
    return Finding(what=what, figure=f"{written:,.0f}", limit=f"{most:,}", ratio=most / written, at_least=1)


def _share(what: str, share: float, most: float) -> Finding:
    return Finding(
        what=what, figure=f"{share:.1%} of a core", limit=f"{most:.1%}", ratio=most / share, at_least=1
    )
