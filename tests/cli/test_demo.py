import os
import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from uuid import UUID

import psutil  # type: ignore[import-untyped]  # it ships no types
import pytest

from cli.typed import COMMAND, Deskcal
from deskcal.cli.exits import Exit
from deskcal.core.hours import hours_of, open_spans
from deskcal.core.session import own_window
from deskcal.core.span import Span
from deskcal.flows.demo_calendar import Planner, Visit
from deskcal.flows.demo_founding import found
from deskcal.flows.demo_people import people
from deskcal.server.folder import read_address
from deskcal.store import catalog
from deskcal.store.catalog import Catalog
from deskcal.store.database import Database

NEXT_YEAR = datetime.now(UTC).year + 1


def whole(visit: Visit) -> Span:
    return own_window(visit.service, visit.span)


def at_once(spans: Iterable[Span]) -> int:
    """Count how many of them there are at the busiest moment."""
    edges = [edge for span in spans for edge in ((span.end, -1), (span.start, 1))]
    now = most = 0
    for _, step in sorted(edges):
        now += step
        most = max(most, now)
    return most


async def plan(database: Database, now: datetime) -> tuple[Catalog, list[Visit]]:
    clinic = await found(database, now - timedelta(days=60), now.date())
    async with database.read(clinic.id) as tx:
        known = await catalog.catalog(tx)

    def visits() -> list[Visit]:
        random = Random(now.date().toordinal())  # noqa: S311  it makes up people
        made_up = enumerate(people(random, now.date(), 400))
        patients = [replace(one, id=UUID(int=number)) for number, one in made_up]
        return Planner(random=random, now=now, known=known, patients=patients).visits()

    planned = visits()
    assert planned == visits()
    return known, planned


@pytest.mark.parametrize("day", range(7))
async def test_planned(database: Database, day: int) -> None:
    """Whatever the weekday, across a clock change and a holiday: hours and rules kept, nothing doubled."""
    now = datetime(NEXT_YEAR, 11, 1, 15, tzinfo=UTC) + timedelta(days=day)
    known, visits = await plan(database, now)
    assert any(visit.span.start.date() == now.date() for visit in visits)
    taken = defaultdict(set)
    days: Counter[tuple[date, str]] = Counter()
    for visit in visits:
        local = visit.span.start.astimezone(visit.provider.zone).date()
        for thing in (visit.provider, *([visit.room] if visit.room else ())):
            assert any(span.contains(whole(visit)) for span in open_spans(hours_of(thing), local))
        assert visit.asked_at < visit.span.start
        assert visit.asked_at <= now
        days.update([(local, visit.provider.name), (local, visit.service.title)])
        taken[visit.patient.id].add((whole(visit), visit.service.id))
        if visit.room:
            taken[visit.room.id].add((whole(visit), visit.service.id))
        if not visit.overbook_reason:
            taken[visit.provider.id].add((whole(visit), visit.service.id))
    for spans in taken.values():
        assert not any(one.overlaps(other) for (one, _), (other, _) in pairwise(sorted(spans)))
    assert max(count for (_, name), count in days.items() if name == "Minor procedure") <= 3
    assert max(count for (_, name), count in days.items() if name == "Dr. Fatima Haddad") <= 16
    for pool in known.equipment:
        used = [whole(visit) for visit in visits if visit.service.equipment_type == pool.type]
        assert 0 < at_once(used) <= len(pool.units)


async def test_planned_together(database: Database) -> None:
    """A class has several patients and seats left; who is squeezed in comes on top, with a reason."""
    now = datetime(NEXT_YEAR, 11, 1, 15, tzinfo=UTC)
    _, visits = await plan(database, now)
    classes = [visit for visit in visits if visit.service.capacity > 1]
    seats = Counter(visit.span for visit in classes)
    assert {4 <= count <= 8 for count in seats.values()} == {True}
    assert len({(visit.span, visit.patient.id) for visit in classes}) == len(classes)
    on_top = [visit for visit in visits if visit.overbook_reason]
    assert on_top
    for visit in on_top:
        others = [one for one in visits if one.provider == visit.provider and one is not visit]
        assert any(whole(one).overlaps(whole(visit)) and one.asked_at < visit.asked_at for one in others)


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
