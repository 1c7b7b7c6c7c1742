"""An appointment to book, what a database holds, and commands that are typed, or killed, on it."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from typing import Any

import psycopg

from deskcal.flows.book import Order
from deskcal.store.contents import contents
from deskcal.store.soundness import faults
from house import House


def quietly(_what: str, _done: int, _total: int | None) -> None:
    """Hear how far it is, and say nothing."""


def order(house: House, hour: int, minute: int = 0, patient: int = 0) -> Order:
    return Order(
        patient_id=house.patients[patient].id,
        provider_id=house.perez.id,
        service_id=house.consult.id,
        start=house.at(hour, minute),
        end=None,
        room_id=None,
        mode=None,
        notes=None,
        seen_at=None,
        overbook_reason=None,
    )


def held(url: str) -> dict[str, Any]:
    """Sum up what a sound database holds."""
    with psycopg.connect(url, autocommit=True) as connection:
        assert faults(connection) == []
        return contents(connection, quietly)


def typed(url: str, words: tuple[str, ...]) -> int:
    """Type a command on a database of one's own; gives the exit code."""
    return _started(url, words).wait()


def killed(url: str, words: tuple[str, ...], seconds: float) -> None:
    """Kill a command as kill -9 does, so long after it was typed."""
    process = _started(url, words)
    with suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
    process.send_signal(signal.SIGKILL)
    process.wait()


def _started(url: str, words: tuple[str, ...]) -> subprocess.Popen[bytes]:
    environment = os.environ | {"DESKCAL_DATABASE_URL": url}
    command = [sys.executable, "-m", "deskcal", "--quiet", *words]
    return subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
