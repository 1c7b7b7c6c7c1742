"""The desk on a real terminal, in ratios to a bare Textual app (B, and Bk from a key to its paint).

All figures are of one run; the load of the machine stands on top. ikhal is no anchor: 0.14.1 does not start
with the urwid of today.
"""

import os
from collections.abc import Iterator

from benchmarks import desk_keys, desk_news, desk_start
from benchmarks.desk_stage import staged
from benchmarks.finding import Finding
from deskcal.store.embedded import Cluster


def run(cluster: Cluster) -> Iterator[Finding]:
    """Start it, type, let news come in, and end it."""
    with staged(cluster) as stage:
        yield Finding(
            what="the machine meanwhile",
            figure=f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()}",
            limit="",
        )
        anchor, found = desk_start.measured(stage)
        yield from found
        yield from desk_keys.run(stage, anchor)
        yield from desk_news.run(stage, anchor)
        yield from desk_start.ended(stage)
