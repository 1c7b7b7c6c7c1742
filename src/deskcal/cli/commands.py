"""Every command by what it is for: where it lives, what it does, and an example; loaded when it is typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import typer


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A command, or a group of them, whose own commands have their own examples.

    It lives at `where` in this package. `does` fits beside its name on a terminal of eighty columns.
    """

    where: str
    does: str
    example: str | None = None


def _one(where: str, does: str, example: str) -> Part:
    return Part(where=where, does=does, example=example)


def _group(where: str, does: str) -> Part:
    return Part(where=where, does=does)


SECTIONS: Mapping[str, Mapping[str, Part]] = {
    "Every day": {
        "tui": _one("tui:tui", "Open the desk.", "deskcal tui"),
        "free": _one(
            "booking:free", "List free slots.", 'deskcal free Consultation "Dr. Perez" --on tomorrow'
        ),
        "book": _one(
            "booking:book",
            "Book an appointment, or a series.",
            'deskcal book "Maria Lopez 1984" Consultation "Dr. Perez" "mon 10:30"',
        ),
        "walk-in": _one(
            "walk_in:walk_in",
            "Book somebody who stands at the desk.",
            'deskcal walk-in "Maria Lopez 1984" Consultation',
        ),
        "appointments": _one(
            "appointments:appointments",
            "List appointments.",
            'deskcal appointments --date today --provider "Dr. Perez"',
        ),
        "show": _one("appointments:show", "Show an appointment.", "deskcal show B-20001 --audit"),
        "move": _one("managing:move", "Move an appointment.", 'deskcal move B-20001 "tomorrow 10:30"'),
        "cancel": _one(
            "managing:cancel",
            "Cancel an appointment.",
            'deskcal --yes cancel B-20001 --reason "patient asked"',
        ),
        "status": _one(
            "managing:status", "Say how an appointment goes on.", "deskcal status B-20001 checked_in"
        ),
        "why": _one(
            "booking:why",
            "Say why a time cannot be booked.",
            'deskcal why "Dr. Perez" Consultation "tomorrow 10:30"',
        ),
        "day-sheet": _one(
            "day_sheet:day_sheet", "A day on paper.", 'deskcal day-sheet tomorrow --provider "Dr. Perez"'
        ),
        "calendar": _one(
            "calendar:calendar",
            "Write an appointment as a calendar file.",
            "deskcal calendar B-20001 -o visit.ics",
        ),
        "patient": _group("patient:app", "Patients: find, add, show."),
        "waitlist": _group("waitlist:app", "Who waits for a time, and what they are offered."),
        "series": _group("series:app", "Appointments that repeat."),
    },
    "The clinic": {
        "provider": _group("provider:app", "Providers: hours, time off, sick days."),
        "service": _group("service:app", "Services and their rules."),
        "location": _group("place:locations", "Locations."),
        "room": _group("place:rooms", "Rooms."),
        "equipment": _group("equipment:app", "Equipment."),
        "clinic": _group("clinic:app", "Clinics: name, time zone, closures."),
        "user": _group("user:app", "Who may sign in."),
        "token": _group("token:app", "Tokens for programs."),
        "config": _group("config:app", "Keys and looks of the desk."),
    },
    "Much at once": {
        "report": _group("report:app", "What appointments add up to."),
        "bulk": _group("bulk:app", "Cancel, move or reassign many appointments."),
        "export": _group("export:app", "Take appointments, patients or the log elsewhere."),
        "import": _group("imports:app", "Bring in patients, providers, appointments."),
    },
    "Running it": {
        "demo": _one("demo:demo", "Show a clinic with made-up patients.", "deskcal demo --no-tui"),
        "serve": _one("serve:serve", "Run the server.", "deskcal serve --port 8765"),
        "doctor": _one("doctor:doctor", "Check that everything works.", "deskcal doctor"),
        "login": _one("login:login", "Sign in.", "deskcal login maria@example.org --password-stdin"),
        "logout": _one("login:logout", "Sign out.", "deskcal logout"),
        "whoami": _one("whoami:whoami", "Say who you are to the server.", "deskcal whoami"),
        "log": _one(
            "log:log", "Print everything that happened.", "deskcal log --follow --type appointment.*"
        ),
        "explain": _one(
            "explain:explain",
            "Explain a day's free slots.",
            'deskcal explain "Dr. Perez" Consultation tomorrow',
        ),
        "replay-projection": _one(
            "replay:replay_projection",
            "Rebuild boards from the log and compare.",
            "deskcal replay-projection --check",
        ),
        "rehearse-dst": _one(
            "rehearse_dst:rehearse_dst",
            "What the next change of clocks touches.",
            "deskcal rehearse-dst --zone America/New_York --year 2027",
        ),
        "parked": _group("parked:app", "Events that failed, to try again or to drop."),
        "db": _group("db:app", "The database: upgrade, backup, restore, archive."),
    },
}
PARTS: Mapping[str, Part] = {name: part for section in SECTIONS.values() for name, part in section.items()}
WIDEST = max(map(len, PARTS))


def load(name: str) -> Any:
    """Import a command with all that it needs."""
    part = PARTS[name]
    module, _, attribute = part.where.partition(":")
    found = getattr(import_module(f"deskcal.cli.{module}"), attribute)
    above = typer.Typer(rich_markup_mode=None)
    if isinstance(found, typer.Typer):
        above.add_typer(found, name=name)
    else:
        above.command(name, epilog=f"Example: {part.example}")(found)
    return typer.main.get_group(above).commands[name]
