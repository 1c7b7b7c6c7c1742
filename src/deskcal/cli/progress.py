"""Progress of long work on stderr: bars with a rate and an estimate on a terminal, single lines elsewhere."""

import sys
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from deskcal.cli.options import Options


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text("" if task.speed is None else f"{task.speed:.0f}/s")


class Bars:
    """A bar for each thing that is worked on; without a terminal a line when it is done."""

    def __init__(self, options: Options, *, done: str = "made") -> None:
        self._options = options
        self._done = done
        self._live = sys.stderr.isatty() and not options.quiet
        self._bars: dict[str, TaskID] = {}
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            _Rate(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            disable=not self._live,
        )

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def tell(self, what: str, done: int, total: int | None) -> None:
        """Say how far it is; `what` is a plural, and the total may be known only at the end."""
        if what not in self._bars:
            self._bars[what] = self._progress.add_task(what, total=total)
        self._progress.update(self._bars[what], completed=done, total=total)
        if done == total and not self._live:
            self._options.say(f"{total} {what} {self._done}")
