"""Cells of CSV files that spreadsheets show as text: none of them runs as a formula."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

GUARD = "'"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes a cell for a formula by."""


def guarded(cell: object) -> str:
    """Write a cell; one that would be a formula gets an apostrophe in front."""
    text = "" if cell is None else str(cell)
    return GUARD + text if text.lstrip(GUARD).startswith(FORMULA) else text


def unguarded(text: str) -> str:
    """Read a cell as it was before it was guarded."""
    return text.removeprefix(GUARD) if text.lstrip(GUARD).startswith(FORMULA) else text


def csv_text(rows: Iterable[Sequence[object]]) -> str:
    """Write rows with guarded cells."""
    text = StringIO()
    csv.writer(text).writerows([guarded(cell) for cell in row] for row in rows)
    return text.getvalue()
