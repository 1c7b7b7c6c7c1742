"""Remote sessions: made by a reader of the log, after the booking, which never waits for them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from deskcal.core.access import SYSTEM, Actor, Role
from deskcal.core.booking import Appointment, SessionState, Status
from deskcal.core.outside import MakesSessions, Side, WayIn
from deskcal.flows import appointments
from deskcal.flows.asking import Asking
from deskcal.flows.reading import Effect, Reader
from deskcal.store import appointments as stored
from deskcal.store import private
from deskcal.store.database import Database, WriteTx
from deskcal.store.log import Entry
from deskcal.store.sealed import Seal


@dataclass(frozen=True, slots=True, kw_only=True)
class Sessions:
    """The services to meet in: the first makes new sessions, the others still open theirs."""

    makers: Sequence[MakesSessions]
    seal: Seal

    def way_in(self, found: private.Private, side: Side, now: datetime) -> WayIn | None:
        """Let one side in; None without a session, or when what opens it cannot be read."""
        kept = self.seal.open(found.secret)
        maker = next((one for one in self.makers if one.name == found.maker), None)
        return maker.way_in(kept, side, now) if kept is not None and maker is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """An appointment with what only staff and its patient may see."""

    appointment: Appointment
    medical_info: str | None
    way_in: WayIn | None


async def show(
    database: Database, sessions: Sessions, actor: Actor, appointment_id: UUID, now: datetime
) -> Whole:
    """Look an appointment up whole. To a patient another's is not there."""
    found = await appointments.find(database, actor, appointment_id)
    async with database.read(actor.clinic_id) as tx:
        kept = await private.find(tx, appointment_id)
    side = Side.PATIENT if actor.role is Role.PATIENT else Side.PROVIDER
    return Whole(
        appointment=found,
        medical_info=sessions.seal.open(kept.medical_info) if kept else None,
        way_in=sessions.way_in(kept, side, now) if kept else None,
    )


def maker_of_sessions(database: Database, sessions: Sessions) -> Reader:
    """Give the reader that makes a session for each remote appointment."""
    maker = sessions.makers[0]

    async def handle(clinic_id: UUID, entry: Entry, now: datetime) -> Effect | None:
        async with database.read(clinic_id) as tx:
            booked = await stored.find(tx, entry.aggregate_id)
        if booked is None or not _needs_session(booked, now):
            return None
        secret = sessions.seal.close(await maker.make(booked.mode))

        async def keep(tx: WriteTx) -> None:
            if await private.keep_session(tx, entry.aggregate_id, maker=maker.name, secret=secret):
                asking = _asking(clinic_id, now)
                tx.say(asking.event("session.created", entry.aggregate_id, appointmentId=entry.aggregate_id))

        return keep

    async def give_up(tx: WriteTx, entry: Entry, now: datetime) -> None:
        if await private.give_up_session(tx, entry.aggregate_id):
            asking = _asking(tx.clinic_id, now)
            tx.say(asking.event("session.failed", entry.aggregate_id, appointmentId=entry.aggregate_id))

    return Reader(
        name="sessions",
        event_types=frozenset({"appointment.created", "appointment.confirmed"}),
        handle=handle,
        give_up=give_up,
    )


def _needs_session(booked: Appointment, now: datetime) -> bool:
    return (
        booked.session in {SessionState.PENDING, SessionState.FAILED}
        and booked.status is not Status.CANCELED
        and now < booked.span.end
    )


def _asking(clinic_id: UUID, now: datetime) -> Asking[Any]:
    return Asking(actor=replace(SYSTEM, clinic_id=clinic_id), now=now)
