"""Commands that change an appointment: where it moves, what becomes of it, and taking that back."""

from functools import partial

from deskcal.client.errors import Refused
from deskcal.tui.appointments.changes import Change, Decided
from deskcal.tui.appointments.facts import canceled_words, costs_words
from deskcal.tui.appointments.refusal import refusal
from deskcal.tui.appointments.statuses import WORDS, back_to
from deskcal.tui.filters import Filter
from deskcal.tui.memory.drafts import whose
from deskcal.tui.names import shown
from deskcal.tui.plain.face import Face
from deskcal.tui.plain.looking import next_available, one_appointment
from deskcal.tui.plain.words import appointment_words
from deskcal.tui.spoken import money
from deskcal.wire.booking import Appointment, AppointmentChange, AppointmentStatus, Canceled, CancelRequest


async def move(face: Face, words: str) -> None:
    """Give an appointment another time: says the next free ones, a number holds one, confirm moves it."""
    if meant := await one_appointment(face, words):
        errand = face.desk.errand
        errand.patient = await face.desk.patient(whose(meant))
        errand.moving, errand.filter = meant, Filter(service_id=meant.service_id)
        face.say(f"Moving {appointment_words(meant, face.desk)}. Its time is kept until you confirm.")
        await next_available(face, "")


async def cancel(face: Face, words: str) -> None:
    """Cancel an appointment; says the fee first, and asks."""
    if meant := await one_appointment(face, words):
        with face.desk.asking() as link:
            costs = await link.cancellation(meant.id)
        face.say(f"Cancel {appointment_words(meant, face.desk)}: {costs_words(costs)}.")
        face.say("yes cancels it, yes and a reason too; anything else keeps it.")
        face.question = partial(_agreed, face, meant)


async def _agreed(face: Face, meant: Appointment, line: str) -> None:
    first, _, reason = line.partition(" ")
    if first.casefold() != "yes":
        face.say("Kept.")
        return
    await _carry(face, Decided(appointment=meant, request=CancelRequest(reason=reason or None)))


async def no_show(face: Face, words: str) -> None:
    """Note that a patient did not come; says the fee first, and asks."""
    if meant := await one_appointment(face, words):
        fee = meant.cancellation_policy.no_show_fee_cents
        costs = f"fee {money(fee, meant.currency)}" if fee else "no fee"
        face.say(
            f"No-show {appointment_words(meant, face.desk)}: {costs}. yes notes it, anything else does not."
        )
        face.question = partial(_missed, face, meant)


async def _missed(face: Face, meant: Appointment, line: str) -> None:
    if line.casefold() != "yes":
        face.say("Not noted.")
        return
    request = AppointmentChange(status="no_show", missed_by="patient")
    await _carry(face, Decided(appointment=meant, request=request))


async def arrived(face: Face, words: str) -> None:
    """Note that a patient has come."""
    await _become(face, words, "checked_in")


async def in_room(face: Face, words: str) -> None:
    """Note that a patient is in the room."""
    await _become(face, words, "in_progress")


async def out(face: Face, words: str) -> None:
    """Note that a patient has left."""
    await _become(face, words, "completed")


async def undo(face: Face, _: str) -> None:
    """Take back the last status given here."""
    changes = face.desk.changes
    if (last := changes.last) is None:
        face.say("Nothing to undo: no status was changed at this desk.")
        return
    changes.last = None
    back = AppointmentChange(status=back_to(last.was))
    await _carry(face, Decided(appointment=last.appointment, request=back), undoing=True)


async def _become(face: Face, words: str, status: AppointmentStatus) -> None:
    if meant := await one_appointment(face, words):
        await _carry(face, Decided(appointment=meant, request=AppointmentChange(status=status)))


async def _carry(face: Face, decided: Decided, *, undoing: bool = False) -> None:
    desk, before = face.desk, decided.appointment
    name = shown(before.patient_name, private=desk.private)
    try:
        outcome = await desk.changes.ask(desk, decided)
    except Refused as refused:
        _, words = await refusal(desk, refused, before)
        face.tell(words, alarm=True)
        return
    match outcome:
        case None:
            face.tell(f"Not done yet: {before.reference} {name} waits in the queue until the server answers.")
        case Canceled():
            face.tell(canceled_words(outcome, desk))
        case Appointment() if undoing:
            face.tell(f"{name} {WORDS[outcome.status]} again")
        case Appointment():
            desk.changes.last = Change(appointment=outcome, was=before.status)
            fee = f", fee {money(outcome.charged_cents, outcome.currency)}" if outcome.charged_cents else ""
            face.tell(f"{name} {WORDS[outcome.status]}{fee}. undo takes it back.")
