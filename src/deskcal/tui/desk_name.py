"""What a desk is called, so that no two desks of one machine share a name."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import quote

FOLDER = "desks"


@contextmanager
def free_name(folder: Path, name: str) -> Iterator[str]:
    """Be the only desk of a folder with the name, or with `name 2`, `name 3`. One that was killed lets go.

    Where no file can be locked the name is taken as it is.
    """
    for number in count(1):
        tried = name if number == 1 else f"{name} {number}"
        try:
            descriptor = _locked(folder / FOLDER / quote(tried, safe=" "))
        except OSError:
            yield name
            return
        if descriptor is not None:
            try:
                yield tried
            finally:
                os.close(descriptor)
            return


def _locked(path: Path) -> int | None:
    """Lock a file until its descriptor is closed; None while another process has it. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor
