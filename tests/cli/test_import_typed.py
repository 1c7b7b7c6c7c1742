"""Imports from the command line, on a real server: mended, stopped, killed, and taken back."""

import csv
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import httpx
import pytest

from architecture.pages import ROOT
from cli.typed import COMMAND, Deskcal
from deskcal.cli.exits import Exit
from deskcal.core.access import Role
from house import House
from processes import ServerProcess

VITORIA = ROOT / "docs" / "examples" / "vitoria.toml"
HEADER = "PatientId,AppointmentID,Gender,AppointmentDay,Age,Neighbourhood,No-show"
MANY = 720
PLACES, MISSED = ("SÃO PEDRO", "CENTRO", "CENTRO"), ("Yes", "No", "No", "No")

Typed = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
async def elsewhere(start_server: Callable[[], ServerProcess], house: House) -> dict[str, str]:
    """Give the environment of an admin's machine, whose server is of this test's own."""
    return os.environ | {
        "DESKCAL_SERVER_URL": start_server().url,
        "DESKCAL_TOKEN": house.tokens[Role.ADMIN],
    }


@pytest.fixture
def typed(elsewhere: dict[str, str]) -> Typed:
    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*COMMAND, *words], capture_output=True, text=True, check=False, env=elsewhere)

    return run


@pytest.fixture
def visits(tmp_path: Path) -> Path:
    """Write a file of the shape of the public data set: days without times, ids without their last digits."""
    path = tmp_path / "visits.csv"
    rows = (
        f"2.98725E+13,{number},F,2016-04-29T00:00:00Z,{number % 90},{PLACES[number % 3]},{MISSED[number % 4]}"
        for number in range(MANY)
    )
    path.write_text("\n".join([HEADER, *rows]) + "\n")
    return path


async def test_the_public_data_set_with_one_command(typed: Typed, visits: Path) -> None:
    """Days get times, neighbourhoods get locations and providers enough, and the batch goes away whole."""
    words = ("import", "appointments", str(visits), "--map-file", str(VITORIA))
    tried = typed("--json", *words, "--dry-run")
    assert (tried.returncode, json.loads(tried.stdout)["accepted"]) == (Exit.DONE, MANY)
    assert json.loads(typed("--json", "import", "list").stdout) == []
    done = typed("--json", *words)
    assert done.returncode == Exit.DONE, done.stderr
    batch = json.loads(done.stdout)["importId"]
    places = {one["name"] for one in json.loads(typed("--json", "location", "list").stdout)}
    assert places == {"CENTRO", "SÃO PEDRO"}
    names = {one["name"] for one in json.loads(typed("--json", "provider", "list").stdout)}
    assert {"Clinic CENTRO", "Clinic CENTRO 2", "Clinic SÃO PEDRO 7"} <= names
    missed = typed("--json", "appointments", "--date", "2016-04-29", "--status", "no_show")
    assert len(json.loads(missed.stdout)) == MANY // 4
    shown = json.loads(typed("--json", "import", "show", batch).stdout)
    assert (shown["state"], shown["taken"], shown["accepted"]) == ("finished", MANY, MANY)
    gone = typed("--json", "--yes", "import", "revert", batch)
    assert (gone.returncode, json.loads(gone.stdout)["appointments"]) == (Exit.DONE, MANY)
    assert "Clinic" not in typed("provider", "list").stdout
    assert typed("--yes", "import", "revert", batch).returncode == Exit.REFUSED


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
async def test_stopped_and_typed_again(
    end: signal.Signals, typed: Typed, elsewhere: dict[str, str], visits: Path
) -> None:
    """Killed or interrupted in the middle and typed again, an import is what one run would have made."""
    words = ("import", "appointments", str(visits), "--map-file", str(VITORIA))
    code, said = _stopped(words, elsewhere, end)
    if end is signal.SIGINT:
        assert (code, "type the same again" in said) == (Exit.UNEXPECTED, True), said
    [half] = json.loads(typed("--json", "import", "list").stdout)
    assert (half["state"], 0 < half["taken"] < MANY) == ("running", True)
    again = typed("--json", *words)
    assert (again.returncode, json.loads(again.stdout)["accepted"]) == (Exit.DONE, MANY), again.stderr
    [whole] = json.loads(typed("--json", "import", "list").stdout)
    assert (whole["id"], whole["taken"], whole["state"]) == (half["id"], MANY, "finished")
    found = typed("--json", "appointments", "--date", "2016-04-29")
    starts = [(one["providerId"], one["start"]) for one in json.loads(found.stdout)]
    assert len(starts) == len(set(starts)) == MANY
    assert json.loads(typed("--json", *words).stdout) == json.loads(again.stdout)


