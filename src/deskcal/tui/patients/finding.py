"""Patients by what is typed of them, from the server, or while it is away from what this desk remembers."""

from deskcal.tui.desk import Desk
from deskcal.tui.memory.people import keep_patients, known_patients
from deskcal.wire.people import Patient

MATCHES = 8


async def find_patients(desk: Desk, text: str) -> list[Patient]:
    """Find at most eight. Raises ClientError."""
    views = desk.memory.views
    if desk.connection.is_offline:
        return known_patients(views, text, limit=MATCHES)
    with desk.asking() as link:
        found = (await link.patients(text, limit=MATCHES)).items
    keep_patients(views, found, desk.now())
    return found
