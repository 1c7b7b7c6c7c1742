"""Many appointments at once, typed: done once, told one by one, left alone with Ctrl-C, and undone."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import psycopg
import pytest

from cli.typed import COMMAND, Demo, Deskcal
from deskcal.cli.exits import Exit
from deskcal.store.embedded import prepare

WEEKS = count(20)
DAYS = 7


class Week:
    """A week of its own, far ahead, in which Dr. Perez sees a new patient each day that can be had."""

    def __init__(self, deskcal: Deskcal) -> None:
        first = next(WEEKS) * DAYS
        self.days = ("--provider", "perez", "--from", f"+{first}", "--to", f"+{first + DAYS - 1}")
        self.patient = f"Nadia Week{first}"
        deskcal("patient", "add", self.patient, "--dob", "1990-01-01")
        often = ("--repeat", f"FREQ=DAILY;COUNT={DAYS}", "--on-conflict", "skip")
        made = deskcal("--json", "book", self.patient, "follow-up", "perez", f"+{first} 10:30", *often)
        self.booked: list[dict[str, Any]] = made.value["booked"]
        assert len(self.booked) > 1

    def starts(self, deskcal: Deskcal) -> list[str]:
        """List when the patient comes."""
        found = deskcal("--json", "appointments", "--upcoming", "--patient", self.patient).value
        return [one["start"] for one in found]


@pytest.fixture
def week(deskcal: Deskcal) -> Week:
    return Week(deskcal)


def test_canceled_once_and_brought_back(deskcal: Deskcal, week: Week) -> None:
    """Judged first, then done; typed again it is the same job; undone everybody comes as before."""
    starts = week.starts(deskcal)
    judged = deskcal("bulk", "cancel", *week.days, "--dry-run")
    assert (judged.code, len(judged.rows)) == (Exit.DONE, len(starts))
    assert week.starts(deskcal) == starts
    done = deskcal("--json", "--yes", "bulk", "cancel", *week.days, "--reason", "ill")
    job = done.value
    assert (done.code, job["state"], job["done"], len(job["items"])) == (0, "done", len(starts), len(starts))
    assert week.starts(deskcal) == []
    again = deskcal("--yes", "bulk", "cancel", *week.days, "--reason", "ill")
    assert (again.code, job["id"] in again.words) == (Exit.DONE, True)
    anew = deskcal("--json", "--yes", "bulk", "cancel", *week.days, "--reason", "ill", "--again").value
    assert (anew["id"] != job["id"], anew["total"]) == (True, 0)

    could = deskcal("bulk", "undo", job["id"], "--dry-run")
    assert [row[4] for row in could.rows] == ["done"] * len(starts)
    back = deskcal("--yes", "bulk", "undo", job["id"])
    assert (back.code, week.starts(deskcal)) == (Exit.DONE, starts)
    assert deskcal("--json", "bulk", "show", job["id"]).value["state"] == "undone"
    assert deskcal("--yes", "bulk", "undo", job["id"]).code == Exit.REFUSED
    for way in ("stop", "resume"):
        assert deskcal("bulk", way, job["id"]).code == Exit.REFUSED
    assert [job["id"], "undone"] in [[row[-1], row[2]] for row in deskcal("bulk", "list").rows]


def test_refused_with_reasons(deskcal: Deskcal, week: Week) -> None:
    """What cannot be had ends in exit code 3, each with its reason; the audit names the job."""
    first, *_ = week.booked
    moved = deskcal("bulk", "move", *week.days, "--minutes", "-600")
    assert moved.code == Exit.REFUSED
    assert {row[4] for row in moved.rows} == {"refused"}
    assert all(row[5] for row in moved.rows)
    [*_, last] = deskcal("show", first["reference"], "--audit").rows
    assert (last[2], '"jobId"' in last[4]) == ("refused", True)
    given = deskcal("--json", "bulk", "reassign", *week.days, "--to-provider", "chen", "--dry-run").value
    assert len(given["items"]) == len(week.booked)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("cancel", "--from", "fri", "--to", "fri"), Exit.USAGE),
        (("cancel", "--provider", "perez", "--from", "fri", "--to", "2020-01-01"), Exit.USAGE),
        (("cancel", "--provider", "nobody", "--from", "fri", "--to", "fri"), Exit.NOT_FOUND),
        (("move", "--provider", "perez", "--from", "fri", "--to", "fri"), Exit.USAGE),
        (("show", "7"), Exit.USAGE),
        (("show", "0198d6f2-6c1e-7d3a-9b57-1f0c2a4e8d90"), Exit.NOT_FOUND),
    ],
)
def test_mistakes(deskcal: Deskcal, words: tuple[str, ...], code: Exit) -> None:
    """What cannot be understood, or is not there, changes nothing."""
    before = deskcal("bulk", "list").out
    assert deskcal("--yes", "bulk", *words).code == code
    assert deskcal("bulk", "list").out == before


@contextmanager
def kept_from_changing(demo: Demo, appointment_id: str) -> Iterator[None]:
    """Let everybody who changes an appointment wait, until the end of the block."""
    url = prepare(demo.folder / "postgres").url(database="deskcal")
    with psycopg.connect(url) as connection:
        connection.execute("select from appointments where id = %s for no key update", [appointment_id])
        yield


def test_ctrl_c_leaves_the_job_alone(deskcal: Deskcal, demo: Demo, week: Week, here: dict[str, str]) -> None:
    """Interrupted, it says how to see and to stop the job, which goes on; typed again, it waits for it."""
    typed = [*COMMAND, "--json", "--yes", "bulk", "cancel", *week.days]
    with kept_from_changing(demo, week.booked[1]["id"]):
        with subprocess.Popen(typed, env=here, stderr=subprocess.PIPE, text=True) as process:
            while deskcal("bulk", "list").rows[0][2] != "running":
                assert process.poll() is None
            process.send_signal(signal.SIGINT)
            _, words = process.communicate()
        [job, *_] = deskcal("--json", "bulk", "list").value
        assert process.returncode != 0
        assert f"deskcal bulk show {job['id']}" in words
        assert f"deskcal bulk stop {job['id']}" in words
        assert (job["state"], job["done"]) == ("running", 1)
    ended = deskcal("--json", "--yes", "bulk", "cancel", *week.days).value
    assert (ended["id"], ended["done"]) == (job["id"], len(week.booked))
