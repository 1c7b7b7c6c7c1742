"""Putting a booking aside: as a draft, or while the server is away as a deed that is sent when it answers."""

from uuid import uuid4

from deskcal.client.errors import ClientError
from deskcal.tui.booking.booking import Booking
from deskcal.tui.booking.entered import Entered
from deskcal.tui.booking.hold import Hold, Stage
from deskcal.tui.memory.drafts import Draft, Person
from deskcal.tui.memory.file import NotKept
from deskcal.tui.memory.intents import Book, Deed, Move, seen
from deskcal.tui.names import brief
from deskcal.wire.people import Patient


class Parking(Booking):
    """Nothing typed into a panel is lost: not to somebody at the counter, and not to a lost line."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer no confirmation while nobody can give it."""
        if self.panel and self.desk.connection.is_offline:
            if action == "renew":
                return False
            if action == "confirm" and self.panel.patient:
                return False
        return super().check_action(action, parameters)

    async def action_save_draft(self) -> None:
        """Keep what the panel holds, and close it; offline a whole booking goes into the queue."""
        panel, hold = self.panel, self.hold
        if panel is None or hold is None:
            return
        if hold.stage is Stage.CONFIRMING:
            self.say("One moment: the booking is not answered yet.")
            return
        entered, away = panel.entered, self.desk.connection.is_offline
        try:
            words = self._queued(hold, entered.patient, entered) if away and entered.patient else ""
            words = words or self._drafted(hold, entered)
        except NotKept as error:
            self.say(str(error), alarm=True)
            return
        self.desk.errand.patient = self.desk.errand.moving = None
        holding, self.holding = self.holding, None
        if holding and not away:
            self.run_worker(holding.release(), group="booking")
        self._close_panel(hold)
        self.say(words)
        self.draw()

    async def take_up(self, draft: Draft) -> None:
        """Hold the time of a draft again, with everything that was typed."""
        try:
            patient = await self.desk.patient(draft.patient) if draft.patient else None
            moving = None
            if draft.moving:
                with self.desk.asking() as link:
                    moving = await link.appointment(draft.moving)
        except ClientError as error:
            self.explain(error)
            return
        self.desk.errand.patient, self.desk.errand.moving = patient, moving
        entered = Entered(patient=patient, text=draft.typed, reason=draft.reason, parked=draft.id)
        await self.take(draft.slot, entered)

    def park_what_was_typed(self) -> None:
        """Make a draft of an open panel, when the desk has to go without asking anybody."""
        if self.panel and self.hold and (self.panel.entered.is_typed or self.panel.patient):
            self._drafted(self.hold, self.panel.entered)

    def hold_what_was_picked(self) -> None:
        """Ask for the time that was picked while the server was away."""
        if self.holding and self.holding.hold.stage is Stage.UNHELD:
            self.run_worker(self.holding.start(), group="booking")

    def _drafted(self, hold: Hold, entered: Entered) -> str:
        draft = Draft(
            id=entered.parked or uuid4(),
            saved_at=self.desk.now(),
            slot=hold.slot,
            moving=hold.moving.id if hold.moving else None,
            patient=_person(entered.patient) if entered.patient else None,
            typed=entered.text,
            reason=entered.reason,
        )
        self.desk.memory.intents.discard(draft.id)
        self.desk.memory.drafts.save(draft)
        return f"Draft kept, nothing is held: {self._slot_words(hold.slot)}   F8 takes it up again"

    def _queued(self, hold: Hold, patient: Patient, entered: Entered) -> str:
        deed: Deed = Book(patient=_person(patient), slot=hold.slot, reason=entered.reason)
        if hold.moving:
            deed = Move(
                patient=_person(patient), seen=seen(hold.moving), slot=hold.slot, reason=entered.reason
            )
        asked = self.holding.asked(patient.id, entered.reason) if self.holding else None
        self.desk.put_off(deed, asked)
        if entered.parked:
            self.desk.memory.forget(entered.parked)
        what = f"{brief(patient.name, private=self.desk.private)}, {self._slot_words(hold.slot)}"
        return f"In the queue, NOT {'moved' if hold.moving else 'booked'} yet: {what}   F8 shows it"


def _person(patient: Patient) -> Person:
    return Person(id=patient.id, name=patient.name)
