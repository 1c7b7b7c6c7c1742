"""The checks of `deskcal doctor`, one function each."""

import importlib.util
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from pathlib import Path

from deskcal.store.zone_data import ZoneData

LEAST_FREE, LITTLE_FREE = 200_000_000, 2_000_000_000
SKEW_SECONDS, BAD_SKEW_SECONDS = 2, 30
PRIVATE = 0o077
COMPILED = ("deskcal", "textual", "litestar", "sqlalchemy")
REMEDIES = {
    "database": "See that PostgreSQL runs and DESKCAL_DATABASE_URL is right; the server tries again.",
    "migrations": "Restart the server: it brings the database to its version first.",
    "feed": "Wait: the server reconnects by itself. If it lasts, see whether PgBouncer stands before LISTEN.",
    "clinics": "If they are not kept apart, as superuser: alter role deskcal_app nosuperuser nobypassrls",
}


class State(StrEnum):
    """How one thing is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was looked at, how it is, and what to do about it."""

    state: State
    what: str
    found: str
    remedy: str = ""


def data_folder(folder: Path) -> Finding:
    """Look at the data folder: one's own, writable, closed to others."""
    if not folder.exists():
        remedy = "deskcal serve makes it. Fine where the server runs on another machine."
        return Finding(state=State.WARN, what="data folder", found=f"{folder} is not there", remedy=remedy)
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        remedy = f"Become its owner, or: chown {os.geteuid()} {folder}"
        return Finding(state=State.FAIL, what="data folder", found=f"{folder} is not writable", remedy=remedy)
    secrets = [folder / name for name in ("secret.key", "ops.token", "server.json", "login.json")]
    loose = [path for path in secrets if path.exists() and path.stat().st_mode & PRIVATE]
    if loose:
        remedy = f"chmod 600 {' '.join(str(path) for path in loose)}"
        found = "others can read the secrets"
        return Finding(state=State.FAIL, what="data folder", found=found, remedy=remedy)
    return Finding(state=State.OK, what="data folder", found=str(folder))


def free_on(place: Path) -> int:
    """Ask how many bytes are free on a disk."""
    return shutil.disk_usage(place).free


def disk(folder: Path, free_on: Callable[[Path], int] = free_on) -> Finding:
    """Look at the room on the data folder's disk."""
    place = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    free = free_on(place)
    state = State.FAIL if free < LEAST_FREE else State.WARN if free < LITTLE_FREE else State.OK
    remedy = (
        "" if state is State.OK else f"Make room on the disk of {place}; without it nothing can be booked."
    )
    return Finding(state=state, what="disk", found=f"{free // 1_000_000:,} MB free", remedy=remedy)


def server(url: str, status: int) -> Finding:
    """Look at the answer of /healthz."""
    if status == 200:  # noqa: PLR2004  its HTTP meaning
        return Finding(state=State.OK, what="server", found=url)
    remedy = "See that the address is that of a deskcal server, and nothing stands in between."
    return Finding(state=State.FAIL, what="server", found=f"{url} answered {status}", remedy=remedy)


def part(name: str, found: str) -> Finding:
    """Look at one part of the answer of /readyz."""
    fine = found == "ok"
    return Finding(
        state=State.OK if fine else State.FAIL,
        what=name,
        found=found,
        remedy="" if fine else REMEDIES[name],
    )


def clock(server_date: str | None) -> Finding:
    """Compare the clock of this machine with an HTTP Date header, which has whole seconds."""
    if server_date is None:
        return Finding(state=State.WARN, what="clock", found="the server does not tell the time")
    apart = abs((datetime.now(UTC) - parsedate_to_datetime(server_date)).total_seconds())
    state = State.FAIL if apart > BAD_SKEW_SECONDS else State.WARN if apart > SKEW_SECONDS else State.OK
    remedy = "" if state is State.OK else "Set both clocks by NTP: holds run out by the server's."
    return Finding(state=state, what="clock", found=f"{apart:.0f} s from the server's", remedy=remedy)


def time_zones(copies: Sequence[ZoneData]) -> Finding:
    """See that there is time zone data, and that the copy which is asked first is the newest."""
    if not copies:
        remedy = "Without it no local time is known. Install it: pip install tzdata"
        return Finding(state=State.FAIL, what="time zones", found="no time zone data", remedy=remedy)
    used, newest = copies[0], max((copy.version for copy in copies if copy.version), default=None)
    found = f"{used.version or 'an unknown version'} in {used.place}"
    if newest is not None and (used.version or "") < newest:
        remedy = f"Update {used.place}; it is used before another copy, which is {newest}."
        return Finding(state=State.WARN, what="time zones", found=found, remedy=remedy)
    return Finding(state=State.OK, what="time zones", found=found)


def bytecode() -> Finding:
    """See whether the installed code was compiled, which starts take seconds without."""
    bare = [name for name in COMPILED if not _is_compiled(name)]
    if not bare:
        return Finding(state=State.OK, what="bytecode", found="compiled")
    folder = Path(__file__).parents[2]
    remedy = f"Starts are slow without it. As the owner of the installation: python -m compileall -q {folder}"
    return Finding(state=State.WARN, what="bytecode", found=f"{', '.join(bare)} not compiled", remedy=remedy)


def _is_compiled(package: str) -> bool:
    spec = importlib.util.find_spec(package)
    return bool(spec and spec.cached and Path(spec.cached).exists())
