"""Commands that say what there is: a day, who is on it, what is free next, what waits."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from deskcal.client.errors import ClientError, Unreachable
from deskcal.core.words import folded
from deskcal.tui.appointments.facts import audit_lines, fact_lines
from deskcal.tui.booking.finding import next_free
from deskcal.tui.desk import Desk
from deskcal.tui.filters import Filter, understand
from deskcal.tui.names import shown
from deskcal.tui.patients.finding import find_patients
from deskcal.tui.plain.face import Face
from deskcal.tui.plain.holding import hold_slot, offer_slots
from deskcal.tui.plain.words import (
    appointment_words,
    lane_lines,
    lane_words,
    left_words,
    patient_words,
    slot_words,
)
from deskcal.tui.queue.words import about_words, kind_words, sort, state_words
from deskcal.tui.today.store import every_appointment
from deskcal.tui.waitlist.words import offer_words, open_offer, wanted_words
from deskcal.tui.when import NotADate, read_day
from deskcal.wire.booking import Appointment
from deskcal.wire.people import Patient

MOST = 9


async def day(face: Face, words: str) -> None:
    """Say a day: of one provider each time, else how many are free with whom."""
    desk, on = face.desk, face.desk.today
    first, *others = words.split() or [""]
    for length in (2, 1):
        dated = " ".join([first, *others][:length])
        try:
            on = read_day(dated, desk.today)
        except NotADate:
            continue
        words = " ".join([first, *others][length:])
        break
    meant = understand(words, desk.service_names, desk.providers)
    if meant.problem:
        face.say(meant.problem)
        return
    face.store.turn(on, meant.filter)
    try:
        await face.store.load()
    except ClientError as error:
        if face.store.fetched is None:
            raise
        as_of = desk.local(face.store.fetched.fetched_at)
        face.say(f"{str(error).split('.')[0]}. This is as of {as_of:%a %d %b %H:%M}.")
    _say_day(face, meant.filter.provider_id)


def _say_day(face: Face, provider_id: UUID | None) -> None:
    fetched, desk = face.store.fetched, face.desk
    lanes = fetched.providers if fetched else ()
    title = f"{face.store.day:%A %d %B %Y}"
    if provider_id is None and len(lanes) > 1:
        face.say(title)
        working = [lane for lane in lanes if lane_lines(lane, desk)]
        for lane in working:
            face.say(lane_words(lane, desk))
        if idle := [lane.provider.name for lane in lanes if lane not in working]:
            face.say(f"Nothing with {', '.join(idle)}.")
        face.say(f"day {face.store.day:%d %b} and a provider's name says each time.")
        return
    for lane in lanes:
        face.say(f"{title}, {lane_words(lane, desk)}")
        lines = lane_lines(lane, desk)
        face.offer([(one.words, partial(hold_slot, face, one.slot) if one.slot else None) for one in lines])
    if not any(lane_lines(lane, desk) for lane in lanes):
        face.say(f"{title}: nobody works.")


async def next_available(face: Face, words: str) -> None:
    """Say the next free times, by number; words narrow to a service or provider."""
    desk = face.desk
    meant = understand(words, desk.service_names, desk.providers)
    if meant.problem:
        face.say(meant.problem)
        return
    chosen = meant.filter or desk.errand.filter
    found = await next_free(desk, desk.today, chosen, limit=MOST)
    offer_slots(face, found, nothing="Nothing is free in the next two weeks.")


async def patient(face: Face, words: str) -> None:
    """Find a patient by part of the name, phone or birth date; what comes next is for them."""
    if not words:
        whom = face.desk.errand.patient
        face.say(patient_words(whom, face.desk) if whom else "Say who: patient lopez mar")
        return
    found = await find_patients(face.desk, words)
    if not found:
        face.say(f'No patient matches "{words}".')
    elif len(found) == 1:
        await _choose(face, found[0])
    else:
        face.offer([(patient_words(one, face.desk), partial(_choose, face, one)) for one in found])


async def _choose(face: Face, whom: Patient) -> None:
    face.desk.errand.patient = whom
    face.say(f"For {patient_words(whom, face.desk)}." + (" confirm books." if face.hold else ""))


async def appointments(face: Face, words: str) -> None:
    """Say today's appointments, or those of another day, or of the patient chosen."""
    desk = face.desk
    if not words and (whom := desk.errand.patient):
        with desk.asking() as link:
            found = (await link.appointments(link.clinic.id, which="upcoming", patient_id=whom.id)).items
    else:
        try:
            on = read_day(words or "today", desk.today)
        except NotADate as error:
            face.say(str(error))
            return
        with desk.asking() as link:
            found = await every_appointment(link, on)
    face.seen |= {one.id: one for one in found}
    for one in found:
        face.say(appointment_words(one, desk))
    face.say(f"{len(found)} appointment{'' if len(found) == 1 else 's'}.")


