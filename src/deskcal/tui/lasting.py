"""Writing to a terminal that may go away while there is much to write."""

from contextlib import suppress
from typing import IO, Any

from textual.drivers.linux_driver import LinuxDriver


class Output:
    """What is written to: a terminal that is gone takes all there is to write, and shows nothing.

    Textual's writing thread ends at the first error; the desk would then wait for ever for a place in its
    queue, the hold unreleased.
    """

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def write(self, text: str) -> None:
        with suppress(OSError):
            self._file.write(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._file.flush()

    def fileno(self) -> int:
        return self._file.fileno()


class LastingDriver(LinuxDriver):
    """Textual's driver for Linux and macOS, outliving its terminal for as long as it takes to leave."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._file: Any = Output(self._file)
