"""One hold from Enter to its end: every step asks the server and tells the screen."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from deskcal.client.errors import ClientError, Refused, Unreachable
from deskcal.tui.booking.hold import Hold, Stage
from deskcal.tui.desk import Desk
from deskcal.tui.memory.intents import Asked
from deskcal.wire.booking import (
    Appointment,
    BookingTimes,
    ConfirmRequest,
    RescheduleRequest,
    ReserveRequest,
)
from deskcal.wire.calendar import Timeslot

ENDED = frozenset({"RESERVATION_EXPIRED", "SLOT_ALREADY_BOOKED", "SLOT_HELD", "NOT_FOUND"})


class Holding:
    """Owns the hold of one slot. `changed` is called after every step, with the hold as it is then."""

    def __init__(
        self,
        desk: Desk,
        slot: Timeslot,
        changed: Callable[["Holding"], None],
        *,
        moving: Appointment | None = None,
        unheld: bool = False,
    ) -> None:
        self.hold = Hold(slot=slot, moving=moving, stage=Stage.UNHELD if unheld else Stage.PENDING)
        self._desk = desk
        self._changed = changed
        self._decision: tuple[UUID, str] | None = None
        self._key = ""

    async def start(self) -> None:
        """Ask for the slot. A hold that was released meanwhile is given back as soon as it is known."""
        slot = self.hold.slot
        if self.hold.stage is Stage.UNHELD:
            self._to(self.hold.at(Stage.PENDING))
        request = ReserveRequest(
            provider_id=str(slot.provider_id),
            service_id=slot.service_id,
            timeslot_id=slot.id,
            client_id=self._desk.name,
            appointment_id=self.hold.moving.id if self.hold.moving else None,
        )
        try:
            with self._desk.asking() as link:
                reservation = await link.reserve(request)
        except Refused as refused:
            self._end(replace(self.hold, stage=Stage.REFUSED, problem=refused.problem))
        except Unreachable:
            self._end(self.hold.at(Stage.UNANSWERED))
        else:
            self._desk.server_says(reservation.server_time)
            released = self.hold.stage is Stage.RELEASED
            self.hold = replace(self.hold, reservation=reservation)
            if released:
                await self._give_back()
            else:
                self._to(self.hold.at(Stage.HELD))

    async def renew(self) -> None:
        """Ask for more time; the server grants it once."""
        if self.hold.stage is not Stage.HELD or self.hold.reservation is None:
            return
        try:
            with self._desk.asking() as link:
                reservation = await link.renew(self.hold.reservation.reservation_token)
        except ClientError as error:
            self._to(replace(self.hold, words=str(error)))
        else:
            self._desk.server_says(reservation.server_time)
            self._to(replace(self.hold, reservation=reservation, words=""))

    async def confirm(self, patient_id: UUID, notes: str) -> None:
        """Book or move there. The same decision keeps its key: after silence it cannot be booked twice."""
        if self.hold.stage is not Stage.HELD or self.hold.reservation is None:
            return
        self._decide(patient_id, notes)
        self._to(self.hold.at(Stage.CONFIRMING))
        try:
            booking = await self._booked(self.hold.reservation.reservation_token, patient_id, notes or None)
        except Refused as refused:
            ended = refused.problem.error in ENDED
            stage = Stage.REFUSED if ended else Stage.HELD
            self._to(replace(self.hold, stage=stage, problem=refused.problem))
        except Unreachable:
            words = "No answer yet. Enter tries again: it cannot be booked twice."
            self._to(self.hold.at(Stage.HELD, words))
        else:
            self._to(replace(self.hold, stage=Stage.BOOKED, booking=booking))

    def asked(self, patient_id: UUID, notes: str) -> Asked | None:
        """Give what a confirmation of this would ask, or has asked already; None where nothing is held."""
        if self.hold.reservation is None:
            return None
        self._decide(patient_id, notes)
        return Asked(key=self._key, token=self.hold.reservation.reservation_token)

    def _decide(self, patient_id: UUID, notes: str) -> None:
        if self._decision != (patient_id, notes):
            self._decision, self._key = (patient_id, notes), str(uuid4())

    async def _booked(self, token: str, patient_id: UUID, notes: str | None) -> BookingTimes:
        with self._desk.asking() as link:
            if moving := self.hold.moving:
                move = RescheduleRequest(reservation_token=token, reason=notes)
                return await link.reschedule(moving.id, move, key=self._key, version=moving.version)
            request = ConfirmRequest(reservation_token=token, patient_id=patient_id, notes=notes)
            return await link.confirm(request, key=self._key)

    async def release(self) -> None:
        """Give it up, at once for this desk; the server follows, or lets it lapse."""
        if not self.hold.is_open:
            return
        self._to(self.hold.at(Stage.RELEASED))
        await self._give_back()

    def lapse(self, now: datetime) -> bool:
        """Notice that the time is up. A confirmation under way is left to the server."""
        if self.hold.stage is not Stage.HELD or self.hold.seconds_left(now) > 0:
            return False
        self._to(self.hold.at(Stage.LAPSED))
        return True

    async def _give_back(self) -> None:
        if self.hold.reservation is not None:
            with suppress(ClientError), self._desk.asking() as link:
                await link.release(self.hold.reservation.reservation_token)

    def _end(self, hold: Hold) -> None:
        if self.hold.stage is not Stage.RELEASED:
            self._to(hold)

    def _to(self, hold: Hold) -> None:
        self.hold = hold
        self._changed(self)
