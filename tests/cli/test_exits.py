"""How commands end, family by family: the code that a script reads, and the words that help a person."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from cli.examples import COMMANDS, FOREGROUND, SIGNING_IN, as_typed
from cli.preparing import Preparing
from cli.typed import Demo, Deskcal
from deskcal.cli.exits import Exit

NOBODY = "0198d6f2-6c1e-7d3a-9b57-1f0c2a4e8d90"
NOWHERE = "http://127.0.0.1:9"
WITHOUT_A_SERVER = {"config", "doctor", "logout", "db"}
ASKING = [
    name
    for name in COMMANDS
    if name.split()[1] not in WITHOUT_A_SERVER and (name not in FOREGROUND or name == "deskcal log")
]


@pytest.mark.parametrize("name", COMMANDS)
def test_an_option_that_is_not_there(name: str, deskcal: Deskcal) -> None:
    """What cannot be read is said in a few lines, not with the whole help."""
    said = deskcal(*name.split()[1:], "--no-such-option")
    assert (said.code, said.out) == (Exit.USAGE, "")
    assert "No such option: --no-such-option" in said.words
    assert said.words.count("\n") <= 5


@pytest.mark.parametrize("name", ASKING)
def test_no_server(name: str, deskcal: Deskcal, tmp_path: Path) -> None:
    """Where no server answers, the address is named, and what to type."""
    away = {"DESKCAL_SERVER_URL": NOWHERE, "DESKCAL_TOKEN": "" if name in SIGNING_IN else "x"}
    said = deskcal("--yes", *as_typed(name, tmp_path), stdin="correct horse battery\n" * 2, **away)
    assert (said.code, said.out) == (Exit.UNREACHABLE, ""), said.words
    assert NOWHERE in said.words
    assert "deskcal serve" in said.words


@pytest.mark.parametrize(
    "words",
    [
        "room add Attic",
        "location add Annex",
        "equipment add Scanner --type scanner",
        "service add Tea --duration 5",
        "service rule add Follow-up max_daily {}",
        "provider add Nobody",
        "provider set-hours perez mon 09:00-10:00",
        "provider time-off perez +90",
        "provider sick-day perez +3",
        "clinic create Hillside --timezone America/Chicago",
        "clinic edit --name Mine",
        "clinic close +90",
        "patient find lopez",
        "user list",
        "token list",
        "bulk list",
        "import list",
        "log",
        "parked list",
        "report volume",
        "replay-projection --check",
        "explain perez Consultation +3",
        "rehearse-dst",
    ],
)
def test_a_patient_may_not(words: str, deskcal: Deskcal, demo: Demo) -> None:
    """What is for staff is not for patients."""
    said = deskcal(*words.split(), DESKCAL_TOKEN=demo.patient_token)
    assert (said.code, said.out) == (Exit.NOT_ALLOWED, ""), said.words


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("provider show peres", "Did you mean Dr. Ana Perez?"),
        ("service show consultaton", "Did you mean Consultation?"),
        ("room show exm 1", "Did you mean Exam 1?"),
        ("location show upton", "Did you mean Uptown?"),
        ("equipment show ultrsound", "Did you mean Ultrasound?"),
        ("patient show maria lopes", "Did you mean Mar"),
        ("user disable maria@exmple.org", "Did you mean maria@example.org?"),
        ("show B-1", "deskcal appointments"),
        (f"series show {NOBODY}", "no such series"),
        (f"waitlist remove {NOBODY}", "no such"),
        (f"bulk show {NOBODY}", "no such job"),
        (f"import show {NOBODY}", "deskcal import list"),
        (f"token revoke {NOBODY}", "no such"),
        ("parked show sessions-0", "put aside"),
        ("service rule remove Follow-up min_gap", "deskcal service rule list"),
        ("--clinic nowhere room list", "riverside"),
    ],
)
def test_what_is_not_there(words: str, hint: str, deskcal: Deskcal, demo: Demo) -> None:
    """A name that is nearly one is answered with that one, an id with where to look."""
    preparing = Preparing(deskcal, demo)
    preparing.there("location", "Uptown")
    preparing.user()
    first, _, name = words.partition(" show ")
    said = deskcal(*([*first.split(), "show", name] if name else words.split()))
    assert (said.code, hint in said.words, said.out) == (Exit.NOT_FOUND, True, ""), said.words


@pytest.mark.parametrize(
    ("words", "candidates"),
    [
        (("provider", "show", "dr"), ("Dr. Ana Perez", "Dr. Priya Raman")),
        (("service", "show", "c"), ("Consultation", "Child check-up")),
        (("room", "show", "exam"), ("Exam 1", "Exam 2")),
        (("location", "show", "north"), ("North wing", "Northgate")),
        (("equipment", "show", "e"), ("ECG", "Echo")),
        (("patient", "show", "wei chen"), ("born 1976-06-05", "born 1976-06-15")),
        (("user", "disable", "paul"), ("paul.a@example.org", "paul.b@example.org")),
        (("free", "consultation", "dr"), ("Dr. Ana Perez",)),
        (("book", "wei chen", "consultation", "perez", "+9 10:30"), ("born 1976-06-05",)),
    ],
)
def test_what_fits_several(
    words: tuple[str, ...], candidates: tuple[str, ...], deskcal: Deskcal, demo: Demo
) -> None:
    """A name that fits several things is a mistake, and they are listed."""
    preparing = Preparing(deskcal, demo)
    for kind, name in (
        ("location", "North wing"),
        ("location", "Northgate"),
        ("equipment", "Echo"),
    ):
        preparing.there(kind, name)
    for name in ("paul.a@example.org", "paul.b@example.org"):
        deskcal("user", "add", name, "--role", "front_desk")
    said = deskcal("--yes", *words)
    assert (said.code, said.out) == (Exit.USAGE, ""), said.words
    assert [name for name in candidates if name not in said.words] == []


@pytest.mark.parametrize(
    ("words", "made"),
    [
        (("cancel",), "canceled"),
        (("move", "+30 03:00"), "visit"),
        (("status", "completed"), "visit"),
        (("waitlist", "accept"), "waiting"),
        (("bulk", "stop"), "job"),
        (("bulk", "resume"), "job"),
        (("parked", "retry"), "dropped"),
        (("import", "revert"), "reverted"),
    ],
)
def test_refused(words: tuple[str, ...], made: str, deskcal: Deskcal, demo: Demo) -> None:
    """What the clinic's state is against ends in 3, with a sentence and without data."""
    verbs = 1 if words[0] in {"cancel", "move", "status"} else 2
    named: str = getattr(Preparing(deskcal, demo), made)()
    said = deskcal("--yes", *words[:verbs], named, *words[verbs:])
    assert (said.code, said.out) == (Exit.REFUSED, ""), said.words
    assert said.words.startswith("deskcal: ")


