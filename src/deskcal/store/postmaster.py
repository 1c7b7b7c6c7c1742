"""Reads the lock files that a postmaster leaves, and drops those that would keep the next from starting."""

import re
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # it ships no types


def pid(lock: Path) -> int | None:
    """Read the process id; None where the file is torn or missing."""
    try:
        text = lock.read_text(errors="replace")
    except FileNotFoundError:
        return None
    # A negative number is a postgres without a postmaster, as alive as any other.
    first = re.match(r"-?([1-9]\d{0,8})\n", text)
    return int(first[1]) if first else None


def folder_served(lock: Path) -> Path | None:
    """Name the data folder of the live PostgreSQL in a lock file; None for a dead one or another program."""
    named = pid(lock)
    if named is None:
        return None
    try:
        process = psutil.Process(named)
        words = process.cmdline() if process.name() == "postgres" else []
    except psutil.Error:
        return None
    return Path(words[words.index("-D") + 1]) if "-D" in words else None


def drop_stale(folder: Path, socket_lock: Path) -> None:
    """Remove locks at which PostgreSQL gives up: torn ones, and ones whose process is another program now.

    Call it only when nothing serves the folder. PostgreSQL guards its shared memory besides, by the
    folder's inode, so that a wrong guess cannot let two of them into one folder.
    """
    pid_file = folder / "postmaster.pid"
    for lock in (pid_file, socket_lock):
        named = pid(lock)
        ours_to_judge = lock == pid_file or folder_served(lock) is None
        if ours_to_judge and (named is None or psutil.pid_exists(named)):
            lock.unlink(missing_ok=True)