async def test_mended_and_imported_again(typed: Typed, house: House, tmp_path: Path) -> None:
    """Rows that are refused come back in a file with the reason, which is imported once they are mended."""
    file, out = tmp_path / "new.csv", tmp_path / "refused.csv"
    file.write_text(
        f"Who;Born;When;With;What\n"
        f"Maria Lopez;12.03.1984;{house.day} 09:00;Dr. Li Chen;Consult\n"
        f"Mario Lopez;31.02.1984;{house.day} 09:00;Dr. Li Chen;Consult\n"
        f"Aiko Tanaka;12.03.1984;{house.day} 09:15;Dr. Li Chen;Consult\n"
    )
    recipe = tmp_path / "recipe.toml"
    recipe.write_text('[columns]\npatient_name = "Who"\n[dates]\ndate_of_birth = "%d.%m.%Y"\n')
    maps = [
        word
        for pair in ("date_of_birth=Born", "start=When", "provider=With", "service=What")
        for word in ("--map", pair)
    ]
    words = ("--map-file", str(recipe), *maps, "-o", str(out))
    done = typed("import", "appointments", str(file), *words)
    assert done.returncode == Exit.REFUSED
    assert [line.split("\t")[:2] for line in done.stdout.splitlines()] == [["2", "Born"], ["3", "When"]]
    assert typed("import", "appointments", str(file), *words).stdout == done.stdout
    with out.open(encoding="utf-8-sig", newline="") as refused:
        records = list(csv.DictReader(refused))
    assert [one["deskcal_row"] for one in records] == ["2", "3"]
    assert "In the way: B-" in records[1]["deskcal_reason"]
    text = out.read_text(encoding="utf-8-sig")
    out.write_text(
        text.replace("31.02.1984", "12.03.1984").replace("09:15", "10:15").replace(" 09:00", " 14:00")
    )
    assert "name another" in typed("import", "appointments", str(out), *words).stderr
    assert typed("import", "appointments", str(out), *words[:-2]).returncode == Exit.DONE


async def test_all_or_nothing(typed: Typed, house: House, tmp_path: Path) -> None:
    """With `--on-conflict fail` one clash keeps out every row, and the batch does not stay."""
    file = tmp_path / "new.csv"
    row = "{},1984-03-12,{} {},Dr. Li Chen,Consult\n"
    head = "patient name,date of birth,start,provider,service\n"
    first, second = (
        row.format("Maria Lopez", house.day, "09:00"),
        row.format("Aiko Tanaka", house.day, "09:15"),
    )
    file.write_text(head + first + second)
    done = typed("--json", "import", "appointments", str(file), "--on-conflict", "fail")
    assert (done.returncode, json.loads(done.stdout)["importId"]) == (Exit.REFUSED, None)
    assert json.loads(typed("--json", "appointments", "--date", str(house.day)).stdout) == []
    [gone] = json.loads(typed("--json", "import", "list").stdout)
    assert gone["state"] == "reverted"
    moved = typed("import", "appointments", str(file), "--on-conflict", "next-free")
    assert (moved.returncode, moved.stdout.split("\t")[0]) == (Exit.DONE, "2")
    assert "moved to" in moved.stdout


@pytest.mark.parametrize(
    ("words", "code", "hint"),
    [
        (["patients", "nowhere.csv"], Exit.USAGE, "cannot be read"),
        (["patients", "people.csv", "--map", "nam=Name"], Exit.USAGE, "did you mean name?"),
        (["patients", "people.csv", "--map-file", "nowhere.toml"], Exit.USAGE, "nowhere.toml"),
        (["patients", "people.csv", "--create", "patient"], Exit.USAGE, "did you mean patients?"),
        (["show", "B-20001"], Exit.USAGE, "deskcal import list"),
        (["show", "0198d6f2-6c1e-7d3a-9b57-1f0c2a4e8d90"], Exit.NOT_FOUND, "deskcal import list"),
    ],
)
def test_what_is_typed_wrong(
    words: list[str], code: Exit, hint: str, deskcal: Deskcal, tmp_path: Path
) -> None:
    """A mistake is named with what would be right, before anything is taken."""
    (tmp_path / "people.csv").write_text("Name\nNadia Haddad\n")
    said = deskcal("import", *(str(tmp_path / word) if word.endswith("e.csv") else word for word in words))
    assert (said.code, said.out) == (code, "")
    assert hint in said.words


def _stopped(words: Sequence[str], environment: dict[str, str], end: signal.Signals) -> tuple[int, str]:
    """Type a command and stop it once the server has some rows; gives how it ended and what it said."""
    headers = {"Authorization": f"Bearer {environment['DESKCAL_TOKEN']}"}
    deadline = time.monotonic() + 30
    with subprocess.Popen(
        [*COMMAND, *words], env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stderr is not None
        with httpx.Client(base_url=environment["DESKCAL_SERVER_URL"], headers=headers) as http:
            while not any(one["taken"] for one in http.get("/v1/imports").json()["items"]):
                assert time.monotonic() < deadline
        process.send_signal(end)
        said = process.stderr.read()
    return process.returncode, said
