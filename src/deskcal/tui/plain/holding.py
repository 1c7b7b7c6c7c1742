"""Commands that hold a slot and book it."""

from collections.abc import Sequence
from functools import partial

from deskcal.tui.booking.finding import wished
from deskcal.tui.booking.hold import Stage
from deskcal.tui.booking.holding import Holding
from deskcal.tui.booking.wish import Wish, read_wish
from deskcal.tui.patients.finding import find_patients
from deskcal.tui.plain.face import Face
from deskcal.tui.plain.words import left_words, patient_words, slot_words
from deskcal.tui.spoken import say_back, what_changes
from deskcal.wire.calendar import Timeslot
from deskcal.wire.people import Patient

MOST = 9


def offer_slots(
    face: Face, slots: Sequence[Timeslot], *, nothing: str, wanted: Timeslot | None = None
) -> None:
    """Say slots by number, and against one that was wanted what changes; a number holds one."""
    desk = face.desk
    lines = []
    for slot in slots:
        changes = f", {what_changes(slot, wanted, desk.zone, desk.services)}" if wanted else ""
        lines.append((f"{slot_words(slot, desk)}{changes}", partial(hold_slot, face, slot)))
    face.offer(lines)
    face.say("A number holds that one." if slots else nothing)


async def book(face: Face, words: str) -> None:
    """Find times by words: patient, service, length, provider, day, am or pm. A number then holds one."""
    desk, whom = face.desk, face.desk.errand.patient
    wish = read_wish(
        words,
        today=desk.today,
        services=desk.services,
        providers=desk.providers,
        is_for_somebody=whom is not None,
    )
    if wish.problem:
        face.say(f"{wish.problem[0].upper()}{wish.problem[1:]}.".replace("?.", "?"))
        return
    if not wish.patient:
        await _find(face, wish, whom)
        return
    found = await find_patients(desk, wish.patient)
    if len(found) > 1:
        face.say("Several patients match. A number says which.")
        face.offer([(patient_words(one, desk), partial(_find, face, wish, one)) for one in found])
    elif found:
        await _find(face, wish, found[0])
    else:
        face.say(f'No patient matches "{wish.patient}".')


async def _find(face: Face, wish: Wish, whom: Patient | None) -> None:
    face.desk.errand.patient = whom
    if whom:
        face.say(f"For {patient_words(whom, face.desk)}.")
    found = await wished(face.desk, wish, limit=MOST)
    offer_slots(face, found, nothing="Nothing is free for that in two weeks.")


async def hold_slot(face: Face, slot: Timeslot) -> None:
    """Hold a slot; what was held before is given back."""
    await face.release()
    face.own(slot)
    face.holding = Holding(face.desk, slot, lambda _: None, moving=face.desk.errand.moving)
    await face.holding.start()
    _say_hold(face)


async def confirm(face: Face, words: str) -> None:
    """Book what is held, or move there; words are the reason."""
    holding, whom = face.holding, face.desk.errand.patient
    if holding is None or face.hold is None:
        face.say("Nothing is held. next or book finds a time.")
    elif holding.hold.stage is Stage.LAPSED:
        face.say("The hold ran out. renew holds it again.")
    elif whom is None:
        face.say("Who is it for? Say: patient, and part of the name.")
    else:
        await holding.confirm(whom.id, words)
        _say_hold(face)


async def renew(face: Face, _: str) -> None:
    """Ask for more time, once; after the hold ran out, hold the time again."""
    holding = face.holding
    if holding is None or face.hold is None:
        face.say("Nothing is held.")
    elif holding.hold.stage is Stage.LAPSED:
        await hold_slot(face, holding.hold.slot)
    else:
        await holding.renew()
        _say_hold(face)


async def release(face: Face, _: str) -> None:
    """Give back what is held."""
    if hold := face.hold:
        await face.release()
        face.tell(f"Released {slot_words(hold.slot, face.desk)}.")
    else:
        face.say("Nothing is held.")


def _say_hold(face: Face) -> None:
    """Say how the hold stands after a step."""
    if face.holding is None:
        return
    hold, desk = face.holding.hold, face.desk
    what = slot_words(hold.slot, desk)
    match hold.stage:
        case Stage.HELD if hold.problem:
            face.tell(hold.problem.detail, alarm=True)
        case Stage.HELD if hold.words:
            face.tell("No answer yet. Say it again: it cannot be booked twice.", alarm=True)
        case Stage.HELD:
            who = f" for {patient_words(desk.errand.patient, desk)}" if desk.errand.patient else ""
            then = "confirm books it" if not hold.moving else f"confirm moves {hold.moving.reference} there"
            face.say(
                f"Held {what}{who}, {left_words(hold.seconds_left(desk.now()))}. {then}, release gives it up."
            )
        case Stage.BOOKED:
            _say_booked(face)
        case Stage.REFUSED if hold.problem:
            undone = f"{hold.moving.reference} was not moved" if hold.moving else "Nothing was booked"
            face.tell(f"{what}: {hold.problem.detail} {undone}.", alarm=True)
            others = [one for one in hold.problem.alternatives or [] if one.id != hold.slot.id]
            offer_slots(face, others[:MOST], wanted=hold.slot, nothing="next looks for another time.")
        case Stage.UNANSWERED:
            face.tell(f"The server does not answer, so {what} is not held.", alarm=True)


def _say_booked(face: Face) -> None:
    if face.holding is None:
        return
    hold, desk = face.holding.hold, face.desk
    reservation, service = hold.reservation, desk.services.get(hold.slot.service_id)
    room = desk.rooms.get(reservation.room_id) if reservation and reservation.room_id else None
    currency = service.currency if service else "USD"
    desk.read_back = say_back(desk.errand.patient, hold.slot, desk.zone, room=room, currency=currency)
    reference = hold.booking.reference if hold.booking else ""
    face.tell(f"{'Moved' if hold.moving else 'Booked'} {reference}. Say: {desk.read_back}")
    desk.errand.patient = desk.errand.moving = None
    face.holding = None
