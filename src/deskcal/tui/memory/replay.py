"""Sending the queue when the server answers again: in order, one at a time, each with a verdict."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from msgspec import structs

from deskcal.client.errors import Refused, Unreachable
from deskcal.tui.desk import Desk
from deskcal.tui.link import Link
from deskcal.tui.memory.file import alone
from deskcal.tui.memory.intents import Intent, State
from deskcal.tui.memory.steps import LAPSED, carry_out, is_for_later
from deskcal.wire.problem import Problem

CHANGED = "PRECONDITION_FAILED"
TRIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one sending: how many were done, and how many need somebody."""

    done: int = 0
    needs_you: int = 0

    @property
    def ended(self) -> int:
        return self.done + self.needs_you

    def __str__(self) -> str:
        counts = ((self.done, "done"), (self.needs_you, "needs you"))
        return ", ".join(f"{count} {words}" for count, words in counts if count)


class _NotNow(Exception):
    """The server answers, but this will have to wait."""


class Replay:
    """Sends what waits. `changed` is called after each verdict."""

    def __init__(self, desk: Desk, changed: Callable[[], None]) -> None:
        self._desk = desk
        self._changed = changed
        self._intents = desk.memory.intents

    async def run(self) -> Outcome:
        """Send until nothing waits or the server is gone again. While another desk sends, do nothing.

        Of one patient nothing is sent past a deed that needs somebody: a cancellation may rest on the booking
        before it. Raises NotKept.
        """
        outcome = Outcome()
        with alone(self._desk.memory.folder) as ours, suppress(Unreachable, _NotNow):
            while ours and (intent := self._next()):
                match (await self._send(intent)).state:
                    case State.DONE:
                        outcome = replace(outcome, done=outcome.done + 1)
                    case State.NEEDS_YOU:
                        outcome = replace(outcome, needs_you=outcome.needs_you + 1)
        return outcome

    def _next(self) -> Intent | None:
        behind = set()
        for intent in self._intents.all():
            patient_id = intent.deed.patient.id
            if intent.state in {State.WAITING, State.SENDING} and patient_id not in behind:
                return intent
            if intent.state is not State.DONE:
                behind.add(patient_id)
        return None

    async def _send(self, intent: Intent) -> Intent:
        if intent.is_overdue(self._desk.now()) and not intent.sent:
            return self._ended(intent, State.NEEDS_YOU, "NOT SENT: its time has begun")
        sending = structs.replace(intent, state=State.SENDING, sent=True)
        if not self._intents.put(sending):
            return intent
        try:
            with self._desk.asking() as link:
                return await self._asked(link, sending)
        except (Unreachable, _NotNow):
            self._intents.put(structs.replace(sending, state=State.WAITING))
            raise

    async def _asked(self, link: Link, intent: Intent, tries: int = TRIES) -> Intent:
        try:
            done = await carry_out(link, intent)
        except Refused as refused:
            problem = refused.problem
            if is_for_later(problem):
                raise _NotNow from refused
            if problem.error == LAPSED and tries > 1:
                again = structs.replace(intent.again(), state=State.SENDING, sent=True)
                self._intents.put(again)
                return await self._asked(link, again, tries - 1)
            changed = problem.error == CHANGED
            words = await self._what_changed(link, intent) if changed else problem.detail
            return self._ended(intent, State.NEEDS_YOU, words, problem)
        self._let_follow(intent, done.version)
        made = structs.replace(intent, made=done.appointment_id)
        return self._ended(made, State.DONE, done.words)

    def _let_follow(self, intent: Intent, version: int) -> None:
        """Let later deeds for the same appointment rest on this one: written before this one is done."""
        for later in self._intents.all():
            waits = later.state is not State.DONE and later.id != intent.id
            if waits and later.appointment_id and later.appointment_id == intent.appointment_id:
                self._intents.put(later.having_seen(version))

    async def _what_changed(self, link: Link, intent: Intent) -> str:
        if intent.appointment_id is None:
            return "CHANGED meanwhile"
        with suppress(Refused):
            now, audit = (
                await link.appointment(intent.appointment_id),
                await link.audit(intent.appointment_id),
            )
            when = f"{self._desk.local(now.start):%a %d %b %H:%M}"
            stands = f"now {when} {now.provider_name}, {now.status.replace('_', ' ')}"
            if audit:
                last = audit[-1]
                who = last.actor.client or last.actor.id or "the system"
                at = f"{self._desk.local(last.timestamp):%H:%M}"
                return f"CHANGED by {who} {at} ({last.action.replace('_', ' ')}): {stands}"
            return f"CHANGED meanwhile: {stands}"
        return "CHANGED meanwhile, and it cannot be read now"

    def _ended(self, intent: Intent, state: State, words: str, problem: Problem | None = None) -> Intent:
        ended = structs.replace(
            intent, state=state, verdict=words, problem=problem, ended_at=self._desk.now(), shown=False
        )
        self._intents.put(ended)
        self._changed()
        return ended
