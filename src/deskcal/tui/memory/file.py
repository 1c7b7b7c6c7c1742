"""The file that the desks of one person on one machine remember in."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

NAME = "desk.sqlite3"
PRINTED = "desk-queue.txt"
VERSION = 1
BUSY_SECONDS = 1.0
CACHE_KB = 256
_TABLES = f"""
begin immediate;
create table if not exists views (
    scope text, kind text, key text, as_of real not null, body blob not null, primary key (scope, kind, key)
);
create table if not exists drafts (id text primary key, scope text not null, body blob not null);
create table if not exists intents (
    id text primary key, scope text not null, state text not null, body blob not null
);
create table if not exists settings (scope text, name text, value text not null, primary key (scope, name));
pragma user_version = {VERSION};
commit;
"""


class NotKept(Exception):
    """The file takes nothing more; `str()` says why, for people."""


def remembering(folder: Path) -> tuple[sqlite3.Connection, str]:
    """Open the file of a folder; the words, if any, say what became of the one that was there.

    A file that is broken, or of a newer deskcal, is set aside. Where none can be written the desk remembers
    until it ends. Every statement is a transaction of its own, so threads may share the connection.
    """
    path = folder / NAME
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        return (
            forgetting(),
            f"Drafts last only until the desk ends: {path} cannot be written ({error.strerror}).",
        )
    try:
        return _opened(path), ""
    except sqlite3.DatabaseError as error:
        aside = _set_aside(path)
        words = f"What this desk remembered could not be read ({error}); it lies in {aside.name} now."
        return _opened(path), words


def forgetting() -> sqlite3.Connection:
    """Open a memory that ends with the desk."""
    return _prepared(sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False))


def wipe(folder: Path) -> bool:
    """Forget everything, for all desks of this folder; answers whether there was anything."""
    found = [*folder.glob(f"{NAME}*"), *folder.glob(PRINTED)]
    for path in found:
        path.unlink(missing_ok=True)
    return bool(found)


@contextmanager
def alone(folder: Path | None) -> Iterator[bool]:
    """Be the only desk of a folder that sends its queue; False while another does. A killed one lets go."""
    if folder is None:
        yield True
        return
    descriptor = os.open(folder / f"{NAME}-sending", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        with suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield True
            return
        yield False
    finally:
        os.close(descriptor)


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("pragma journal_mode = wal")
        return _prepared(connection)
    except sqlite3.DatabaseError:
        connection.close()
        raise


def _prepared(connection: sqlite3.Connection) -> sqlite3.Connection:
    connection.execute("pragma synchronous = normal")
    connection.execute("pragma secure_delete = on")
    connection.execute(f"pragma cache_size = -{CACHE_KB}")
    [version] = connection.execute("pragma user_version").fetchone()
    if version > VERSION:
        raise sqlite3.DatabaseError("a newer deskcal wrote it")
    if version < VERSION:
        connection.executescript(_TABLES)
    return connection


def _set_aside(path: Path) -> Path:
    aside = path.with_name(f"{path.name}.unread")
    for ending in ("-wal", "-shm", ""):
        with suppress(FileNotFoundError):
            path.with_name(path.name + ending).replace(aside.with_name(aside.name + ending))
    return aside
