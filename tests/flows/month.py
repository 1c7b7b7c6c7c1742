"""A month at a clinic that has to agree with what is on paper: states, times, fees, log and board."""

import asyncio
from collections import Counter
from collections.abc import Awaitable
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import combinations, pairwise
from typing import Any, LiteralString, TypeVar
from uuid import UUID

import psycopg
import pytest
from hypothesis.stateful import RuleBasedStateMachine, invariant

from deskcal.core.access import INSTALLATION
from deskcal.core.booking import Appointment
from deskcal.core.clinic import Provider, Service
from deskcal.core.span import Span
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board
from deskcal.flows.replay import Wanted, replay
from deskcal.store.database import Database
from flows.paper import Line, Paper, Refused, Written
from flows.practice import Practice

T = TypeVar("T")

FIRST = date(2027, 3, 1)
DAYS = (0, 13, 27)
"""Two weeks on, the clocks go forward."""
APPOINTMENTS: LiteralString = """
select id, status, version, starts_at, ends_at, provider_id, patient_id, room_id, equipment_unit_ids,
  charged_cents, refunded_cents, overbooked, missed_by, freed_at is not null from appointments
"""
OCCUPANCY: LiteralString = """
select coalesce(hold_id, appointment_id), resource_id, lower(during), upper(during), overbooked from occupancy
"""
LOG: LiteralString = """
select seq, event_type, aggregate_id from log where clinic_id = %s and seq > %s order by seq
"""
SHARED = 1 << 62
"""The keys of group sessions are above it. A lower one is nobody's business, and the log does not tell it."""


