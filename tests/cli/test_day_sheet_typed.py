"""A day on paper: who comes to whom, when, and where, in whatever letters their names have."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from cli.typed import Deskcal
from deskcal.cli.day_sheet_pdf import Lane, Row, draw
from deskcal.cli.exits import Exit

DAY = next(
    day for ahead in range(60, 70) if (day := datetime.now(UTC).date() + timedelta(days=ahead)).weekday() == 0
)
NAMES = ("Łukasz Żółć", "Ольга Ким", "Ναυσικά Ψάλτη", "אורית לוי")


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("paper") / "day.pdf"


def pages(path: Path) -> list[str]:
    return [page.extract_text() for page in PdfReader(path).pages]


def booked(deskcal: Deskcal, name: str, provider: str, at: str) -> str:
    deskcal("patient", "add", name, "--dob", "1979-08-09", "--phone", "555-010-7788")
    made = deskcal("--json", "book", name, "Consultation", provider, f"{DAY} {at}")
    assert made.code == Exit.DONE, made.words
    return str(made.value["reference"])


def test_a_page_for_each_provider(deskcal: Deskcal, sheet: Path) -> None:
    """Names in any of the font's letters, birth date, four digits, room, break and zone are on the page."""
    references = [
        booked(deskcal, name, "Dr. Perez", f"{9 + n}:00") for n, name in enumerate((*NAMES[:3], "王小明"))
    ]
    booked(deskcal, NAMES[3], "Dr. Okafor", "09:00")
    said = deskcal("day-sheet", str(DAY), "--pdf", str(sheet))
    assert (said.code, said.out) == (Exit.DONE, "")
    assert "王" in said.words
    assert "?" in said.words
    perez, okafor = pages(sheet)
    assert ("Perez" in perez.splitlines()[0], "Okafor" in okafor.splitlines()[0]) == (True, True)
    for word in (*NAMES[:3], *references, "1979-08-09", "7788", "Consultation", "Exam", "???", "break"):
        assert word in perez, word
    assert "555-010" not in perez
    assert f"{DAY:%A %Y-%m-%d}, times in America/New_York" in perez
    assert "לוי" in okafor


def test_paper_and_one_provider(deskcal: Deskcal, sheet: Path) -> None:
    """One provider has one page, as wide as what is in the printer."""
    for paper, width in (("a4", 842), ("letter", 792)):
        done = deskcal("day-sheet", str(DAY), "--provider", "perez", "--pdf", str(sheet), "--paper", paper)
        assert done.code == Exit.DONE
        [page] = PdfReader(sheet).pages
        assert round(page.mediabox.width) == width


def test_a_long_day_goes_on_behind_its_heading(sheet: Path) -> None:
    """What does not fit is on a second page, with the provider's name and the columns again."""
    rows = [Row(time=f"{hour:02}:00-{hour:02}:30", patient=f"Patient {hour}") for hour in range(40)]
    drawn, missing = draw([Lane(provider="Dr. Ana Perez", heading="Monday", rows=rows)], "a4", "Riverside")
    sheet.write_bytes(drawn)
    first, second = pages(sheet)
    for text in (first, second):
        assert text.splitlines()[0] == "Dr. Ana Perez"
        assert "reference notes" in text
    assert ("Patient 0" in first, "Patient 39" in second, "page 2 of 2" in second, missing) == (
        *(True, True, True),
        "",
    )


def test_nobody_comes(deskcal: Deskcal, tmp_path: Path) -> None:
    """An empty day is said, and writes no file."""
    out = tmp_path / "empty.pdf"
    said = deskcal("day-sheet", str(DAY + timedelta(days=366)), "--pdf", str(out))
    assert (said.code, "Nobody comes" in said.words, out.exists()) == (Exit.DONE, True, False)
