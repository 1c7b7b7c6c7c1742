"""Whom PostgreSQL runs as: it refuses root, so root lends it an account and only the folders it needs."""

import os
import stat
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

if sys.platform != "win32":
    import pwd

CANDIDATES = ("deskcal", "postgres", "nobody")


def choose(folder: Path) -> str | None:
    """Name the owner of the data folder, else the first candidate there is; None unless this is root.

    Raises PermissionError with a sentence for operators where nobody fits.
    """
    me = os.geteuid()
    owner = folder.stat().st_uid if folder.exists() else me
    if me not in {0, owner}:
        raise PermissionError(f"{folder} belongs to {_name(owner)}. Run deskcal as that user, or as root.")
    if me != 0:
        return None
    if owner != 0:
        return _name(owner)
    if (folder / "PG_VERSION").exists():
        raise PermissionError(
            f"{folder} belongs to root, and PostgreSQL does not run as root. "
            f"Give it to an account, for example: chown -R postgres {folder}"
        )
    for name in CANDIDATES:
        with suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise PermissionError("PostgreSQL does not run as root. Make it an account: useradd --system deskcal")


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        raise PermissionError(
            f"The database's folder belongs to user {uid}, who has no account on this machine. "
            f"Make one: useradd --system --uid {uid} deskcal"
        ) from None


def run(account: str | None, *command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run to the end as the account: in `/`, in English, without PG* variables. Exit codes are not judged."""
    return subprocess.run(  # noqa: S603  only programs of one PostgreSQL, no shell
        command,
        user=account,
        group=None if account is None else pwd.getpwnam(account).pw_gid,
        extra_groups=None if account is None else [],
        cwd="/",
        env={"PATH": os.defpath, "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )


def let_reach(path: Path, account: str) -> None:
    """Add o+x, the bare right to pass, to those folders above the path that the account cannot search."""
    entry = pwd.getpwnam(account)
    for folder in path.parents:
        seen = folder.stat()
        needed = stat.S_IXOTH
        if seen.st_uid == entry.pw_uid:
            needed = stat.S_IXUSR
        elif seen.st_gid == entry.pw_gid:
            needed = stat.S_IXGRP
        if not seen.st_mode & needed:
            folder.chmod(stat.S_IMODE(seen.st_mode) | stat.S_IXOTH)


def own(folder: Path, account: str | None) -> None:
    """Make the folder, new or not, the account's alone (0700); links are not followed.

    Raises PermissionError with a sentence where it is somebody else's, or root's and open to others.
    """
    me = os.geteuid()
    entry = pwd.getpwnam(account) if account else None
    uid, gid = (entry.pw_uid, entry.pw_gid) if entry else (me, -1)
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        seen = os.fstat(opened)
        if seen.st_uid != uid and (seen.st_uid != me or seen.st_mode & 0o077):
            raise PermissionError(
                f"{folder} belongs to {_name(seen.st_uid)}, and PostgreSQL needs it for itself. "
                "Move it away, or choose another data folder."
            )
        os.fchown(opened, uid, gid)
        os.fchmod(opened, 0o700)
    finally:
        os.close(opened)