class Month(RuleBasedStateMachine):
    """A clinic and its paper. What is done to it goes through `done`; after each step both agree."""

    def __init__(self, practice: Practice) -> None:
        super().__init__()
        self.house = practice.house
        self.services = dict(practice.services)
        self.stack = ExitStack()
        url = self.stack.enter_context(practice.copy())
        self.truth = self.stack.enter_context(psycopg.connect(url, autocommit=True))
        self.runner = self.stack.enter_context(asyncio.Runner())
        self.database = Database(url, connections=2)
        self.run(self.database.open())
        self.board = Board(self.database)
        self.paper = Paper(
            now=self.at(-2, 0),
            rooms=tuple(room.id for room in self.house.rooms),
            pools={"xray": practice.units},
        )
        self.seq = len(self.truth.execute(LOG, [self.house.clinic.id, 0]).fetchall())
        self.told: list[tuple[str, UUID]] = []

    def teardown(self) -> None:
        self.run(self.database.close())
        self.stack.close()

    def run(self, work: Awaitable[T]) -> T:
        async def done() -> T:
            return await work

        return self.runner.run(done())

    def at(self, day: int, quarter: int) -> datetime:
        return self.house.at(*divmod(quarter * 15, 60), day=FIRST + timedelta(days=day))

    def asking(self) -> Asking[Any]:
        return self.house.asking(self.paper.now)

    def done(self, work: Awaitable[T], refused: Refused, about: Written | None = None) -> T | None:
        """Do what must succeed, or be refused just so; a refused attempt on an appointment is told."""
        if refused is None:
            return self.run(work)
        with pytest.raises(refused) as raised:
            self.run(work)
        assert raised.type is refused
        if about:
            self.told.append(("appointment.refused", about.id))
        return None

    def line(self, kind: str, provider: int, day: int, quarter: int, **facts: Any) -> Line:
        service = self.services[kind]
        return Line(
            id=facts.pop("id", INSTALLATION),
            service=service,
            provider_id=self.provider(provider).id,
            patient_id=facts.pop("patient_id", None),
            room_id=facts.pop("room_id", None),
            unit_ids=(),
            span=Span.of_minutes(self.at(day, quarter), service.duration_minutes),
            **facts,
        )

    def provider(self, number: int) -> Provider:
        return (self.house.perez, self.house.chen)[number]

    def write(self, found: Appointment, service: Service, event: str) -> UUID:
        """Write a new appointment down, at today's price and policy."""
        self.paper.made[found.id] = Written(
            id=found.id,
            service=service,
            provider_id=found.provider_id,
            patient_id=found.patient_id,
            room_id=found.room_id,
            unit_ids=found.unit_ids,
            span=found.span,
            status=found.status,
            price_cents=service.price_cents,
            policy=service.policy,
            overbooked=found.overbooked,
        )
        self.told.append((event, found.id))
        return found.id

    @invariant()
    def same_appointments(self) -> None:
        written = {
            (
                line.id,
                line.status.value,
                line.version,
                line.span.start,
                line.span.end,
                line.provider_id,
                line.patient_id,
                line.room_id,
                line.unit_ids,
                line.charged_cents,
                line.refunded_cents,
                line.overbooked,
                line.missed_by.value if line.missed_by else None,
                line.freed,
            )
            for line in self.paper.made.values()
        }
        rows = self.truth.execute(APPOINTMENTS).fetchall()
        assert {(*row[:8], tuple(row[8]), *row[9:]) for row in rows} == written

    @invariant()
    def same_occupancy(self) -> None:
        """All that stands takes what it says, whole, and nothing else does.

        Guarded times never overlap, and what lies on top lies on them.
        """
        guarded: dict[UUID, list[tuple[Span, UUID]]] = {}
        on_top: list[tuple[UUID, Span, UUID]] = []
        whole: dict[tuple[UUID, UUID], list[Span]] = {}
        for whose, thing, start, end, overbooked in self.truth.execute(OCCUPANCY).fetchall():
            span = Span(start=start, end=end)
            whole.setdefault((whose, thing), []).append(span)
            if overbooked:
                on_top.append((thing, span, whose))
            else:
                guarded.setdefault(thing, []).append((span, whose))
        for found in whole.values():
            found.sort()
            assert all(one.end == next_.start for one, next_ in pairwise(found))
        assert {
            (whose, thing, Span(start=found[0].start, end=found[-1].end))
            for (whose, thing), found in whole.items()
        } == {(line.id, thing, span) for line in self.paper.standing() for thing, span in line.takes()}
        lines = {line.id: line for line in self.paper.standing()}
        for rows in guarded.values():
            for (one, whose), (other, by) in combinations(rows, 2):
                assert not one.overlaps(other) or lines[whose].may_share_with(lines[by])
        for thing, span, whose in on_top:
            assert thing == lines[whose].provider_id
            beneath = [row for row, other in guarded[thing] if other != whose]
            assert not list(span.without(beneath))

    @invariant()
    def same_log(self) -> None:
        """Each change has one entry, each attempt on an appointment too, and no number is left out."""
        rows = self.truth.execute(LOG, [self.house.clinic.id, self.seq]).fetchall()
        assert [row[0] for row in rows] == list(range(self.seq + 1, self.seq + len(rows) + 1))
        assert Counter((kind, about) for _, kind, about in rows) == Counter(self.told)
        self.seq += len(rows)
        self.told.clear()

    @invariant()
    def same_board(self) -> None:
        """See on a board kept right by the log what a fresh look sees."""
        assert self.seen(self.board) == self.seen(Board(self.database))

    @invariant()
    def same_replay(self) -> None:
        """Replaying the log gives what the database guards, and what the board has kept."""
        wanted = Wanted(provider_id=None, first=None, last=None, most_days=None, check=True)
        found = self.run(replay(self.board, self.asking(), wanted))
        assert (found.differences, found.lost) == ([], [])

    def seen(self, board: Board) -> list[Any]:
        clinic_id, now = self.house.clinic.id, self.paper.now
        patients = {patient.id for patient in self.house.patients}
        windows = [Span(start=self.at(day, 0), end=self.at(day, 95)) for day in DAYS]
        views = [self.run(board.view(clinic_id, window, now)) for window in windows]
        return [
            (
                page.day,
                {thing: bits for thing, bits in page.booked.items() if bits},
                {
                    thing: Counter(replace(row, session_key=max(row.session_key, SHARED)) for row in rows)
                    for thing, rows in page.rows.items()
                    if rows and thing not in patients
                },
                {key: sorted(visits) for key, visits in page.visits.items() if visits},
            )
            for view in views
            for page in view.pages
        ]
