"""What examples name by an id or a reference, made in the demo by typing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from tempfile import NamedTemporaryFile
from time import monotonic

from cli.harming import park
from cli.typed import Demo, Deskcal
from deskcal.cli.exits import Exit

NUMBERS = count(1)
FRIDAY = 4
OFFER_SECONDS = 10
OFTEN = ("--repeat", "FREQ=DAILY;COUNT=7", "--on-conflict", "skip")
PASSWORD = "correct horse battery\n"  # noqa: S105
FILES = {
    "busy.ics": "BEGIN:VCALENDAR\nEND:VCALENDAR\n",
    "patients.csv": "Name,Born\nIda Newcomer,1990-01-02\n",
    "providers.csv": "name,services\nDr. Ida Newcomer,Consultation\n",
    "appointments.csv": "Who,Born,provider,service,start\n"
    "Maria Lopez,1984-03-12,Dr. Ana Perez,Consultation,2099-01-05 09:00\n",
    "mapping.toml": '[columns]\npatient_name = "Who"\ndate_of_birth = "Born"\n',
}
ADDED = {
    "location": (),
    "room": (),
    "equipment": ("--type", "ultrasound"),
    "service": ("--duration", "30"),
    "provider": (),
}


class Preparing:
    """Somebody who makes in the demo what is needed next, each time anew."""

    def __init__(self, deskcal: Deskcal, demo: Demo) -> None:
        self.deskcal, self.demo = deskcal, demo

    def free(self) -> str:
        """Give the next time that Dr. Perez has for a consultation, on the clinic's wall clock."""
        [slot, *_] = self.deskcal(
            "--json", "free", "Consultation", "perez", "--on", "+2", "--days", "30"
        ).value
        return str(slot["start"])[:16].replace("T", " ")

    def a_friday(self) -> str:
        """Give a day far ahead with one visit, which Dr. Chen could have, too, or Dr. Perez a week later."""
        far = datetime.now(UTC).date() + timedelta(days=300)
        friday = far + timedelta(days=FRIDAY - far.weekday())
        self.deskcal("book", "Mario Lopez", "Follow-up", "perez", f"{friday} 10:30")
        return str(friday)

    def somebody(self) -> str:
        """Add a patient who is nowhere yet; gives the name."""
        name = f"Nadia Example{next(NUMBERS)}"
        self.deskcal("patient", "add", name, "--dob", "1990-01-01")
        return name

    def visit(self) -> str:
        made = self.deskcal("--json", "book", self.somebody(), "Consultation", "perez", self.free()).value
        return str(made["reference"])

    def series(self) -> str:
        often = self.deskcal("--json", "book", self.somebody(), "Consultation", "perez", self.free(), *OFTEN)
        return str(often.value["series"]["id"])

    def waiting(self) -> str:
        return self._made("waitlist", "add", self.somebody(), "Consultation")

    def offered(self) -> str:
        """Have a time come free that is offered to somebody, who alone is on the waitlist."""
        for one in self._waiting():
            self.deskcal("waitlist", "remove", one["id"])
        start, first = self.free(), self.visit()
        words = ("--provider", "perez", "--from", start[:10], "--until", start[:10], "--priority", "9")
        entry = self._made("waitlist", "add", self.somebody(), "Consultation", *words)
        self.deskcal("--yes", "cancel", first)
        deadline = monotonic() + OFFER_SECONDS
        while entry not in [one["id"] for one in self._waiting() if one["state"] == "offered"]:
            assert monotonic() < deadline
        return entry

    def _waiting(self) -> list[dict[str, str]]:
        found: list[dict[str, str]] = self.deskcal("--json", "waitlist", "list").value
        return found

    def job(self) -> str:
        """Have a week of visits canceled."""
        self.deskcal("book", "Mario Lopez", "Consultation", "perez", "+90 10:30", *OFTEN)
        days = ("--provider", "perez", "--from", "+90", "--to", "+97")
        return self._made("--yes", "bulk", "cancel", *days, "--again")

    def canceled(self) -> str:
        reference = self.visit()
        self.deskcal("--yes", "cancel", reference)
        return reference

    def reverted(self) -> str:
        batch = self.imported()
        self.deskcal("--yes", "import", "revert", batch)
        return batch

    def dropped(self) -> str:
        event = self.parked()
        self.deskcal("parked", "drop", event, "--reason", "over")
        return event

    def imported(self) -> str:
        with NamedTemporaryFile("w", suffix=".csv") as file:
            file.write(FILES["patients.csv"])
            file.flush()
            self.deskcal("import", "patients", file.name)
        return str(self.deskcal("--json", "import", "list").value[0]["id"])

    def parked(self) -> str:
        return park(self.demo)

    def token(self) -> str:
        return self._made("token", "create", "--role", "admin")

    def _made(self, *words: str) -> str:
        return str(self.deskcal("--json", *words).value["id"])

    def there(self, kind: str, name: str) -> None:
        """See to it that there is a thing of that name."""
        if self.deskcal(kind, "show", name).code == Exit.NOT_FOUND:
            self.deskcal(kind, "add", name, *ADDED[kind])

    def user(self) -> None:
        self.deskcal("user", "add", "maria@example.org", "--role", "front_desk")

    def user_with_a_password(self) -> None:
        self.user()
        self.deskcal("user", "set-password", "maria@example.org", "--password-stdin", stdin=PASSWORD)

    def backup(self, file: Path) -> None:
        self.deskcal("db", "backup", str(file))


NAMED: dict[str, Callable[[Preparing], str]] = {
    **dict.fromkeys(
        [f"deskcal {verb}" for verb in ("show", "move", "cancel", "status", "calendar")], Preparing.visit
    ),
    **dict.fromkeys(["deskcal series show", "deskcal series cancel"], Preparing.series),
    **dict.fromkeys(["deskcal waitlist accept", "deskcal waitlist decline"], Preparing.offered),
    "deskcal waitlist remove": Preparing.waiting,
    **dict.fromkeys([f"deskcal bulk {verb}" for verb in ("show", "stop", "resume", "undo")], Preparing.job),
    **dict.fromkeys(["deskcal import show", "deskcal import revert"], Preparing.imported),
    **dict.fromkeys(["deskcal parked show", "deskcal parked drop"], Preparing.parked),
    "deskcal token revoke": Preparing.token,
    "deskcal book": Preparing.somebody,
    "deskcal clinic create": lambda _: f"Hillside {next(NUMBERS)}",
    "deskcal user add": lambda _: f"ida{next(NUMBERS)}@example.org",
}
"""What stands after the verb of an example, made for it: an id, a new name, or somebody who is nowhere."""
