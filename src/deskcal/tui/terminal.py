"""The terminal's end: signals to leave by, and a line that was hung up."""

import asyncio
import select
import signal
import sys
from collections.abc import Callable
from contextlib import suppress


def on_signals(leave: Callable[[], object]) -> None:
    """Call `leave` when this process is asked to end, instead of dying with the terminal still raw."""
    loop = asyncio.get_running_loop()
    with suppress(NotImplementedError):
        for number in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, leave)


def is_hung_up() -> bool:
    """Tell whether the terminal is gone; reading from it would spin for ever."""
    if sys.__stdin__ is None or not hasattr(select, "poll"):
        return False
    poll = select.poll()
    with suppress(ValueError, OSError):
        poll.register(sys.__stdin__.fileno(), select.POLLHUP)
    return any(event & (select.POLLHUP | select.POLLERR) for _, event in poll.poll(0))
