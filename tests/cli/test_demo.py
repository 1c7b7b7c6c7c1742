import os
import subprocess
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count, pairwise
from pathlib import Path
from random import Random
from types import MappingProxyType
from uuid import UUID

import psutil  # type: ignore[import-untyped]  # it ships no types
import pytest

from cli.typed import COMMAND, Deskcal
from deskcal.cli.exits import Exit
from deskcal.core.clinic import Provider
from deskcal.core.rota import open_spans, parse_words
from deskcal.core.session import own_window
from deskcal.flows.demo_calendar import Planner, Visit
from deskcal.flows.demo_clinic import ROOMS, SERVICES, STAFF
from deskcal.flows.demo_people import people
from deskcal.server.folder import read_address


def plan(now: datetime) -> list[Visit]:
    ids = (UUID(int=number) for number in count(1))
    services = [replace(service, id=next(ids)) for service in SERVICES]
    providers = [
        Provider(
            id=next(ids),
            name=staff.name,
            timezone="America/New_York",
            specialty=staff.specialty,
            openings=parse_words(staff.hours.split()),
            prices=MappingProxyType({one.id: None for one in services if one.title in staff.offers}),
        )
        for staff in STAFF
    ]
    random = Random(now.date().toordinal())  # noqa: S311  it makes up people
    patients = [replace(one, id=next(ids)) for one in people(random, now.date(), 400)]
    planner = Planner(
        random=random,
        now=now,
        providers=providers,
        services=services,
        rooms=[replace(room, id=next(ids)) for room in ROOMS],
        patients=patients,
    )
    return planner.visits()


@pytest.mark.parametrize("day", range(7))
def test_planned(day: int) -> None:
    """Whatever the weekday and across a clock change: hours and lunch kept, nothing at once, today busy."""
    now = datetime(2026, 10, 26, 15, tzinfo=UTC) + timedelta(days=day)
    visits = plan(now)
    assert visits == plan(now)
    assert any(visit.span.start.date() == now.date() for visit in visits)
    taken = defaultdict(list)
    for visit in visits:
        local = visit.span.start.astimezone(visit.provider.zone).date()
        hours = open_spans(visit.provider.openings, local, visit.provider.zone)
        whole = own_window(visit.service, visit.span)
        assert any(span.contains(whole) for span in hours)
        assert visit.asked_at < min(visit.span.start, now)
        room = [visit.room.id] if visit.room else []
        for resource in (visit.provider.id, visit.patient.id, *room):
            taken[resource].append(whole)
    for spans in taken.values():
        assert not any(one.overlaps(other) for one, other in pairwise(sorted(spans)))


def test_people() -> None:
    """Four hundred people can tell one another apart by name, birth date or phone, and none is real."""
    made = people(Random(1), date(2026, 11, 21), 400)  # noqa: S311  the same
    assert len({one.phone for one in made}) == len(made) == 400
    assert all(one.phone and one.phone[6:12] == "555-01" for one in made)
    assert all(one.email is None or one.email.endswith("@example.org") for one in made)
    assert sum(one.name == "Maria Lopez" for one in made) == 2
    assert not all(one.name.isascii() for one in made)


def test_seeded(deskcal: Deskcal) -> None:
    """The demo clinic has its people and three weeks of appointments, past ones too, in the clinic's zone."""
    assert len(deskcal("provider", "list").rows) >= 6
    assert len(deskcal("service", "list").rows) >= 8
    found = deskcal("--json", "appointments").value
    assert len(found) > 300
    days = {one["start"][:10] for one in found if one["createdAt"] < one["start"]}
    assert (date.fromisoformat(max(days)) - date.fromisoformat(min(days))).days >= 19
    assert {one["timezone"] for one in found} == {"America/New_York"}


def test_desk_starts_a_server(fresh_folder: Path) -> None:
    """The desk starts a server where none runs, which goes on after it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DESKCAL_")}
    words = ["--data-dir", str(fresh_folder), "--clinic", "nowhere", "tui"]
    done = subprocess.run([*COMMAND, *words], capture_output=True, text=True, check=False, env=environment)
    servers = [
        one
        for one in psutil.process_iter(["cmdline"])
        if {str(fresh_folder), "serve"} <= set(one.info["cmdline"] or ())
    ]
    try:
        assert done.returncode == Exit.NOT_FOUND
        assert "deskcal clinic create" in done.stderr
        assert read_address(fresh_folder) is not None
        assert len(servers) == 1
    finally:
        for server in servers:
            server.terminate()
            server.wait()
