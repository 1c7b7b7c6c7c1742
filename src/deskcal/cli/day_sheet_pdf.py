"""A day on paper as PDF: a page for each provider, with room to tick and to write."""

from collections.abc import Container, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, cast

from fpdf import FPDF
from fpdf.enums import TableBordersLayout, TextEmphasis, VAlign
from fpdf.fonts import FontFace, TTFFont
from pymupdf_fonts import fontbuffers

Paper = Literal["a4", "letter"]

FAMILY = "FiraGO"
FACES = (("", "figo"), ("B", "figbo"))
COLUMNS = ("here", "time", "patient", "born", "phone", "service", "room", "reference", "notes")
WIDTHS = (10, 24, 52, 21, 14, 42, 26, 20, 68)
LINE = 4.8
BREAK = FontFace(fill_color=(225, 225, 225), emphasis=TextEmphasis.NONE)
BOLD = FontFace(emphasis=TextEmphasis.B)
UNWRITABLE = "?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of a provider's page; a break has neither patient nor anything else."""

    time: str
    patient: str | None = None
    here: bool = False
    born: str = ""
    phone: str = ""
    service: str = ""
    room: str = ""
    reference: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A provider's day; the heading says whose clock the times are of."""

    provider: str
    heading: str
    rows: Sequence[Row]


def draw(lanes: Sequence[Lane], paper: Paper, footing: str) -> tuple[bytes, str]:
    """Draw all pages; gives the file, and the letters that the font does not have."""
    with _sheet(paper, footing) as pdf:
        for lane in lanes:
            pdf.begin(lane)
            pdf.rows(lane.rows)
        return bytes(pdf.output()), "".join(sorted(pdf.unwritable))


class _Sheet(FPDF):
    """Pages with a heading that is repeated where a day is long, and their number."""

    def __init__(self, paper: Paper, footing: str) -> None:
        super().__init__(orientation="landscape", format=paper)
        self.letters: Container[int] = ()
        self.unwritable: set[str] = set()
        self._footing, self._lane = footing, Lane(provider="", heading="", rows=())
        self.set_margin(10)
        self.set_auto_page_break(auto=True, margin=14)
        self.set_title(footing)

    def begin(self, lane: Lane) -> None:
        self._lane = lane
        self.add_page()

    def header(self) -> None:
        self.set_font(FAMILY, "B", 15)
        self.cell(h=8, text=self._shown(self._lane.provider), new_x="LMARGIN", new_y="NEXT")
        self.set_font(FAMILY, "", 9)
        self.cell(text=self._shown(self._lane.heading), new_x="LMARGIN", new_y="NEXT")
        self.ln(2)

    def footer(self) -> None:
        self.set_y(-11)
        self.set_font(FAMILY, "", 8)
        self.cell(text=self._shown(self._footing))
        self.cell(w=0, text=f"page {self.page_no()} of {{nb}}", align="R")

    def rows(self, rows: Sequence[Row]) -> None:
        self.set_font(FAMILY, "", 9)
        with self.table(
            col_widths=WIDTHS,
            line_height=LINE,
            padding=(1.3, 1.2),
            v_align=VAlign.T,
            headings_style=FontFace(emphasis=TextEmphasis.B, fill_color=(240, 240, 240)),
            borders_layout=TableBordersLayout.ALL,
            text_align="LEFT",
        ) as table:
            table.row(COLUMNS)
            for one in rows:
                line = table.row()
                if one.patient is None:
                    line.cell("", style=BREAK)
                    line.cell(one.time, style=BREAK)
                    line.cell("break", colspan=len(COLUMNS) - 2, style=BREAK)
                    continue
                line.cell("x" if one.here else "", align="C")
                line.cell(one.time, style=BOLD)
                line.cell(self._shown(one.patient), style=BOLD)
                for text in (one.born, one.phone, one.service, one.room, one.reference, one.notes):
                    line.cell(self._shown(text))

    def _shown(self, text: str) -> str:
        missing = {letter for letter in text if ord(letter) not in self.letters}
        self.unwritable |= missing
        return "".join(UNWRITABLE if letter in missing else letter for letter in text)


@contextmanager
def _sheet(paper: Paper, footing: str) -> Iterator[_Sheet]:
    """Begin a file. The font is read from files until it is written."""
    pdf = _Sheet(paper, footing)
    with TemporaryDirectory() as folder:
        for style, name in FACES:
            path = Path(folder, f"{name}.otf")
            path.write_bytes(fontbuffers[name]())
            pdf.add_font(FAMILY, style, path)
        pdf.letters = cast("TTFFont", pdf.fonts[FAMILY.lower()]).cmap
        pdf.set_text_shaping(use_shaping_engine=True)
        yield pdf
