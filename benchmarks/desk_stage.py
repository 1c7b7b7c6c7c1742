"""What the desk is measured with: a server, a feed that is played, terminals, and the bare app."""

import asyncio
import itertools
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.caller import front_desk
from benchmarks.desk_feed import Feed, feeding, slot_event
from benchmarks.desk_terminal import Terminal
from benchmarks.finding import Finding
from benchmarks.serving import deskcal_serving
from benchmarks.town import Town, settle
from deskcal.store.embedded import Cluster

LANES, BOOKED = 12, 16
FRAMES_A_SECOND = 10
GRID, LIVE = rb"12 providers", rb"LIVE"
CURSOR = rb"m\[(?! prev)"
HOME, ZONE = b"\x1b[H", ZoneInfo("America/New_York")
TOP, ROWS = 6, 14
"""From this half-hour of the day on there are so many free ones that a tall terminal shows from midnight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """What the bare app takes: seconds to its first paint, of processor, and from key to paint; megabytes."""

    paint: float
    cpu: float
    rss: float
    key: float

    def keys(self, what: str, took: Sequence[float], times: float) -> Finding:
        """Compare the median with so many of the bare app's keys."""
        return limited(what, median(took), times * self.key, f"{times:g} Bk")


def limited(what: str, seconds: float, limit: float, name: str, *, also: str = "") -> Finding:
    """Say how long something took, and whether that is within its limit."""
    return Finding(
        what=what,
        figure=f"{seconds * 1000:.1f} ms{also}",
        limit=f"{name} = {limit * 1000:.1f} ms",
        ratio=limit / seconds,
        at_least=1,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One clinic of twelve providers and 576 half-hours a day, a third of them booked."""

    town: Town
    url: str
    feed: Feed
    token: str
    folder: Path
    _folders: Iterator[int]

    def bare(self) -> Terminal:
        return Terminal([sys.executable, "-m", "benchmarks.desk_bare"], {})

    def desk(self, folder: Path | None = None) -> Terminal:
        """Open a desk, which remembers nothing unless it is given a folder."""
        place = folder or self.folder / str(next(self._folders))
        place.mkdir(exist_ok=True)
        return Terminal(
            [
                sys.executable,
                "-m",
                "benchmarks.desk_fed",
                self.url,
                self.feed.url,
                self.token,
                str(place),
            ],
            {},
        )

    @contextmanager
    def tomorrow(self) -> Iterator[Terminal]:
        """Open a desk that shows tomorrow from midnight on, with the neighbouring days in memory."""
        with self.desk() as desk:
            desk.until(LIVE, 0)
            desk.until(GRID, 0)
            for keys in (b"]", HOME, b"j" * TOP):
                desk.rest()
                desk.type(keys)
            desk.rest(1)
            yield desk

    def at(self, row: int) -> datetime:
        """Give the time of a row of tomorrow."""
        midnight = datetime.now(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight + timedelta(days=1, minutes=30 * row)

    def news(self, count: int, seed: int) -> list[dict[str, Any]]:
        """Make up events all over the rows in view, but not where the cursor moves."""
        held = bool(seed % 2)
        return [
            slot_event(
                self.town,
                2 + (seed * 7 + n) % (LANES - 2),
                self.at(TOP + 2 + (seed + n) % (ROWS - 2)),
                "reserved" if held else "available",
                by="Desk 7" if held else None,
            )
            for n in range(count)
        ]

    @contextmanager
    def flood(self, per_second: int) -> Iterator[None]:
        """Send so many events a second until the end of the block, ten frames a second as the server does."""
        over = threading.Event()

        def send() -> None:
            for seed in itertools.count():
                self.feed.tell(self.news(per_second // FRAMES_A_SECOND, seed))
                if over.wait(1 / FRAMES_A_SECOND):
                    break

        sending = threading.Thread(target=send)
        sending.start()
        yield
        over.set()
        sending.join()


@contextmanager
def staged(cluster: Cluster) -> Iterator[Stage]:
    """Serve the clinic, play its feed, and clean up."""
    town = settle(cluster, "desk", clinics=1, providers=LANES, daily=LANES * BOOKED, ahead=-1)
    token = asyncio.run(front_desk(town))["API key"]
    folder = Path(tempfile.mkdtemp(prefix="deskcal-benchmarks-"))
    try:
        with deskcal_serving(town.plan()) as port, feeding() as feed:
            yield Stage(
                town=town,
                url=f"http://127.0.0.1:{port}",
                feed=feed,
                token=token,
                folder=folder,
                _folders=itertools.count(),
            )
    finally:
        shutil.rmtree(folder)


def pressed(terminal: Terminal, keys: Sequence[tuple[bytes, bytes]], times: int) -> list[float]:
    """Press keys by turns, each after a rest; gives the seconds to their patterns."""
    took = []
    for key, pattern in itertools.islice(itertools.cycle(keys), times):
        terminal.rest(0.08)
        took.append(terminal.key(key, pattern))
    return took


def used(terminal: Terminal, seconds: float) -> tuple[float, int]:
    """Watch it work: gives the share of a processor and the bytes that it wrote."""
    cpu, began = terminal.cpu, time.perf_counter()
    written = terminal.watch(seconds)
    return (terminal.cpu - cpu) / (time.perf_counter() - began), written
