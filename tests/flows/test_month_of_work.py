"""A month of work at random, against the same month kept on paper."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, multiple, rule, run_state_machine_as_test

from databases import copied
from deskcal.core.booking import Appointment, Party, Status
from deskcal.core.clinic import CancellationPolicy
from deskcal.core.refusals import InvalidStatusChange
from deskcal.core.span import Span
from deskcal.flows import services
from deskcal.flows.book import Order, book
from deskcal.flows.cancel import cancel
from deskcal.flows.confirm import Decision, confirm
from deskcal.flows.hold import Wish, place, release, sweep
from deskcal.flows.move import Move, move, reschedule
from deskcal.flows.progress import Progress, progress
from deskcal.store.embedded import Cluster
from flows.month import DAYS, Month
from flows.paper import NEXT, Line, Refused, Written
from flows.practice import POLICIES, Practice

QUARTERS = range(9 * 4, 11 * 4)
days, quarters = st.sampled_from(DAYS), st.sampled_from(QUARTERS)
either, one_of_four = st.integers(0, 1), st.integers(0, 3)
kinds = st.sampled_from(("consult", "exam", "group"))


@pytest.fixture(scope="module")
def practice(cluster: Cluster) -> Iterator[Practice]:
    with copied(cluster, "practice"):
        yield asyncio.run(Practice.build(cluster, "practice"))


class Work(Month):
    """What the front desk does. Time passes only where it is said."""

    made: Bundle[UUID] = Bundle("made")
    held: Bundle[tuple[Line, str]] = Bundle("held")

    @rule(
        target=made,
        kind=kinds,
        provider=either,
        patient=one_of_four,
        day=days,
        quarter=quarters,
        room=st.sampled_from((None, None, 0, 1)),
        on_top=st.booleans(),
    )
    def books(
        self, kind: str, provider: int, patient: int, day: int, quarter: int, room: int | None, on_top: bool
    ) -> Any:
        """Staff book directly, here and there on top of another."""
        room_id = None if room is None else self.house.rooms[room].id
        patient_id = self.house.patients[patient].id
        wanted = self.line(kind, provider, day, quarter, patient_id=patient_id, room_id=room_id)
        order = Order(
            patient_id=patient_id,
            provider_id=wanted.provider_id,
            service_id=wanted.service.id,
            start=wanted.span.start,
            end=None,
            room_id=room_id,
            mode=None,
            notes=None,
            seen_at=None,
            overbook_reason="urgent" if on_top else None,
        )
        beneath = self.paper.on(wanted.provider_id, wanted.window, None)
        found = self.done(
            book(self.board, self.asking(), order), self.paper.no_booking(wanted, on_top=on_top)
        )
        if found is None:
            return multiple()
        assert found.status is Status.SCHEDULED
        assert found.overbooked is (on_top and bool(beneath))
        return self.write(found, wanted.service, "appointment.created")

    @rule(
        target=held,
        kind=kinds,
        provider=either,
        patient=st.none() | one_of_four,
        day=days,
        half=st.sampled_from(QUARTERS[::2]),
    )
    def holds(self, kind: str, provider: int, patient: int | None, day: int, half: int) -> Any:
        """Somebody holds a slot, and may not say yet for whom."""
        patient_id = None if patient is None else self.house.patients[patient].id
        wanted = self.line(
            kind, provider, day, half // 4 * 4 if kind == "group" else half, patient_id=patient_id
        )
        return self.hold(wanted, self.paper.no_booking(wanted))

    @rule(target=held, moving=made, provider=either, day=days, half=st.sampled_from(QUARTERS[::2]))
    def holds_to_move(self, moving: UUID, provider: int, day: int, half: int) -> Any:
        """Hold a slot for an appointment that is to be moved there, over its own time if need be."""
        line = self.paper.made[moving]
        kind = self.kind_of(line)
        at = half // 4 * 4 if kind == "group" else half
        wanted = self.line(kind, provider, day, at, moving_id=moving)
        return self.hold(wanted, self.paper.no_move(line, None, wanted))

    def hold(self, wanted: Line, refused: Refused) -> Any:
        wish = Wish(
            provider_id=wanted.provider_id,
            service_id=wanted.service.id,
            start=wanted.span.start,
            patient_id=wanted.patient_id,
            room_id=None,
            client=None,
            moving_id=wanted.moving_id,
        )
        found = self.done(place(self.board, self.asking(), wish, seconds=120), refused)
        if found is None:
            return multiple()
        hold = found.hold
        line = replace(
            wanted, id=hold.id, room_id=hold.room_id, unit_ids=hold.unit_ids, until=hold.expires_at
        )
        self.paper.held[hold.id] = line
        self.told.append(("hold.placed", hold.id))
        return line, found.token

    @rule(target=made, hold=held, patient=one_of_four)
    def confirms(self, hold: tuple[Line, str], patient: int) -> Any:
        """Make an appointment of a hold, unless that is there to move one."""
        line, token = hold
        patient_id = line.patient_id or self.house.patients[patient].id
        decision = Decision(token=token, patient_id=patient_id, mode=None, notes=None)
        found = self.done(
            confirm(self.board, self.asking(), decision), self.paper.no_confirmation(line, patient_id)
        )
        if found is None:
            return multiple()
        del self.paper.held[line.id]
        assert (found.span, found.room_id, found.unit_ids) == (line.span, line.room_id, line.unit_ids)
        return self.write(found, self.services[self.kind_of(line)], "appointment.confirmed")

    def kind_of(self, line: Line) -> str:
        return next(kind for kind, service in self.services.items() if service.id == line.service.id)

    @rule(hold=held)
    def releases(self, hold: tuple[Line, str]) -> None:
        line, token = hold
        self.run(release(self.database, self.asking(), token))
        if self.paper.held.pop(line.id, None):
            self.told.append(("hold.released", line.id))

    @rule(appointment=made, hold=held)
    def reschedules(self, appointment: UUID, hold: tuple[Line, str]) -> None:
        """Give an appointment what a hold has."""
        before, (line, token) = self.paper.made[appointment], hold
        found = self.done(
            reschedule(self.board, self.asking(), appointment, token=token, reason=None, version=None),
            self.paper.no_reschedule(before, line),
            before,
        )
        if found:
            del self.paper.held[line.id]
            assert (found.span, found.room_id, found.unit_ids) == (line.span, line.room_id, line.unit_ids)
            self.moved(before, found)

    @rule(appointment=made, provider=either, day=days, quarter=quarters, stale=st.integers(0, 5))
    def moves(self, appointment: UUID, provider: int, day: int, quarter: int, stale: int) -> None:
        """Staff move an appointment; one who looked before somebody else changed it has to look again."""
        before = self.paper.made[appointment]
        span = Span.of_minutes(self.at(day, quarter), before.span.minutes)
        provider_id = self.provider(provider).id
        fixed = None if before.service.room_type else before.room_id
        wanted = replace(before, provider_id=provider_id, span=span, room_id=fixed, unit_ids=())
        same_room = before.room_id and not self.paper.on(before.room_id, wanted.window, before.id)
        version = before.version - (stale == 5)
        found = self.done(
            move(
                self.board,
                self.asking(),
                appointment,
                Move(start=span.start, provider_id=provider_id),
                version=version,
            ),
            self.paper.no_move(before, version, wanted),
            before,
        )
        if found:
            assert (found.span, found.provider_id) == (span, provider_id)
            assert found.room_id == before.room_id or not same_room
            self.moved(before, found)

    def moved(self, before: Written, found: Appointment) -> None:
        self.paper.made[before.id] = before.went(
            span=found.span,
            provider_id=found.provider_id,
            room_id=found.room_id,
            unit_ids=found.unit_ids,
            overbooked=False,
        )
        self.told.append(("appointment.rescheduled", before.id))

    @rule(appointment=made, waive=st.booleans())
    def cancels(self, appointment: UUID, waive: bool) -> None:
        """Cancel an appointment, at the fee that was agreed when it was made."""
        before = self.paper.made[appointment]
        done = self.done(
            cancel(self.board, self.asking(), appointment, reason="ill", version=None, waive_fee=waive),
            self.paper.no_step(before, Status.CANCELED),
            before,
        )
        if done:
            self.canceled(before, waive=waive)

    def canceled(self, before: Written, *, waive: bool = False) -> None:
        fee = 0 if waive else before.fee(self.paper.now)
        refund = before.price_cents - fee
        self.paper.made[before.id] = before.went(
            status=Status.CANCELED, charged_cents=fee, refunded_cents=refund
        )
        self.told.append(("appointment.canceled", before.id))

    @rule(appointment=made, way=st.integers(0, 6), by=st.none() | st.sampled_from(Party))
    def goes_on(self, appointment: UUID, way: int, by: Party | None) -> None:
        """Somebody comes, is seen, or does not come, and slips are mended; some ways lead nowhere."""
        before = self.paper.made[appointment]
        ways = [to for to in Status if (before.status, to) in NEXT] or list(Status)
        to = list(Status)[way] if way == 0 else ways[way % len(ways)]
        said = Progress(status=to, missed_by=by if to is Status.NO_SHOW else None)
        found = self.done(
            progress(self.board, self.asking(), appointment, said, version=before.version),
            self.paper.no_step(before, to),
            before,
        )
        if found and to is Status.CANCELED:
            self.canceled(before)
        elif found:
            by = (by or Party.PATIENT) if to is Status.NO_SHOW else None
            self.paper.made[appointment] = before.went(
                status=to,
                missed_by=by,
                charged_cents=before.policy.no_show_fee_cents if by is Party.PATIENT else 0,
                freed=False,
                unit_ids=found.unit_ids,
            )
            self.told.append(("appointment.status_changed", appointment))

    @rule(appointment=made)
    def frees(self, appointment: UUID) -> None:
        """Give the time of a no-show to others."""
        before = self.paper.made[appointment]
        missed = before.status is Status.NO_SHOW and before.stands
        found = self.done(
            progress(self.board, self.asking(), appointment, Progress(status=None, free=True), version=None),
            None if missed else InvalidStatusChange,
            before,
        )
        if found:
            self.paper.made[appointment] = before.went(freed=True)
            self.told.append(("appointment.freed", appointment))

    @rule(appointment=made, policy=st.sampled_from(POLICIES))
    def agrees_anew(self, appointment: UUID, policy: CancellationPolicy) -> None:
        """Change the policy of a service; what is booked already stays under the old one."""
        kind = self.kind_of(self.paper.made[appointment])
        service = self.services[kind]
        self.services[kind] = self.run(
            services.change(self.database, self.asking(), service.id, {"policy": policy}, version=None)
        )
        self.told.append(("service.changed", service.id))

    @rule(
        before=st.sampled_from((timedelta(hours=24), timedelta(hours=2), timedelta())),
        late=st.sampled_from((timedelta(), timedelta(seconds=1), timedelta(minutes=2))),
    )
    def time_passes(self, before: timedelta, late: timedelta) -> None:
        """Wait for some moment around the next start, or around the last free one to cancel that."""
        ahead = [line.span.start for line in self.paper.made.values() if line.span.start > self.paper.now]
        self.paper.now = max(self.paper.now, min(ahead, default=self.paper.now) - before) + late
        self.run(sweep(self.database, self.paper.now))
        self.told += [("hold.lapsed", hold_id) for hold_id in self.paper.lapse()]


@pytest.mark.parametrize(("months", "changes"), [(5, 25), pytest.param(200, 60, marks=pytest.mark.prove)])
def test_a_month_of_work_is_as_on_paper(months: int, changes: int, practice: Practice) -> None:
    """Whatever the front desk does, states, times, fees, versions, log and board are what the rules say."""

    class Here(Work):
        def __init__(self) -> None:
            super().__init__(practice)

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=months,
            stateful_step_count=changes,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
