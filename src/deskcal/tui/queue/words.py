"""How the queue reads: each draft, what waits, and each verdict, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from deskcal.tui.appointments.statuses import WORDS
from deskcal.tui.desk import Desk
from deskcal.tui.memory.drafts import Draft
from deskcal.tui.memory.intents import Become, Book, Cancel, Deed, Intent, Move, State
from deskcal.tui.names import doctor, shown
from deskcal.wire.calendar import Timeslot

Entry = Draft | Intent
_NOT_YET = {Book: "NOT booked", Move: "NOT moved", Cancel: "NOT canceled", Become: "NOT noted"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """The queue as it is listed: what waits in its order, then verdicts, then drafts."""

    waiting: tuple[Intent, ...]
    verdicts: tuple[Intent, ...]
    drafts: tuple[Draft, ...]

    @property
    def all(self) -> tuple[Entry, ...]:
        return (*self.waiting, *self.verdicts, *self.drafts)


def sort(intents: Sequence[Intent], drafts: Sequence[Draft]) -> Sorted:
    """Put those that need somebody before those that are done."""
    waiting = [one for one in intents if one.state in {State.WAITING, State.SENDING}]
    needing = [one for one in intents if one.state is State.NEEDS_YOU]
    done = [one for one in intents if one.state is State.DONE]
    return Sorted(waiting=tuple(waiting), verdicts=(*needing, *done), drafts=tuple(drafts))


def kind_words(entry: Entry) -> str:
    """Say in one word what it is."""
    if isinstance(entry, Draft):
        return "DRAFT"
    match entry.deed:
        case Become(request=request):
            return WORDS[request.status].upper() if request.status else "CHANGE"
        case deed:
            return type(deed).__name__.upper()


def about_words(entry: Entry, desk: Desk, *, wide: bool = True) -> str:
    """Say whom and what it is about."""
    if isinstance(entry, Draft):
        name = (
            shown(entry.patient.name, private=desk.private) if entry.patient else entry.typed or "nobody yet"
        )
        return f"{name}  {_slot(entry.slot, desk, wide=wide)}"
    return _deed(entry.deed, desk, wide=wide)


def _deed(deed: Deed, desk: Desk, *, wide: bool) -> str:
    name = shown(deed.patient.name, private=desk.private)
    if isinstance(deed, Book):
        return f"{name}  {_slot(deed.slot, desk, wide=wide)}"
    who = f"{deed.seen.reference} {name}"
    was = f" {desk.local(deed.seen.start):%a %d %H:%M}" if wide else ""
    to = f" -> {_slot(deed.slot, desk, wide=False)}" if isinstance(deed, Move) else ""
    return f"{who} {was}{to}".rstrip()


def _slot(slot: Timeslot, desk: Desk, *, wide: bool) -> str:
    start, service = desk.local(slot.start), desk.services.get(slot.service_id)
    if not wide:
        return f"{start:%a %d %H:%M} {doctor(slot.provider_name, 8, titled=False)}"
    title = service.title if service else ""
    return f"{start:%a %d %b %H:%M} {slot.provider_name} {title}".rstrip()


def state_words(entry: Entry, desk: Desk) -> str:
    """Say how it stands; of what waits, first of all that it is not done."""
    if isinstance(entry, Draft):
        return "draft, NOT held"
    match entry.state:
        case State.WAITING:
            return f"waits, {_NOT_YET[type(entry.deed)]}"
        case State.SENDING:
            return "being sent"
        case State.DONE:
            at = f"{desk.local(entry.ended_at):%H:%M} " if entry.ended_at else ""
            return f"DONE {at}{entry.verdict}"
    return entry.verdict


def next_words(entry: Entry) -> str:
    """Say what comes next, and the key for it."""
    if isinstance(entry, Draft):
        return "Enter: take it up"
    match entry.state:
        case State.NEEDS_YOU if entry.problem and entry.problem.alternatives:
            return f"Enter: {len(entry.problem.alternatives)} others"
        case State.NEEDS_YOU:
            return "Enter: decide"
        case State.DONE:
            return "Enter: open" if entry.appointment_id else ""
    return "tries by itself"


def detail_words(entry: Entry, desk: Desk) -> str:
    """Say all there is to one entry."""
    what = f"{kind_words(entry)} {about_words(entry, desk)}: {state_words(entry, desk)}"
    if isinstance(entry, Draft):
        return f"{what}\nreason: {entry.reason}" if entry.reason else what
    again = f"\nIt may have reached the server already; saved at {entry.by}." if entry.sent else ""
    return f"{what}{again if entry.state is State.WAITING else ''}"


def sheet(listed: Sorted, desk: Desk) -> str:
    """Write the queue to work on paper, or to be copied."""
    now = desk.local(desk.now())
    lines = [f"Queue of {desk.name}, {now:%a %d %b %Y %H:%M %Z}. What waits is not done.", ""]
    for entry in listed.all:
        saved = f"{desk.local(entry.saved_at):%H:%M}"
        lines.append(
            f"[ ] {saved}  {kind_words(entry):<8} {about_words(entry, desk)}   {state_words(entry, desk)}"
        )
    return "\n".join([*lines, ""])
