"""`deskcal --help` beside a bare Typer app with two commands."""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence

from benchmarks.finding import Finding, interleaved

ROUNDS = 15
AIM = 0.67
BARE = """
import typer
app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
@app.command()
def hello() -> None: pass
@app.command()
def goodbye() -> None: pass
app()
"""


def run() -> Iterator[Finding]:
    """Start both in turns."""
    ours, bare, ratio = interleaved(
        lambda: _seconds(["-m", "deskcal", "--help"]),
        lambda: _seconds(["-c", BARE, "--help"]),
        rounds=ROUNDS,
    )
    yield Finding(
        what="deskcal --help",
        figure=f"{ours * 1000:.0f} ms",
        limit=f"a bare Typer app: {bare * 1000:.0f} ms",
        ratio=1 / ratio,
        at_least=AIM,
    )


def _seconds(words: Sequence[str]) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, *words], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start
