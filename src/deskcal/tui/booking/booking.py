"""An area that can hold a slot and book it: panel, conflicts, and who it is for."""

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from textual import work
from textual.containers import Container

from deskcal.client.errors import ClientError
from deskcal.tui.appointments.acting import Acting
from deskcal.tui.booking.entered import Entered
from deskcal.tui.booking.hold import Hold, Stage
from deskcal.tui.booking.holding import Holding
from deskcal.tui.desk import Desk
from deskcal.tui.filters import Filter
from deskcal.tui.names import brief
from deskcal.wire.calendar import CheckRequest, Timeslot
from deskcal.wire.people import NewPatient, Patient
from deskcal.wire.problem import Problem

if TYPE_CHECKING:
    from deskcal.tui.booking.finder import Finder
    from deskcal.tui.booking.hold_panel import HoldPanel


class Booking(Acting):
    """Owns at most one hold. An area built on it draws, and keeps its lanes true.

    Panel and dialogs are imported when they are first wanted.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.holding: Holding | None = None
        self.panel: HoldPanel | None = None
        self._mounted: HoldPanel | None = None
        self._confirm_when_held = False
        self._asked_to_release = False

    def draw(self) -> None:
        """Draw what changed."""
        raise NotImplementedError

    def renew_lane(self, slot: Timeslot) -> None:
        """Fetch again the lane that a slot belongs to."""
        raise NotImplementedError

    def focus_grid(self) -> None:
        """Give the keys back to what the panel stood beside."""
        raise NotImplementedError

    @property
    def hold(self) -> Hold | None:
        """The hold, while it is open."""
        return self.holding.hold if self.holding and self.holding.hold.is_open else None

    async def take(self, slot: Timeslot, entered: Entered) -> None:
        """Hold a slot and open the panel. A hold there is gives way, and so does its panel.

        While the errand is a move, the slot is held for that appointment. While the server is away nothing
        is held, and what the panel takes can be kept for later.
        """
        if self.hold and self.hold.stage is Stage.CONFIRMING:
            self.say("One moment: the booking before this one is not answered yet.")
            return
        moving = self.desk.errand.moving
        offline = self.desk.connection.is_offline
        before = self.holding
        self.holding = Holding(self.desk, slot, self._hold_changed, moving=moving, unheld=offline)
        if before is not None:
            self.run_worker(before.release(), group="booking")
        self._confirm_when_held = self._asked_to_release = False
        panel = await self._panel_for(self.holding.hold)
        panel.open(self.holding.hold, entered)
        self.panel = panel
        self._make_room(holding=True)
        self.set_focus(panel.query_one("#reason" if moving else "#patient"))
        if offline:
            self.say("Offline: nothing is held. ctrl+s keeps it for when the server answers.", alarm=True)
        else:
            self.run_worker(self.holding.start(), group="booking")
        if entered.patient:
            self._look_out(entered.patient)
        self.draw()

    async def _panel_for(self, hold: Hold) -> "HoldPanel":
        """Give the panel, which is mounted for the first hold: widgets take longer to make than to show."""
        if self._mounted is None:
            from deskcal.tui.booking.finder import Finder
            from deskcal.tui.booking.hold_panel import HoldPanel

            finder = Finder(self.find_patients, debounce=self.desk.debounce)
            self._mounted = HoldPanel(self.desk, hold, finder)
            with self.app.batch_update():
                await self.query_one("#main", Container).mount(self._mounted)
        return self._mounted

    async def action_confirm(self) -> None:
        """Book what is held; first choose the patient, and after a lapse hold again."""
        panel, hold = self.panel, self.hold
        if panel is None or hold is None:
            return
        patient = panel.patient
        if patient is None:
            if await panel.finder.pick() is None:
                self.say("Choose the patient first: type a name, phone or birth date, then Enter.")
        elif hold.stage is Stage.LAPSED:
            await self.take(hold.slot, panel.entered)
        elif self.desk.connection.is_offline:
            self.say("Offline: nothing is booked. ctrl+s puts it in the queue, R tries now.", alarm=True)
        elif hold.stage is Stage.PENDING:
            self._confirm_when_held = True
        elif self.holding:
            self.run_worker(self.holding.confirm(patient.id, panel.reason), group="booking")

    async def action_renew(self) -> None:
        panel, hold = self.panel, self.hold
        if panel and hold and hold.stage is Stage.LAPSED:
            await self.take(hold.slot, panel.entered)
        elif self.holding:
            self.run_worker(self.holding.renew(), group="booking")

    def action_release(self) -> None:
        """Give the hold up; text that would be lost is worth a second Esc."""
        panel = self.panel
        if panel is None or self.holding is None:
            return
        if panel.entered.is_typed and not self._asked_to_release:
            self._asked_to_release = True
            self.say("Esc again to release the hold.")
            return
        self.run_worker(self.holding.release(), group="booking")

    async def release_all(self) -> None:
        """Give back what is held, before the desk goes."""
        if self.holding:
            await self.holding.release()

    async def action_new_patient(self) -> None:
        from deskcal.tui.booking.new_patient import AddPatient

        if panel := self.panel:
            typed = "" if panel.patient else panel.finder.text
            await self.app.push_screen(AddPatient(typed, self.desk.today, self._add_patient), self._added)

    def _added(self, patient: Patient | None) -> None:
        if patient and (panel := self.panel):
            panel.finder.choose(patient)

    async def _add_patient(self, request: NewPatient, key: str) -> Patient:
        with self.desk.asking() as link:
            return await link.add_patient(request, key=key)

    def on_finder_chosen(self, message: "Finder.Chosen") -> None:
        if panel := self.panel:
            panel.warn([])
            panel.show(panel.hold_shown, self.desk.now())
            self.refresh_bindings()
            if message.patient:
                self._look_out(message.patient)

    def on_finder_failed(self, message: "Finder.Failed") -> None:
        self.say(message.words, alarm=True)

    @work(group="warnings", exclusive=True)
    async def _look_out(self, patient: Patient) -> None:
        from deskcal.tui.spoken import also_booked, looks_alike

        panel, clinic = self.panel, self.desk.clinic
        if panel is None or clinic is None:
            return
        slot = panel.hold_shown.slot
        with suppress(ClientError), self.desk.asking() as link:
            day = self.desk.local(slot.start).date()
            others = (await link.appointments(clinic.id, day=day, patient_id=patient.id)).items
            alike = (await link.patients(patient.name.replace(",", " ").split()[-1])).items
            still = self.panel and panel.hold_shown.slot == slot
            if still and panel.patient and panel.patient.id == patient.id:
                panel.warn(
                    looks_alike(patient, alike, private=self.desk.private)
                    + also_booked(others, slot, self.desk.zone)
                )

    def _hold_changed(self, holding: Holding) -> None:
        if holding is not self.holding:
            return
        hold, panel = holding.hold, self.panel
        if panel:
            panel.show(hold, self.desk.now())
        if hold.words:
            self.say(hold.words, alarm=True)
        match hold.stage:
            case Stage.HELD if self._confirm_when_held and not hold.problem and panel and panel.patient:
                self._confirm_when_held = False
                self.run_worker(holding.confirm(panel.patient.id, panel.reason), group="booking")
            case Stage.LAPSED:
                self.app.bell()
                ended = self.desk.local(self.desk.now())
                self.say(f"The hold ran out at {ended:%H:%M:%S}. Enter holds it again.", alarm=True)
            case Stage.BOOKED:
                self._booked(hold)
            case Stage.RELEASED:
                self._close_panel(hold)
                self.say(f"Released {self._slot_words(hold.slot)}.")
            case Stage.REFUSED | Stage.HELD if hold.problem:
                self._hold_refused(hold, hold.problem)
            case Stage.UNANSWERED:
                self._close_panel(hold)
                self.say("The server did not answer, so nothing is held here. Enter tries again.", alarm=True)
        self.draw()

    def _booked(self, hold: Hold) -> None:
        panel = self.panel
        patient = panel.patient if panel else None
        if panel:
            self.desk.read_back = panel.sentence
            if parked := panel.entered.parked:
                self.desk.memory.forget(parked)
        self.desk.errand.patient = self.desk.errand.moving = self.desk.errand.waits = None
        reference = hold.booking.reference if hold.booking else ""
        whom = brief(patient.name, private=self.desk.private) if patient else ""
        self._close_panel(hold)
        done = "moved" if hold.moving else "booked"
        words = f"{done} {reference} {whom}, {self._slot_words(hold.slot)}"
        self.say(f"{words}   y copy read-back")
        if patient and not hold.moving:
            self.run_worker(self._look_at_the_waitlist(hold.slot, patient, words), group="waitlist")

    async def _look_at_the_waitlist(self, slot: Timeslot, patient: Patient, words: str) -> None:
        from deskcal.tui.waitlist.off import after_booking

        with suppress(ClientError):
            if more := await after_booking(self.desk, slot, patient):
                self.say(f"{words}   {more}")

    def _slot_words(self, slot: Timeslot) -> str:
        return f"{slot.provider_name} {self.desk.local(slot.start):%a %d %b %H:%M}"

    def _make_room(self, *, holding: bool) -> None:
        """Let lines give way to the panel where it is narrow. A class of the screen would restyle it all."""
        for line in self.query("#detail, #legend"):
            line.set_class(holding, "-beside-hold")

    def _close_panel(self, hold: Hold) -> None:
        if self.panel is not None:
            self.panel.close()
            self.panel = None
        self._make_room(holding=False)
        self.focus_grid()
        self.renew_lane(hold.slot)

    def _hold_refused(self, hold: Hold, problem: Problem) -> None:
        from deskcal.tui.booking.conflict import CONFLICTS

        if problem.error in CONFLICTS:
            self._conflict(problem)
        else:
            if not hold.is_open:
                self._close_panel(hold)
            self.say(problem.detail, alarm=True)

    def _conflict(self, problem: Problem, *, unasked: bool = False) -> None:
        from deskcal.tui.booking.conflict import conflict

        panel, hold = self.panel, self.holding.hold if self.holding else None
        if hold is None:
            return
        entered = panel.entered if panel else Entered()
        wanted = Filter(service_id=hold.slot.service_id, provider_id=hold.slot.provider_id)
        waitlist = partial(self.put_on_waitlist, entered.patient, wanted)
        dialog = conflict(problem, hold, entered.patient, self.desk, waitlist=waitlist, unasked=unasked)

        async def chosen(slot: Timeslot | None) -> None:
            if slot is not None:
                await self.take(slot, entered)
            elif self.holding and self.holding.hold is hold and hold.stage is not Stage.HELD:
                self._close_panel(hold)
                self.holding = None
                self.draw()

        self.app.call_next(self.app.push_screen, dialog, chosen)
        self.renew_lane(hold.slot)

    async def slot_was_taken(self, hold: Hold, words: str) -> None:
        """Offer alternatives after another desk took what had lapsed here, while the panel is still open."""
        request = CheckRequest(
            provider_id=hold.slot.provider_id,
            service_id=hold.slot.service_id,
            start=hold.slot.start.isoformat(),
        )
        with suppress(ClientError), self.desk.asking() as link:
            verdict = await link.check(request)
            problem = Problem(
                title="Slot taken",
                status=409,
                error="SLOT_ALREADY_BOOKED",
                detail=words,
                alternatives=verdict.alternatives,
            )
            if self.hold is hold:
                self._conflict(problem, unasked=True)
