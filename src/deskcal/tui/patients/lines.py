"""What is written about a patient: how they were found, who they are, what they have ahead and behind."""

from deskcal.core.words import digits, search_words
from deskcal.tui.appointments.visits import Visits, history_words, visit_words
from deskcal.tui.desk import Desk
from deskcal.tui.lines import WIDE
from deskcal.tui.names import shown
from deskcal.tui.spoken import looks_alike
from deskcal.tui.table_rows import Column, Row
from deskcal.wire.people import Patient

AHEAD = 3
TELLING = 3
"""So many digits may be part of a phone number; fewer are a day or a year."""


def columns(width: int) -> list[Column]:
    """Choose what of a match there is room for."""
    always = [Column(title="Name", width=22, grows=True), Column(title="Born", width=10)]
    phone = Column(title="Phone", width=16)
    return [*always, phone, Column(title="Matched on", width=24)] if width >= WIDE else [*always, phone]


def match_row(patient: Patient, text: str, desk: Desk, width: int) -> Row:
    """Write a match: who, and which words of the search meant what."""
    cells = [shown(patient.name, private=desk.private), born(patient), patient.phone or ""]
    if width >= WIDE:
        cells.append(matched_on(patient, text))
    return Row(key=patient.id, cells=tuple(cells))


def matched_on(patient: Patient, text: str) -> str:
    """Say what the words of a search were found in: `name + birth date`."""
    words = search_words(text)
    names = search_words(patient.name)
    found = {
        "name": any(part.startswith(word) for word in words for part in names),
        "phone": any(
            len(digits(word)) >= TELLING and digits(word) in digits(patient.phone or "") for word in words
        ),
        "birth date": any(digits(word) and digits(word) in digits(born(patient)) for word in words),
    }
    return " + ".join(what for what, is_found in found.items() if is_found)


def born(patient: Patient) -> str:
    return f"{patient.date_of_birth:%Y-%m-%d}" if patient.date_of_birth else "no birth date"


def person_lines(patient: Patient, visits: Visits | None, others: list[Patient], desk: Desk) -> list[str]:
    """Write what to know before booking: contact, visits, and records easily taken for this one."""
    contact = [
        f"phone {patient.phone}" if patient.phone else "",
        f"e-mail {patient.email}" if patient.email else "",
    ]
    lines = ["   ".join(filter(None, contact)) or "no phone, no e-mail"]
    if visits is not None and visits.patient_id == patient.id:
        ahead = [visit_words(visit, desk) for visit in visits.upcoming[:AHEAD]]
        more = len(visits.upcoming) - AHEAD
        lines += [f"upcoming  {words}" for words in ahead] or ["upcoming  nothing"]
        lines += [f"          and {more} more (tab)"] if more > 0 else []
        lines.append(f"history   {history_words(visits, desk)}")
    return lines + [f"! {words}" for words in looks_alike(patient, others, private=desk.private)]
