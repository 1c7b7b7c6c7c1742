import os
import pwd
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # it ships no types
import psycopg
import pytest

from deskcal.store import account, postmaster
from deskcal.store.embedded import Cluster, ClusterRefusal, prepare

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as other users")


@pytest.fixture
def home() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="deskcal-test-"))
    yield made
    shutil.rmtree(made)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def as_nobody(act: Callable[[], object]) -> str:
    """Do it in a forked child, which needs no Python that nobody could start; tell what came of it."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        told = "done"
        try:
            os.setgroups([])
            os.setgid(pwd.getpwnam("nobody").pw_gid)
            os.setuid(pwd.getpwnam("nobody").pw_uid)
            act()
        except BaseException as error:  # noqa: BLE001  the parent judges it
            told = f"{type(error).__name__}: {error}"
        os.write(writing, told.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        told = answer.read()
    os.waitpid(child, 0)
    return told


def live_a_day(folder: Path) -> None:
    cluster = prepare(folder)
    assert cluster.account is None
    cluster.start()
    with psycopg.connect(cluster.url()) as connection:
        connection.execute("select 1")
    cluster.stop()


def test_root_lends_an_account(home: Path) -> None:
    """Started by root, PostgreSQL runs as another, who gets its folders and the bare right to reach them."""
    above = home / "data"
    above.mkdir(mode=0o750)
    cluster = prepare(above / "postgres")
    cluster.start()
    try:
        pid = postmaster.pid(cluster.folder / "postmaster.pid")
        assert cluster.account in account.CANDIDATES
        assert (
            psutil.Process(pid).username()
            == cluster.folder.owner()
            == cluster.socket_dir.owner()
            == cluster.account
        )
        assert (mode(home), mode(above)) == (0o701, 0o751)
        assert (mode(cluster.folder), mode(cluster.socket_dir)) == (0o700, 0o700)
        with psycopg.connect(cluster.url()) as connection:
            assert connection.info.status is psycopg.pq.ConnStatus.OK
    finally:
        cluster.stop()


def test_run_sheds_groups() -> None:
    """A program run as an account has none of root's groups."""
    before = os.getgroups()
    os.setgroups([*before, 4])
    try:
        assert account.run("nobody", "id", "-G").stdout.split() == [str(pwd.getpwnam("nobody").pw_gid)]
    finally:
        os.setgroups(before)


def test_ordinary_user(home: Path) -> None:
    """An ordinary user makes, starts and stops a cluster as themself; root then runs it as that user."""
    os.chown(home, pwd.getpwnam("nobody").pw_uid, -1)
    assert as_nobody(lambda: live_a_day(home / "postgres")) == "done"
    adopted = prepare(home / "postgres")
    assert adopted.account == "nobody"
    adopted.start()
    adopted.stop()


def test_read_only_folder(home: Path) -> None:
    """A folder that the user may not write is refused by name."""
    home.chmod(0o755)
    told = as_nobody(lambda: prepare(home / "postgres"))
    assert told.startswith(f"ClusterRefusal: deskcal cannot keep its database in {home}")
    assert "Permission denied" in told


def test_somebody_elses_folder(home: Path) -> None:
    """A user is told whose folder it is and as whom to run."""
    home.chmod(0o777)
    prepared(home)
    (home / "postgres.lock").chmod(0o666)
    told = as_nobody(lambda: prepare(home / "postgres"))
    assert told.endswith("belongs to daemon. Run deskcal as that user, or as root.")


def prepared(home: Path) -> Cluster:
    (home / "postgres").mkdir()
    shutil.chown(home / "postgres", "daemon")
    return prepare(home / "postgres")


def test_cluster_of_root(home: Path) -> None:
    """A cluster that root owns, as after a careless restore, is refused with the command that mends it."""
    folder = prepared(home).folder
    shutil.chown(folder, "root")
    with pytest.raises(ClusterRefusal, match=f"chown -R postgres {folder}"):
        prepare(folder)


def test_owner_without_a_name(home: Path) -> None:
    """A folder from another machine, whose owner is unknown here, is refused with the number to use."""
    (home / "postgres").mkdir()
    os.chown(home / "postgres", 54321, -1)
    with pytest.raises(ClusterRefusal, match="useradd --system --uid 54321"):
        prepare(home / "postgres")


def test_unreadable_programs(home: Path) -> None:
    """Programs that the account may not run are refused by name, and their mode is left alone."""
    program = home / "bin" / "postgres"
    program.parent.mkdir()
    program.touch(mode=0o700)
    with pytest.raises(ClusterRefusal, match=rf"cannot run {program}: .*Permission denied"):
        prepare(home / "postgres", binaries=program.parent)
    assert mode(program) == 0o700


@pytest.mark.parametrize("owner", ["daemon", "root"])
def test_socket_folder_of_others(home: Path, owner: str) -> None:
    """A socket folder that is somebody else's, or root's for all to see, is neither used nor changed."""
    cluster = prepare(home / "postgres")
    cluster.socket_dir.mkdir()
    cluster.socket_dir.chmod(0o755)
    shutil.chown(cluster.socket_dir, owner)
    with pytest.raises(ClusterRefusal, match=f"{cluster.socket_dir} belongs to {owner}"):
        cluster.start()
    assert (cluster.socket_dir.owner(), mode(cluster.socket_dir)) == (owner, 0o755)


def test_socket_folder_is_a_link(home: Path) -> None:
    """A link in the socket folder's place is refused."""
    cluster = prepare(home / "postgres")
    cluster.socket_dir.symlink_to(cluster.folder)
    with pytest.raises(ClusterRefusal, match="Not a directory"):
        cluster.start()
