"""Files that are there whole or not at all, whatever stops the command that writes them."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, TextIO

from deskcal.cli.exits import Exit, Failure

STDOUT = Path("-")


@contextmanager
def whole_bytes(path: Path) -> Iterator[IO[bytes]]:
    """Write beside the file, for its owner only, and put it in its place at the end."""
    try:
        part = NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False)  # noqa: SIM115
    except OSError as error:
        raise Failure(f"{path} cannot be written: {error.strerror}", Exit.USAGE) from error
    try:
        with part:
            yield part
            part.flush()
            os.fsync(part.fileno())
        Path(part.name).replace(path)
    except BaseException:
        Path(part.name).unlink()
        raise


@contextmanager
def whole_text(path: Path | None, *, encoding: str = "utf-8") -> Iterator[TextIO]:
    """Write text likewise; without a path, or to `-`, to stdout."""
    if path is None or path == STDOUT:
        yield sys.stdout
        return
    with whole_bytes(path) as raw:
        file = TextIOWrapper(raw, encoding=encoding, newline="")
        yield file
        file.detach()
