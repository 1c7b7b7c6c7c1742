"""The data folder: its lock, its secrets, and where the running server can be reached."""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

SIGN_IN = "login.json"


class FolderInUse(Exception):
    """Another server runs on this folder; `str()` says which and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a server answers, and the ops token to talk to it with."""

    url: str
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """The session that `deskcal login` began: an access token, and the refresh token for the next pair."""

    url: str
    token: str
    refresh: str


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Be the only server on a folder; a killed one leaves no lock behind. Raises FolderInUse."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "serve.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            running = read_address(folder)
            where = f" at {running.url}" if running else ""
            raise FolderInUse(
                f"A deskcal server already runs on {folder}{where}. Use that one, stop it, or give this one "
                "another folder with --data-dir."
            ) from error
        yield


def secret_key(folder: Path) -> str:
    """Read the key that signs access tokens, or make it on the first start."""
    return _kept_secret(folder / "secret.key", secrets.token_urlsafe(48))


def ops_token(folder: Path) -> str | None:
    """Read the ops token of an earlier start."""
    path = folder / "ops.token"
    return path.read_text().strip() if path.exists() else None


def keep_ops_token(folder: Path, token: str) -> None:
    _write(folder / "ops.token", token)


def write_address(folder: Path, address: Address) -> None:
    """Leave word for the desk and the command line of this machine."""
    _write(folder / "server.json", json.dumps({"url": address.url, "token": address.token}))


def read_address(folder: Path) -> Address | None:
    """Find the server that runs, or ran, on a folder."""
    try:
        found = json.loads((folder / "server.json").read_text())
        return Address(url=found["url"], token=found["token"])
    except (OSError, ValueError, KeyError):
        return None


def forget_address(folder: Path) -> None:
    (folder / "server.json").unlink(missing_ok=True)


def keep_sign_in(folder: Path, kept: SignIn) -> None:
    """Stay signed in on this machine."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write(folder / SIGN_IN, json.dumps(asdict(kept)))


def read_sign_in(folder: Path) -> SignIn | None:
    """Find out as whom somebody is signed in here."""
    try:
        return SignIn(**json.loads((folder / SIGN_IN).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def forget_sign_in(folder: Path) -> None:
    (folder / SIGN_IN).unlink(missing_ok=True)


def _kept_secret(path: Path, fresh: str) -> str:
    if not path.exists():
        _write(path, fresh)
    return path.read_text().strip()


def _write(path: Path, text: str) -> None:
    """Write a file that only its owner reads; a reader sees the old one or the new one, whole."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    draft.replace(path)
