import json
import socket
import subprocess
from pathlib import Path

import pytest

from cli.typed import COMMAND, Demo, Deskcal
from deskcal.cli.exits import OF_PROBLEM, Exit
from deskcal.server.problems import TABLE, UNAVAILABLE


def test_ambiguous_name(deskcal: Deskcal) -> None:
    """A name that fits two patients is a usage error that lists both, with what tells them apart."""
    said = deskcal("patient", "show", "wei chen")
    assert said.code == Exit.USAGE
    assert "born 1976-06-05" in said.words
    assert "born 1976-06-15" in said.words
    assert deskcal("patient", "show", "wei chen 1976-06-15").code == Exit.DONE


@pytest.mark.parametrize(
    ("words", "code", "hint"),
    [
        ("provider show nobody", Exit.NOT_FOUND, "Dr. Ana Perez"),
        ("--clinic nowhere room list", Exit.NOT_FOUND, "riverside"),
        ("show 0198d6f2-6c1e-7d3a-9b57-1f0c2a4e8d90", Exit.NOT_FOUND, "no such appointment"),
        ("show B-1", Exit.NOT_FOUND, "deskcal appointments"),
        ("--server http://127.0.0.1:9 --token x whoami", Exit.UNREACHABLE, "http://127.0.0.1:9"),
        ("--data-dir /nowhere whoami", Exit.UNREACHABLE, "deskcal serve"),
        ("clinic create Mars --timezone Mars", Exit.USAGE, "America/New_York"),
        ("service add Tea --duration 5 --price 8,5", Exit.USAGE, "80.00"),
        ("token create --role admin --expires never", Exit.USAGE, "30d"),
        ("free consultation --on 2026-13-45", Exit.USAGE, '"13" is not a month'),
        ("provider set-hours perez mon 9-5", Exit.USAGE, "09:00-12:00"),
        ("provider set-hours perez", Exit.USAGE, "--json-file"),
    ],
)
def test_failure(deskcal: Deskcal, words: str, code: Exit, hint: str) -> None:
    """A failure says what to do on stderr, nothing on stdout, and ends with the code of its kind."""
    said = deskcal(*words.split())
    assert said.code == code
    assert hint in said.words
    assert said.out == ""


def test_no_token(deskcal: Deskcal, demo: Demo, tmp_path: Path) -> None:
    """A server elsewhere wants a token, and the answer says where to give it."""
    said = deskcal("--data-dir", str(tmp_path), "--server", demo.url, "clinic", "list")
    assert (said.code, "--token" in said.words) == (Exit.NOT_ALLOWED, True)


def test_json_at_the_end(here: dict[str, str]) -> None:
    """Where a person puts `--json` does not matter."""
    done = subprocess.run([*COMMAND, "whoami", "--json"], capture_output=True, check=True, env=here)
    assert json.loads(done.stdout)["role"] == "ops"


def test_wrong_setting(deskcal: Deskcal) -> None:
    """A setting that cannot be is named as its variable."""
    said = deskcal("whoami", DESKCAL_HOLD_SECONDS="5")
    assert (said.code, "DESKCAL_HOLD_SECONDS" in said.words) == (Exit.USAGE, True)


def test_every_problem_has_an_exit_code() -> None:
    """No refusal of the server ends a command as unexpected."""
    codes = {code for _, code, _ in TABLE.values()} | {json.loads(UNAVAILABLE)["error"]}
    assert codes <= set(OF_PROBLEM)


def test_token(deskcal: Deskcal, demo: Demo) -> None:
    """A token works until it is revoked; a patient's may not do what staff may."""
    made = deskcal("--json", "token", "create", "--role", "patient", "--patient", demo.patient_id).value
    mine = {"DESKCAL_TOKEN": made["token"]}
    assert deskcal("--json", "whoami", **mine).value["patientId"] == demo.patient_id
    assert deskcal("patient", "find", "chen", **mine).code == Exit.NOT_ALLOWED
    assert made["token"] not in deskcal("token", "list").out
    assert deskcal("token", "revoke", made["id"]).code == Exit.DONE
    assert deskcal("whoami", **mine).code == Exit.NOT_ALLOWED


def test_doctor(deskcal: Deskcal, tmp_path: Path) -> None:
    """A running server is well in every part; where none runs that fails, with what to type."""
    states = {row[1]: row[0] for row in deskcal("doctor").rows}
    assert {
        states[name] for name in ("data folder", "server", "database", "migrations", "feed", "clock")
    } == {"ok"}
    ill = deskcal("--data-dir", str(tmp_path), "--json", "doctor")
    assert ill.code == Exit.REFUSED
    [failed] = [finding for finding in ill.value if finding["state"] == "fail"]
    assert "deskcal serve" in failed["remedy"]


def test_log_followed(deskcal: Deskcal, here: dict[str, str]) -> None:
    """`log --follow` tells what happens from then on, a JSON value a line, and ends well at Ctrl-C."""
    command = [*COMMAND, "--json", "log", "--follow", "--type", "room.*"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=here) as following:
        assert following.stderr is not None
        assert following.stdout is not None
        assert b"Following the log of Riverside Clinic" in following.stderr.readline()
        deskcal("patient", "add", "Not Told Of", "--dob", "1990-01-01")
        room = deskcal("--json", "room", "add", "Attic").value
        assert json.loads(following.stdout.readline())["aggregateId"] == room["id"]
        following.send_signal(2)
        assert following.wait() == Exit.DONE


def test_serve_refused(demo: Demo, fresh_folder: Path) -> None:
    """Serve says in one sentence why it cannot: folder in use 3, open to the network 2, port taken 1."""

    def ends(*words: str) -> tuple[int, str]:
        done = subprocess.run([*COMMAND, *words], capture_output=True, text=True, check=False)
        assert done.stdout == ""
        return done.returncode, done.stderr

    code, said = ends("--data-dir", str(demo.folder), "serve")
    assert (code, demo.url in said) == (Exit.REFUSED, True)
    code, said = ends("--data-dir", str(fresh_folder), "serve", "--host", "0.0.0.0")  # noqa: S104  it is refused
    assert (code, "--behind-proxy" in said) == (Exit.USAGE, True)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        code, said = ends("--data-dir", str(fresh_folder), "serve", "--port", port)
    assert (code, said.count("\n"), "--port" in said) == (Exit.UNEXPECTED, 1, True), said
