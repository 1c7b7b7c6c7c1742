import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from shutil import rmtree

import pytest

from deskcal.store import account
from deskcal.store.embedded import ClusterRefusal, prepare, socket_folder

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a disk")


@pytest.fixture
def home() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="deskcal-test-"))
    yield made
    rmtree(made)


@pytest.mark.parametrize(("platform", "longest"), [("linux", 107), ("darwin", 103)])
def test_socket_limit(platform: str, longest: int) -> None:
    """A socket's path may have 107 bytes on Linux and 103 on macOS; umlauts count twice."""
    room = longest - len("//run/.s.PGSQL.5432")
    fits = Path("/" + "ä" * (room // 2) + "a" * (room % 2)) / "postgres"
    assert socket_folder(fits, platform=platform) == fits.parent / "run"
    assert socket_folder(Path(f"/a{fits}"[1:]), platform=platform).parent == Path(tempfile.gettempdir())


def test_windows() -> None:
    """Windows has no sockets for it, and the refusal names the way out."""
    with pytest.raises(ClusterRefusal, match="DESKCAL_DATABASE_URL"):
        socket_folder(Path("postgres"), platform="win32")


def test_unquotable(home: Path) -> None:
    """A path that a shell would change is refused before anything is made."""
    with pytest.raises(ClusterRefusal, match="choose a path without"):
        prepare(home / "$HOME" / "postgres")
    assert not list(home.iterdir())


def test_other_major_version(home: Path) -> None:
    """A folder of PostgreSQL 16 is refused by both numbers, with the way to bring it over."""
    old = home / "postgres"
    account.own(old, "nobody" if os.geteuid() == 0 else None)
    (old / "PG_VERSION").write_text("16\n")
    with pytest.raises(ClusterRefusal, match=r"by PostgreSQL 16, .* brings PostgreSQL 18.*pg_dumpall"):
        prepare(old)


def test_foreign_files(home: Path) -> None:
    """A folder with other files in it is refused and stays as it was."""
    letters = home / "letters"
    letters.mkdir()
    (letters / "letter.txt").write_text("dear patient")
    with pytest.raises(ClusterRefusal, match="no PostgreSQL database"):
        prepare(letters)
    assert [path.name for path in letters.iterdir()] == ["letter.txt"]


@pytest.fixture
def small_disk(home: Path) -> Iterator[Path]:
    disk = home / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=80m", "deskcal", disk], check=False).returncode:
        pytest.skip("this machine does not let tests mount a disk")
    yield disk
    subprocess.run(["umount", disk], check=True)


@root_only
def test_full_disk(small_disk: Path) -> None:
    """A full disk is refused with what PostgreSQL said and the room that is left, and later works again."""
    cluster, filler = prepare(small_disk / "postgres"), small_disk / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(1 << 12)):
            pass
    with pytest.raises(ClusterRefusal, match=r"0 MB are free"):
        cluster.start()
    with pytest.raises(ClusterRefusal, match=r"No space left"):
        prepare(small_disk / "another")
    filler.unlink()
    cluster.start()
    cluster.stop()


@root_only
def test_read_only_disk(small_disk: Path) -> None:
    """A disk that cannot be written is refused by name."""
    cluster = prepare(small_disk / "postgres")
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with pytest.raises(ClusterRefusal, match="Read-only file system"):
        cluster.start()


@root_only
def test_mount_point(small_disk: Path) -> None:
    """A disk mounted as the data folder itself is refused, since no folder can be moved onto it."""
    with pytest.raises(ClusterRefusal, match=f"Mount that disk at {small_disk.parent} instead"):
        prepare(small_disk)
