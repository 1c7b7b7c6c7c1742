"""Patients that were on screen here lately, to be found again while the server is away."""

from collections.abc import Sequence
from datetime import datetime

from deskcal.core.words import digits, folded, search_words
from deskcal.tui.memory.drafts import Person
from deskcal.tui.memory.views import Views
from deskcal.wire.people import Patient

KIND = "patient"


def keep_patients(views: Views, patients: Sequence[Patient], now: datetime) -> None:
    """Remember those that a search showed."""
    for patient in patients:
        views.keep(KIND, str(patient.id), patient, now)


def known_patients(views: Views, text: str, *, limit: int) -> list[Patient]:
    """Find by part of a name, phone digits or date of birth, in any order, the last seen first."""
    words = search_words(text)
    return [one for one in views.every(KIND, Patient) if all(map(_looks_of(one).__contains__, words))][:limit]


def known_patient(views: Views, person: Person, saved_at: datetime) -> Patient:
    """Give a patient as known here, and if they are not, by no more than the name."""
    return views.read(KIND, str(person.id), Patient) or Patient(
        id=person.id,
        name=person.name,
        date_of_birth=None,
        phone=None,
        email=None,
        created_at=saved_at,
        version=0,
    )


def _looks_of(patient: Patient) -> str:
    return f"{folded(patient.name)} {digits(patient.phone or '')} {patient.date_of_birth or ''}"
