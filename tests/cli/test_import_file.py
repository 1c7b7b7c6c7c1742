"""CSV files however they are written: read by their own heading, and written back where a row is refused."""

import csv
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskcal.cli.csv_cells import unguarded
from deskcal.cli.import_file import open_rows
from deskcal.core.importing import FieldMap
from deskcal.core.refusals import Invalid
from deskcal.wire.imports import Verdict

MAPPING = FieldMap(columns={"name": "A"})
CELLS = st.text("aé,;|\t\"'\n 0", max_size=8).filter(lambda text: unguarded(text) == text)


@settings(deadline=None)
@given(
    header=st.lists(st.sampled_from(["A", "B b", "Ç"]), min_size=1, unique=True),
    rows=st.lists(st.lists(CELLS, max_size=4), max_size=8),
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8-sig", "utf-8", "latin-1"]),
)
def test_any_shape_is_read(header: list[str], rows: list[list[str]], delimiter: str, encoding: str) -> None:
    """Quotes, line breaks, marks and short or long rows are read as they were written, if not guarded."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        with path.open("w", newline="", encoding=encoding) as file:
            csv.writer(file, delimiter=delimiter).writerows([header, *rows])
        found = open_rows(path, encoding=encoding, delimiter=delimiter)
        full = [row for row in rows if row]
        assert (found.header, found.count) == (tuple(header), len(full))
        wanted = [dict(zip(header, row + [""] * len(header), strict=False)) for row in full]
        assert [record for _, record in found.records()] == wanted
        out = Path(folder) / "refused.csv"
        refused = {n: Verdict(number=n, outcome="refused", field="name") for n in range(1, len(full) + 1, 2)}
        found.report(refused, MAPPING, out)
        again = open_rows(out, encoding="utf-8-sig", delimiter=",")
        written = [{name: record[name] for name in header} for _, record in again.records()]
        assert written == wanted[::2]
        assert {record["deskcal_column"] for _, record in again.records()} <= {"A"}


@pytest.mark.parametrize("mark", ",;\t|")
def test_the_mark_is_found(mark: str, tmp_path: Path) -> None:
    """What separates the columns is seen from the heading."""
    path = tmp_path / "rows.csv"
    path.write_text(mark.join(("Name", "Born on")) + "\n" + mark.join(("A", "1990-01-01")) + "\n")
    assert open_rows(path, encoding="utf-8-sig", delimiter=None).header == ("Name", "Born on")


@pytest.mark.parametrize(
    ("content", "encoding", "hint"),
    [
        (b"", "utf-8", "name the columns"),
        (b"A,B,A\n", "utf-8", "A twice"),
        ("A\nJos\u00e9\n".encode("latin-1"), "utf-8", "--encoding latin-1"),
        (b"A\n", "martian", "not an encoding"),
        (b'A\n"x"y\n', "utf-8", "not a CSV file"),
    ],
)
def test_a_file_that_cannot_be_read(content: bytes, encoding: str, hint: str, tmp_path: Path) -> None:
    """What is wrong with a file is said before anything is sent."""
    path = tmp_path / "rows.csv"
    path.write_bytes(content)
    with pytest.raises(Invalid, match=hint):
        open_rows(path, encoding=encoding, delimiter=None)
    with pytest.raises(Invalid, match="cannot be read"):
        open_rows(tmp_path / "nowhere.csv", encoding=encoding, delimiter=None)
