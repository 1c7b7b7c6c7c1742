"""Backups: one file with everything in the database at one moment, and what proves it whole."""

import fcntl
import os
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import msgspec
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from deskcal import __version__
from deskcal.store import embedded
from deskcal.store.contents import Table, Tell, contents
from deskcal.store.upkeep import DatabaseRefusal, connected, insist_sees_all, revision

FORMAT = 1
MANIFEST, DUMP = "manifest.json", "database.dump"


class Manifest(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a backup holds. `format` counts the ways to write one; the tables are as of `made_at`."""

    format: int
    deskcal: str
    migration: str
    postgresql: str
    made_at: datetime
    tables: dict[str, Table]


class _Told:
    """Writes on, and tells how much."""

    def __init__(self, file: IO[bytes], tell: Tell) -> None:
        self.file, self.tell = file, tell
        self.written = 0

    def write(self, data: bytes) -> int:
        self.written += len(data)
        self.tell("megabytes", self.written // 1_000_000, None)
        return self.file.write(data)


def back_up(url: str, file: Path, *, tell: Tell) -> Manifest:
    """Write a backup, a zip with a dump of pg_dump's custom format, while the clinic goes on.

    The file has its name once it is whole and on the disk. Raises DatabaseRefusal.
    """
    with connected(url) as connection, connection.transaction():
        connection.execute("set transaction isolation level repeatable read read only")
        insist_sees_all(connection)
        at = revision(connection)
        if at is None:
            raise DatabaseRefusal("There is nothing in this database yet.")
        [(snapshot, version, now)] = connection.execute(
            "select pg_export_snapshot(), current_setting('server_version'), now()"
        ).fetchall()
        manifest = Manifest(
            format=FORMAT,
            deskcal=__version__,
            migration=at,
            postgresql=version,
            made_at=now,
            tables=contents(connection, tell),
        )
        with _written_whole(file) as part, zipfile.ZipFile(part, "w") as archive:
            arguments = ["--format=custom", f"--snapshot={snapshot}"]
            with archive.open(DUMP, "w", force_zip64=True) as dump:
                run("pg_dump", url, arguments, given=None, taken=_Told(dump, tell))
            archive.writestr(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))
    return manifest


@contextmanager
def opened(file: Path) -> Iterator[tuple[Manifest, IO[bytes]]]:
    """Open a backup: what it says of itself, and its dump. Raises DatabaseRefusal for any other file."""
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = msgspec.json.decode(archive.read(MANIFEST), type=Manifest)
            with archive.open(DUMP) as dump:
                yield manifest, dump
    except (zipfile.BadZipFile, KeyError, msgspec.DecodeError) as error:
        raise DatabaseRefusal(f"{file} is no backup of deskcal, or it is damaged ({error}).") from error


def run(
    program: str, url: str, arguments: list[str], *, given: IO[bytes] | None, taken: _Told | None
) -> None:
    """Run a program of PostgreSQL on a database, with one stream into it or out of it."""
    said = conninfo_to_dict(url)
    # What is in the arguments, everybody on the machine can read.
    secret = {"PGPASSWORD": str(said.pop("password"))} if "password" in said else {}
    command: list[str | Path] = [
        embedded.programs() / program,
        *arguments,
        f"--dbname={make_conninfo(**_plain(said))}",
    ]
    with (
        tempfile.TemporaryFile() as words,
        subprocess.Popen(  # noqa: S603  only programs of one PostgreSQL, no shell
            command,
            stdin=subprocess.DEVNULL if given is None else subprocess.PIPE,
            stdout=subprocess.DEVNULL if taken is None else subprocess.PIPE,
            stderr=words,
            env={"PATH": os.defpath, "LC_ALL": "C"} | secret,
        ) as process,
    ):
        try:
            if given is not None and process.stdin is not None:
                shutil.copyfileobj(given, process.stdin)
                process.stdin.close()
            if taken is not None and process.stdout is not None:
                shutil.copyfileobj(process.stdout, taken)
        except BrokenPipeError:
            pass  # it has ended, and says why
        except BaseException:
            process.kill()
            raise
        if process.wait():
            words.seek(0)
            lines = words.read().decode(errors="replace").strip().splitlines()
            raise DatabaseRefusal(
                f"{program} did not go through: {lines[-1] if lines else 'no reason given'}"
            )


def _plain(said: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in said.items()}


@contextmanager
def _written_whole(file: Path) -> Iterator[IO[bytes]]:
    """Write beside a file, for its owner only, and give it the name at the end; one writer at a time."""
    part = file.with_name(f"{file.name}.part")
    descriptor = os.open(part, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as draft:
        try:
            fcntl.flock(draft, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DatabaseRefusal(f"Another backup is being written to {file} just now.") from error
        try:
            draft.truncate()
            yield draft
            draft.flush()
            os.fsync(draft.fileno())
            part.replace(file)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    folder = os.open(file.absolute().parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
