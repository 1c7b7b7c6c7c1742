import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree

import psutil  # type: ignore[import-untyped]  # it ships no types
import psycopg
import pytest

from deskcal.store import postmaster
from deskcal.store.embedded import LOG_BYTES, Cluster, ClusterRefusal, prepare


@pytest.fixture
def home() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="deskcal-test-"))
    yield made
    for lock in made.rglob("postmaster.pid"):
        if (left := postmaster.pid(lock)) and postmaster.folder_served(lock) == lock.parent:
            os.kill(left, signal.SIGQUIT)
            while postmaster.folder_served(lock):
                pass
    rmtree(made)


@pytest.fixture(scope="module")
def only_one() -> Iterator[Cluster]:
    home = Path(tempfile.mkdtemp(prefix="deskcal-test-"))
    cluster = prepare(home / "praxis mit 'ä'" / "postgres")
    yield cluster
    cluster.stop()
    rmtree(home)


@pytest.fixture
def cluster(only_one: Cluster) -> Cluster:
    only_one.start()
    return only_one


def ask(cluster: Cluster, question: str) -> object:
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        answer = connection.execute(question.encode())
        row = answer.fetchone() if answer.description else None
    return row[0] if row else None


def pid_of(cluster: Cluster) -> int:
    pid = postmaster.pid(cluster.folder / "postmaster.pid")
    assert pid is not None
    return pid


def kill(cluster: Cluster) -> None:
    os.kill(pid_of(cluster), signal.SIGKILL)
    while cluster.running():
        pass


@contextmanager
def foreign_process(cluster: Cluster) -> Iterator[int]:
    with subprocess.Popen(["sleep", "600"], user=cluster.account, cwd="/") as sleeper:
        try:
            yield sleeper.pid
        finally:
            sleeper.kill()


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("show listen_addresses", ""),
        ("show unix_socket_permissions", "0700"),
        ("show timezone", "UTC"),
        ("show server_encoding", "UTF8"),
        ("show data_checksums", "on"),
        ("show max_connections", "200"),
        ("show fsync", "on"),
        ("select 'MÜLLER' ilike 'müller'", True),
    ],
)
def test_settings(cluster: Cluster, question: str, answer: object) -> None:
    """No network, UTC, names in any script, checksums on every page, and every commit reaches the disk."""
    assert ask(cluster, question) == answer


def test_start_adopts(cluster: Cluster) -> None:
    """A second start leaves the running server as it is, and so does preparing its folder again."""
    before = pid_of(cluster)
    cluster.start()
    assert prepare(cluster.folder) == cluster
    assert pid_of(cluster) == before


def test_stop(cluster: Cluster) -> None:
    """Stopping ends it cleanly; stopping again does nothing."""
    assert cluster.running()
    cluster.stop()
    cluster.stop()
    assert not cluster.running()
    assert "database system is shut down" in cluster.log.read_text().splitlines()[-1]


def test_survives_kill(cluster: Cluster) -> None:
    """What was committed is there after kill -9 of PostgreSQL."""
    ask(cluster, "drop table if exists seen")
    ask(cluster, "create table seen as select 42 as answer")
    kill(cluster)
    assert not cluster.running()
    cluster.start()
    assert ask(cluster, "select answer from seen") == 42


@pytest.mark.parametrize("pid_file_lost", [False, True])
def test_waits_for_orphans(cluster: Cluster, *, pid_file_lost: bool) -> None:
    """A session that outlives its killed postmaster holds the start back until it ends."""
    before = cluster.log.stat().st_size
    with psycopg.connect(cluster.url()) as orphan, ThreadPoolExecutor(1) as threads:
        backend = orphan.info.backend_pid
        os.kill(backend, signal.SIGSTOP)
        kill(cluster)
        if pid_file_lost:
            (cluster.folder / "postmaster.pid").unlink()
        starting = threads.submit(cluster.start)
        while b"still in use" not in cluster.log.read_bytes()[before:] and not starting.done():
            pass
        assert not cluster.running()
        os.kill(backend, signal.SIGCONT)
        starting.result(60)
        orphan.close()
    assert cluster.running()


