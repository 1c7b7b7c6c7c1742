"""Taking off the waitlist whoever has been booked for what they waited for."""

from deskcal.tui.desk import Desk
from deskcal.tui.names import shown
from deskcal.tui.question import Question
from deskcal.tui.waitlist.standing import standing
from deskcal.tui.waitlist.words import wanted_words
from deskcal.wire.calendar import Timeslot
from deskcal.wire.people import Patient
from deskcal.wire.waitlist import Entry


async def after_booking(desk: Desk, slot: Timeslot, patient: Patient) -> str:
    """Take off whom a gap was filled with; of others who wait for the same service, say that they do.

    Who took a later time may wait on for an earlier one, so that is for the desk to decide.
    Raises ClientError.
    """
    filling, desk.errand.filling = desk.errand.filling, None
    if filling and filling.slot_id == slot.id and filling.entry.patient_id == patient.id:
        await take_off(desk, filling.entry)
        return "off the waitlist"
    with desk.asking() as link:
        entries = await standing(link, patient_id=patient.id)
    waits = [one for one in entries if one.service_id == slot.service_id]
    desk.errand.waits = waits[0] if waits else None
    return "still waits (W)" if waits else ""


async def take_off(desk: Desk, entry: Entry) -> str:
    """Let somebody wait no longer; gives what to say about it. Raises ClientError."""
    with desk.asking() as link:
        await link.leave_waitlist(entry.id)
    return f"{shown(entry.patient_name, private=desk.private)} does not wait any more"


def ask_to_take_off(desk: Desk, entry: Entry) -> Question:
    """Ask whether somebody who is booked waits on."""
    name = shown(entry.patient_name, private=desk.private)
    words = f"{name}, {entry.service_title}, {wanted_words(entry)}. Enter takes them off the waitlist."
    return Question("Wait no longer?", words)
