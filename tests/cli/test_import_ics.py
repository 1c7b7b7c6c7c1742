"""Busy times of another calendar on the command line."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

from cli.test_sick_day_typed import HOME, made_clinic
from cli.typed import Deskcal
from core.test_busy_times import calendar, event

WORDS = ("provider", "import-ics", "vik")


def _on(days: int, *lines: str, uid: str = "a") -> str:
    day = (datetime.now(UTC) + timedelta(days=days)).date()
    times = (f"DTSTART;TZID=Europe/Oslo:{day:%Y%m%d}T090000", f"DTEND;TZID=Europe/Oslo:{day:%Y%m%d}T120000")
    return event(*times, *lines, uid=uid)


@contextmanager
def _web(text: str) -> Iterator[str]:
    """Serve a calendar at /busy.ics, and a way there at /old; everything else is not there."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response({"/busy.ics": 200, "/old": 302}.get(self.path, 404))
            self.send_header("Location", "/busy.ics")
            self.end_headers()
            if self.path == "/busy.ics":
                self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        serving = Thread(target=server.serve_forever)
        serving.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        serving.join()


def test_from_a_file(deskcal: Deskcal, tmp_path: Path) -> None:
    """Good events go in and bad ones are named with their line; it prints whom to call, and exits 3."""
    made_clinic(deskcal)
    assert deskcal("book", "siri", "visit", "vik", "+40 9:00", **HOME).code == 0
    file = tmp_path / "busy.ics"
    file.write_bytes(calendar(_on(40), event("DTSTART:tomorrow", uid="b")).encode())
    done = deskcal(*WORDS, str(file), **HOME)
    assert done.code == 3
    assert [(row[0], row[1], row[3]) for row in done.rows[:2]] == [
        ("imported", "3", "a"),
        ("refused", "9", "b"),
    ]
    assert "Siri Dahl" in done.rows[2]
    assert (
        deskcal("--json", "free", "visit", "vik", "--on", "+40", **HOME).value[0]["start"][11:16] == "12:00"
    )
    again = deskcal("--json", *WORDS, str(file), "--from", "+41", "--until", "+50", **HOME).value
    assert [one["verdict"] for one in again["events"]] == ["skipped", "refused"]
    file.write_bytes(calendar().encode())
    dry = deskcal(*WORDS, str(file), "--replace", "--dry-run", **HOME)
    assert (dry.code, dry.rows[0][0], "Nothing was changed" in dry.words) == (0, "removed", True)
    assert (
        deskcal("--json", *WORDS, str(file), "--replace", **HOME).value["events"][0]["verdict"] == "removed"
    )
    assert deskcal("--json", "provider", "windows", "vik", **HOME).value == []


def test_from_the_web(deskcal: Deskcal) -> None:
    """A calendar is fetched, also by way of another address; what is not there is said."""
    made_clinic(deskcal)
    with _web(calendar(_on(45))) as url:
        found = [deskcal(*WORDS, f"{url}{path}", "--dry-run", **HOME) for path in ("/busy.ics", "/old", "/x")]
    assert [one.code for one in found] == [0, 0, 4]
    assert found[0].rows[0][0] == "imported"
    assert "404" in found[2].words
    assert deskcal(*WORDS, f"{url}/busy.ics", **HOME).code == 6


def test_no_calendar(deskcal: Deskcal, tmp_path: Path) -> None:
    """What is no calendar, or not there, is refused in a sentence."""
    made_clinic(deskcal)
    file = tmp_path / "list.csv"
    file.write_text("name,date\n")
    for words, code, said in (
        ([str(file)], 2, "no calendar file"),
        ([str(tmp_path / "none.ics")], 4, "There is no file"),
        ([str(tmp_path)], 2, "cannot be read"),
    ):
        wrong = deskcal(*WORDS, *words, **HOME)
        assert (wrong.code, said in wrong.words) == (code, True)
    file.write_bytes(b"\xff\xfe\x00")
    assert "UTF-8" in deskcal(*WORDS, str(file), **HOME).words