@pytest.mark.parametrize("torn", ["", "12", "ready\n", "\0\0\0\0"])
def test_torn_locks(cluster: Cluster, torn: str) -> None:
    """Lock files that were cut off by a crash are dropped."""
    kill(cluster)
    (cluster.folder / "postmaster.pid").write_text(torn)
    (cluster.socket_dir / ".s.PGSQL.5432.lock").write_text(torn)
    cluster.start()
    assert ask(cluster, "select 1") == 1


def test_recycled_pid(cluster: Cluster) -> None:
    """Lock files whose process id now belongs to another program are dropped; the program is left alone."""
    pid, pid_file = pid_of(cluster), cluster.folder / "postmaster.pid"
    socket_lock = cluster.socket_dir / ".s.PGSQL.5432.lock"
    with foreign_process(cluster) as foreign:
        kill(cluster)
        for lock in (pid_file, socket_lock):
            lock.write_text(lock.read_text().replace(str(pid), str(foreign), 1))
        assert not cluster.running()
        cluster.start()
        assert psutil.pid_exists(foreign)
    assert ask(cluster, "select 1") == 1


def test_two_folders_one_socket(cluster: Cluster) -> None:
    """A second cluster beside the first is refused its socket and does not take it."""
    second = prepare(cluster.folder.with_name("second"))
    with pytest.raises(ClusterRefusal, match=r"already exists(.|\n)*another postmaster"):
        second.start()
    assert ask(cluster, "show data_directory") == str(cluster.folder)


def test_long_log(cluster: Cluster) -> None:
    """A log of more than 10 MB is put aside when the server starts."""
    cluster.stop()
    os.truncate(cluster.log, LOG_BYTES + 1)
    cluster.start()
    assert cluster.log.stat().st_size < LOG_BYTES < cluster.log.with_name("server.log.old").stat().st_size


def test_long_path(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Below a deep folder the socket goes to a short private one, which others find whatever their TMPDIR."""
    deep = prepare(home / ("deep" * 30) / "postgres")
    assert deep.socket_dir.parent == Path(tempfile.gettempdir())
    deep.start()
    assert deep.socket_dir.stat().st_mode & 0o777 == 0o700
    monkeypatch.setattr(tempfile, "tempdir", str(home))
    assert prepare(deep.folder).socket_dir == deep.socket_dir
    assert ask(deep, "select 1") == 1
    deep.stop()
    rmtree(deep.socket_dir)


def test_killed_while_making(home: Path) -> None:
    """A folder whose making was killed half way does not count, and is made anew."""
    folder = home / "postgres"
    with subprocess.Popen([sys.executable, "-c", STARTER, folder], stdout=subprocess.DEVNULL) as maker:
        while not list(home.glob(".postgres.half-made-*/*")) and maker.poll() is None:
            pass
        maker.kill()
    assert not folder.exists()
    prepare(folder).start()
    assert not list(home.glob(".postgres.half-made-*"))


STARTER = """
import sys
from pathlib import Path
from deskcal.store.embedded import prepare
cluster = prepare(Path(sys.argv[1]))
cluster.start()
print(cluster.url())
"""


def test_processes_start_together(home: Path) -> None:
    """Of four processes that begin at once, all come back with the one same server."""
    folder = home / "postgres"
    starters = [
        subprocess.Popen([sys.executable, "-c", STARTER, folder], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    urls = {starter.communicate(timeout=60)[0] for starter in starters}
    cluster = prepare(folder)
    assert urls == {cluster.url() + "\n"}
    assert cluster.log.read_text().count("ready to accept connections") == 1


def test_threads_start_together(cluster: Cluster) -> None:
    """Of eight threads that begin at once, all come back with the one same server."""
    cluster.stop()
    before = cluster.log.read_text().count("ready to accept connections")
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: cluster.start(), range(8)))
    assert cluster.log.read_text().count("ready to accept connections") == before + 1
