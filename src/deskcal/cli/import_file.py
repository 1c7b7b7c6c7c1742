"""The file of an import: read row by row, counted and hashed before; and its rows that were not taken."""

import csv
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deskcal.cli.csv_cells import guarded, unguarded
from deskcal.core.importing import FieldMap
from deskcal.core.refusals import Invalid
from deskcal.wire.imports import Row, Verdict

SAMPLE = 64 * 1024
DELIMITERS = ",;\t|"
REPORTED = ("deskcal_row", "deskcal_column", "deskcal_reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFile:
    """A CSV file with a heading; rows are counted from 1 below it, empty lines left out."""

    path: Path
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    count: int
    digest: str

    def records(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Read the rows one by one; what is missing at the end of a row is empty."""
        with _rows(self.path, self.encoding, self.delimiter) as rows:
            next(rows)
            for number, row in enumerate(filter(None, rows), 1):
                cells = (*row, *("" for _ in range(len(self.header) - len(row))))
                yield number, dict(zip(self.header, map(unguarded, cells), strict=False))

    def rows(self, mapping: FieldMap) -> Iterator[Row]:
        """Read the rows by field."""
        for number, record in self.records():
            yield Row(number=number, values=mapping.read(record))

    def report(self, refused: Mapping[int, Verdict], mapping: FieldMap, out: Path) -> None:
        """Write the rows that were not taken, each with the reason, to be mended and imported again."""
        header = [name for name in self.header if name not in REPORTED]
        with out.open("w", newline="", encoding="utf-8-sig") as file:
            written = csv.writer(file)
            written.writerow([*header, *REPORTED])
            for number, record in self.records():
                if verdict := refused.get(number):
                    why = (number, column_of(verdict, mapping), verdict.reason)
                    written.writerow(map(guarded, (*(record[name] for name in header), *why)))


def open_rows(path: Path, *, encoding: str, delimiter: str | None) -> RowFile:
    """Look through a file: what it is separated by, its heading, how many rows it has. Raises Invalid."""
    try:
        with path.open("rb") as file:
            first = file.readline(SAMPLE)
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise Invalid(("file", f"{path} cannot be read: {error.strerror}")) from error
    mark = delimiter or max(DELIMITERS, key=lambda one: first.count(one.encode()))
    if len(mark) > 1:
        raise Invalid(("delimiter", f'"{mark}" is not one character'))
    with _rows(path, encoding, mark) as rows:
        header = tuple(name.strip() for name in next(rows, ()))
        count = sum(1 for row in rows if row)
    twice = {name for name in header if header.count(name) > 1 and name}
    if not any(header) or twice:
        why = f"names {', '.join(sorted(twice))} twice" if twice else "is empty"
        raise Invalid(("file", f"the first line of {path} has to name the columns; it {why}"))
    return RowFile(path=path, encoding=encoding, delimiter=mark, header=header, count=count, digest=digest)


def column_of(verdict: Verdict, mapping: FieldMap) -> str:
    """Name the column that is to blame, as the file calls it."""
    return mapping.columns.get(verdict.field or "", verdict.field or "")


@contextmanager
def _rows(path: Path, encoding: str, delimiter: str) -> Iterator[Iterator[list[str]]]:
    try:
        with path.open(newline="", encoding=encoding) as file:
            yield csv.reader(file, delimiter=delimiter, strict=True)
    except UnicodeDecodeError as error:
        hint = "say which it is, such as --encoding latin-1"
        raise Invalid(("encoding", f"{path} is not written in {encoding}; {hint}")) from error
    except LookupError as error:
        raise Invalid(("encoding", f"{encoding} is not an encoding; utf-8 and latin-1 are")) from error
    except csv.Error as error:
        raise Invalid(("file", f"{path} is not a CSV file separated by {delimiter!r}: {error}")) from error
