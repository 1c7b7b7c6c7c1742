"""The database from the command line: with a server on it, and without one."""

from functools import partial
from pathlib import Path

import pytest

from cli.harming import harming
from cli.typed import Demo, Deskcal
from deskcal.cli.exits import Exit


def test_what_a_server_runs_on_is_backed_up_and_not_restored(deskcal: Deskcal, tmp_path: Path) -> None:
    """A backup is taken beside a running server; restoring waits until it is stopped, and says so."""
    file = str(tmp_path / "clinic.deskcal")
    made = deskcal("--json", "db", "backup", file)
    assert made.code == Exit.DONE, made.words
    clinics = deskcal("--json", "clinic", "list").value
    assert made.value["tables"]["clinics"]["rows"] == len(clinics)
    would = deskcal("--json", "db", "restore", file, "--dry-run")
    assert (would.code, would.value) == (Exit.DONE, made.value)
    refused = deskcal("--yes", "db", "restore", file, "--replace")
    assert (refused.code, "Stop it first" in refused.words) == (Exit.REFUSED, True)
    assert deskcal("clinic", "list").code == Exit.DONE


def test_a_clinic_moves_to_another_machine(deskcal: Deskcal, tmp_path: Path, fresh_folder: Path) -> None:
    """A backup restored into an empty folder has the same rows; restored again nothing more is done."""
    file = str(tmp_path / "clinic.deskcal")
    made = deskcal("--json", "db", "backup", file).value
    there = partial(deskcal, DESKCAL_DATA_DIR=str(fresh_folder))
    restored = there("--json", "db", "restore", file)
    assert restored.code == Exit.DONE, restored.words
    rows = {one["name"]: one["rows"] for one in there("--json", "db", "status").value["tables"]}
    assert rows == {name: table["rows"] for name, table in made["tables"].items()}
    assert there("db", "restore", file).code == Exit.DONE
    assert there("db", "upgrade").words == "The database is up to date.\n"


@pytest.mark.parametrize(
    ("words", "ends", "said"),
    [
        (("restore", "nowhere.deskcal"), Exit.NOT_FOUND, "There is no nowhere.deskcal"),
        (("restore", __file__), Exit.REFUSED, "no backup"),
        (("backup", "/nowhere/clinic.deskcal"), Exit.NOT_FOUND, "/nowhere/clinic.deskcal"),
        (("archive", "--before", "soon"), Exit.USAGE, "2026-01"),
        (("archive", "--before", "2999-01"), Exit.USAGE, "still to come"),
    ],
)
def test_what_is_wrong_is_said(words: tuple[str, ...], ends: Exit, said: str, deskcal: Deskcal) -> None:
    """A file that is not there or no backup, and a month that is none, have a sentence each."""
    done = deskcal("--yes", "db", *words)
    assert (done.code, said in done.words) == (ends, True), done.words


def test_who_reads_below_the_archive_is_told(deskcal: Deskcal, demo: Demo) -> None:
    """The log and the audit of an old appointment name the file that has what is missing."""
    deskcal("book", "Mario Lopez", "Consultation", "Dr. Perez", "+3 10:30")
    with harming(demo) as connection:
        connection.execute(
            "insert into log_archives select clinic_id, date_trunc('month', now()), 1, 9, 9,"
            " now() + interval '1 year', '/old/log.jsonl.gz', '', now() from clinics"
        )
        try:
            [one, *_] = deskcal("--json", "appointments", "--patient", "Mario Lopez").value
            assert "/old/log.jsonl.gz" in deskcal("show", one["reference"], "--audit").words
            assert "1 to 9 are archived in /old/log.jsonl.gz" in deskcal("log", "--since", "8").words
            assert "archived" not in deskcal("log", "--since", "9", "--type", "clinic.*").words
        finally:
            connection.execute("delete from log_archives")


def test_an_old_log_is_empty(deskcal: Deskcal) -> None:
    """Of a clinic that was made today nothing is old enough."""
    done = deskcal("--json", "db", "archive", "--before", "2020-01")
    assert (done.code, done.value) == (Exit.DONE, [])