async def show(face: Face, words: str) -> None:
    """Say everything about one appointment, named by its reference or a patient's name."""
    if meant := await one_appointment(face, words):
        with face.desk.asking() as link:
            entries = await link.audit(meant.id)
            costs = await link.cancellation(meant.id)
        for line in fact_lines(meant, face.desk, patient=None, costs=costs):
            face.say(line)
        for line in audit_lines(entries, face.desk):
            face.say(line)


async def one_appointment(face: Face, words: str) -> Appointment | None:
    """Find the appointment that is meant: a reference, or a name on today's list. Says when it is not one."""
    desk = face.desk
    if not words:
        face.say("Which one? Give its reference, or the name of a patient of today.")
        return None
    try:
        found = await _asked_for(desk, words)
    except Unreachable:
        found = _named([*face.seen.values()], words)
        if not found:
            raise
    if len(found) == 1:
        return found[0]
    for one in found:
        face.say(appointment_words(one, desk))
    face.say("Which of these? Give the reference." if found else f'No appointment is "{words}".')
    return None


async def _asked_for(desk: Desk, words: str) -> list[Appointment]:
    with desk.asking() as link:
        if any(letter.isdigit() for letter in words):
            return (await link.appointments(link.clinic.id, reference=words.upper())).items
        return _named(await every_appointment(link, desk.today), words)


def _named(appointments: Sequence[Appointment], words: str) -> list[Appointment]:
    """Give those whose reference, or whose patient's name, has all of the words."""
    meant = folded(words).split()
    return [
        one
        for one in appointments
        if all(word in f"{folded(one.patient_name)} {one.reference.casefold()}" for word in meant)
    ]


async def waitlist(face: Face, _: str) -> None:
    """Say who waits for an earlier time."""
    with face.desk.asking() as link:
        entries = (await link.waitlist()).items
    for entry in entries:
        offer = open_offer(entry, face.desk.now())
        offered = f"; offered {offer_words(offer, face.desk)}" if offer else ""
        name = shown(entry.patient_name, private=face.desk.private)
        face.say(f"{name}, {entry.service_title}, {wanted_words(entry)}{offered}")
    face.say(f"{len(entries)} waiting.")


async def queue(face: Face, _: str) -> None:
    """Say what waits for the server, or for somebody."""
    memory = face.desk.memory
    listed = sort(memory.intents.all(), memory.drafts.all()).all
    for entry in listed:
        face.say(f"{kind_words(entry)} {about_words(entry, face.desk)}: {state_words(entry, face.desk)}")
    if not listed:
        face.say("The queue is empty.")


async def messages(face: Face, _: str) -> None:
    """Say again what was said last."""
    for one in [*face.desk.said.messages][-MOST:]:
        face.say(f"{face.desk.local(one.at):%H:%M} {one.shown(private=face.desk.private)}")


async def status(face: Face, _: str) -> None:
    """Say how the connection stands, what is held and for whom."""
    desk = face.desk
    now = desk.local(desk.now())
    clinic = desk.clinic.name if desk.clinic else "no clinic yet"
    word = desk.connection.word(desk.now(), desk.waiting_since)
    face.say(f"{clinic}, {desk.name}, {now:%A %d %B %H:%M %Z}, {word.lower()}, {desk.queued} in the queue.")
    if hold := face.hold:
        face.say(f"Held: {slot_words(hold.slot, desk)}, {left_words(hold.seconds_left(desk.now()))}.")
    if whom := desk.errand.patient:
        face.say(f"For {patient_words(whom, desk)}.")


async def privacy(face: Face, _: str) -> None:
    """Say initials in place of names, or names again."""
    face.desk.private = not face.desk.private
    face.say("Names are initials now." if face.desk.private else "Names are said again.")


async def everybody(face: Face, _: str) -> None:
    """Forget the patient, the move and what was narrowed."""
    errand = face.desk.errand
    errand.patient = errand.moving = None
    errand.filter = Filter()
    face.say("For nobody in particular.")