def test_the_same_time_twice(deskcal: Deskcal, demo: Demo) -> None:
    """A booking on top of another is refused with free times, with --json as a problem; so is `why`."""
    preparing = Preparing(deskcal, demo)
    start, who = preparing.free(), preparing.somebody()
    words = ("Consultation", "perez", start)
    assert deskcal("book", who, *words).code == Exit.DONE
    refused = deskcal("--json", "book", preparing.somebody(), *words)
    assert (refused.code, refused.value["error"]) == (Exit.REFUSED, "SLOT_ALREADY_BOOKED")
    assert "Free instead" in refused.words
    assert deskcal("why", "perez", "Consultation", start).code == Exit.REFUSED


class _Strange(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"It works!")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def stranger() -> Iterator[str]:
    """Serve something that is no deskcal."""
    with HTTPServer(("127.0.0.1", 0), _Strange) as server:
        Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_something_else_answers(deskcal: Deskcal, stranger: str) -> None:
    """An answer that nobody foresaw ends in 1, in a sentence."""
    said = deskcal("clinic", "list", DESKCAL_SERVER_URL=stranger, DESKCAL_TOKEN="x")  # noqa: S106
    assert (said.code, said.out) == (Exit.UNEXPECTED, "")
    assert "in a form that deskcal does not know" in said.words
