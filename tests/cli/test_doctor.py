"""Each check of `deskcal doctor` finds what it claims to find, once that is broken."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner

from cli.typed import Said
from deskcal.cli import health
from deskcal.cli.exits import Exit
from deskcal.cli.health import State
from deskcal.cli.main import app
from deskcal.server.worker import Plan
from deskcal.store.embedded import Cluster
from deskcal.store.zone_data import ZoneData, copies
from processes import ServerProcess, server_process


@pytest.fixture
def server(plan: Plan) -> Iterator[ServerProcess]:
    with server_process(plan) as running:
        yield running


@pytest.fixture
def findings(server: ServerProcess, tmp_path: Path) -> Callable[[], dict[str, dict[str, Any]]]:
    """Let the doctor look at the server; gives what it found, by name."""

    def looked() -> dict[str, dict[str, Any]]:
        where = {"DESKCAL_SERVER_URL": server.url, "DESKCAL_DATA_DIR": str(tmp_path)}
        done = CliRunner().invoke(app, ["--json", "doctor"], env=where, prog_name="deskcal")
        said = Said(code=done.exit_code, out=done.stdout, words=done.stderr)
        failed = [one for one in said.value if one["state"] == "fail"]
        assert said.code == (Exit.REFUSED if failed else Exit.DONE)
        assert all(one["remedy"] for one in failed)
        return {one["what"]: one for one in said.value}

    return looked


@pytest.fixture
def harm(cluster: Cluster, database_url: str) -> Iterator[Callable[[str], None]]:
    """Do something to the server's database, and make everybody connect to it anew."""
    name = database_url.rpartition("/")[2].partition("?")[0]
    with psycopg.connect(cluster.url(), autocommit=True) as connection:

        def done(statement: str) -> None:
            outside = statement.startswith("alter database")
            with psycopg.connect(cluster.url() if outside else database_url, autocommit=True) as owner:
                owner.execute(statement.replace("THIS", name).encode())
            connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [name]
            )

        yield done
        connection.execute(f'alter database "{name}" allow_connections true'.encode())


def test_a_server_that_is_well(findings: Callable[[], dict[str, dict[str, Any]]]) -> None:
    """Nothing fails, and the bell was heard."""
    found = findings()
    assert {name: found[name]["state"] for name in ("server", "database", "migrations", "feed", "clock")} == {
        "server": "ok",
        "database": "ok",
        "migrations": "ok",
        "feed": "ok",
        "clock": "ok",
    }


def test_a_server_that_was_stopped(
    server: ServerProcess, findings: Callable[[], dict[str, dict[str, Any]]]
) -> None:
    """The address is known and nobody answers there."""
    server.kill()
    found = findings()
    assert (found["server"]["state"], server.url in found["server"]["found"]) == ("fail", True)
    assert "database" not in found


def test_a_database_that_cannot_be_reached(
    findings: Callable[[], dict[str, dict[str, Any]]], harm: Callable[[str], None]
) -> None:
    """The server answers and says that its database is away."""
    harm('alter database "THIS" allow_connections false')
    found = findings()
    assert (found["server"]["state"], found["database"]["state"]) == ("ok", "fail")
    assert found["database"]["found"] == "away"


def test_a_migration_that_is_missing(
    findings: Callable[[], dict[str, dict[str, Any]]], harm: Callable[[str], None]
) -> None:
    """A database that is behind is named with where it stands and where it has to be."""
    harm("update alembic_version set version_num = '0002'")
    found = findings()
    assert found["migrations"]["state"] == "fail"
    assert found["migrations"]["found"].startswith("at 0002, needs 00")
    assert found["database"]["state"] == "ok"


def test_a_bell_that_is_silent(
    findings: Callable[[], dict[str, dict[str, Any]]], harm: Callable[[str], None]
) -> None:
    """A feed whose connection stands and tells nothing is found by ringing."""
    harm("create function public.pg_notify(text, text) returns void language sql as ''")
    harm('alter database "THIS" set search_path = public, pg_catalog')
    looks = (findings() for _ in range(100))
    found = next(one for one in looks if one["feed"]["found"] != "reconnecting")
    assert (found["feed"]["state"], found["database"]["state"]) == ("fail", "ok")
    assert "silent" in found["feed"]["found"]


def test_clinics_that_are_not_kept_apart(
    findings: Callable[[], dict[str, dict[str, Any]]], harm: Callable[[str], None]
) -> None:
    """A role that steps over row-level security is found, with the statement that mends it."""
    harm("alter role deskcal_app bypassrls")
    try:
        found = findings()
    finally:
        harm("alter role deskcal_app nobypassrls")
    assert (found["clinics"]["state"], "nobypassrls" in found["clinics"]["remedy"]) == ("fail", True)
    assert findings()["clinics"]["state"] == "ok"


@pytest.mark.parametrize(
    ("apart", "state"),
    [(0, State.OK), (10, State.WARN), (-10, State.WARN), (90, State.FAIL), (-90, State.FAIL)],
)
def test_clocks_apart(apart: int, state: State) -> None:
    """Seconds are worth a word, half a minute fails."""
    told = format_datetime(datetime.now(UTC) + timedelta(seconds=apart), usegmt=True)
    assert health.clock(told).state is state
    assert health.clock(None).state is State.WARN


def test_a_disk_that_is_full(tmp_path: Path) -> None:
    """Little room is worth a word, none fails; a folder that is not there yet is looked for above."""
    free = {State.OK: 10_000_000_000, State.WARN: 1_000_000_000, State.FAIL: 0}
    found = [health.disk(tmp_path / "not" / "yet", lambda _place: free[state]) for state in free]  # noqa: B023
    assert [one.state for one in found] == list(free)
    assert str(tmp_path) in found[-1].remedy


def test_zone_data_that_is_missing_or_old(tmp_path: Path) -> None:
    """No data at all fails; a copy that is older than another and asked first is worth a word."""
    newest = ZoneData(version="2031b", place="here", root=tmp_path)
    old = ZoneData(version="2019a", place="there", root=tmp_path)
    unnamed = ZoneData(version=None, place="somewhere", root=tmp_path)
    assert health.time_zones([]).state is State.FAIL
    assert health.time_zones([newest, old]).state is State.OK
    assert [health.time_zones([one, newest]).state for one in (old, unnamed)] == [State.WARN, State.WARN]
    assert "2031b" in health.time_zones([old, newest]).remedy
    assert health.time_zones(copies()).state is not State.FAIL


def test_secrets_that_others_can_read(tmp_path: Path) -> None:
    """A key that is open to others fails, with the command that closes it."""
    (tmp_path / "secret.key").write_text("secret")
    (tmp_path / "secret.key").chmod(0o644)
    found = health.data_folder(tmp_path)
    assert (found.state, "chmod 600" in found.remedy) == (State.FAIL, True)
    (tmp_path / "secret.key").chmod(0o600)
    assert health.data_folder(tmp_path).state is State.OK
    assert health.data_folder(tmp_path / "not there").state is State.WARN
