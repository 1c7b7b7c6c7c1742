"""The lists of the board as they read: their columns, and a line for each who stands there."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID

from deskcal.tui.desk import Desk
from deskcal.tui.names import doctor, shown
from deskcal.tui.table_rows import Column, Row
from deskcal.tui.today.gaps import Gap
from deskcal.tui.today.model import Board, Doctor, may_have_missed, waited, waits_too_long
from deskcal.wire.booking import Appointment

Columns: TypeAlias = tuple[Column, ...]

MINUTE = timedelta(minutes=1)
NOTICEABLE = timedelta(minutes=5)

_WHO = (Column(title="Patient", width=12, grows=True), Column(title=" Due", width=6))
_DOCTOR = Column(title="Doctor", width=7)
_SERVICE = Column(title="Service", width=6, grows=True)
WAITING: Columns = (*_WHO, _DOCTOR, _SERVICE, Column(title="    Wait", width=8))
DUE: Columns = (*_WHO, _DOCTOR, Column(title="Service", width=4, grows=True), Column(title="", width=7))
IN_ROOM: Columns = (*_WHO, _DOCTOR, Column(title="Room", width=6, grows=True), Column(title="Since", width=5))
GAPS: Columns = (
    Column(title="Free", width=5),
    _DOCTOR,
    Column(title="Long", width=4),
    Column(title="Waits for it", width=15, grows=True),
)
DOCTORS: Columns = (
    Column(title="Doctor", width=7, grows=True),
    Column(title="Runs", width=9),
    Column(title="Wait", width=4),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What one list shows, under its title, and the sentence in place of rows."""

    title: str
    columns: Columns
    rows: tuple[Row, ...]
    empty: str = ""


def lists_of(board: Board, gaps: tuple[Gap, ...], desk: Desk, now: datetime) -> dict[str, Shown]:
    """Write all lists by the id of their tab; `due` is `late` and `next` in one, where there is room."""
    late = tuple(_late(one, desk, now) for one in board.late)
    coming = tuple(_coming(one, desk, now) for one in board.coming)
    nobody = "Nobody is booked today. + adds a walk-in."
    return {
        "waiting": Shown(
            title="Waiting",
            columns=WAITING,
            rows=tuple(_waiting(one, desk, now) for one in board.waiting),
            empty="Nobody waits." if board.counts.booked else nobody,
        ),
        "late": Shown(title="Late", columns=DUE, rows=late, empty="Nobody is late."),
        "next": Shown(title="Next 2h", columns=DUE, rows=coming, empty="Nobody is due in the next 2 hours."),
        "due": Shown(
            title="Late or not here yet", columns=DUE, rows=late + coming, empty="Nobody is awaited."
        ),
        "in_room": Shown(
            title="In room",
            columns=IN_ROOM,
            rows=tuple(_in_room(one, desk) for one in board.in_room),
            empty="Nobody is in a room.",
        ),
        "gaps": Shown(
            title="Gaps in 2h",
            columns=GAPS,
            rows=tuple(_gap(gap, desk) for gap in gaps),
            empty="No gaps in the next 2 hours.",
        ),
        "doctors": Shown(
            title="By doctor", columns=DOCTORS, rows=tuple(_doctor(one) for one in board.doctors)
        ),
    }


def behind_words(one: Doctor) -> str:
    """Say how late a doctor runs; a few minutes are on time, unless somebody noted them."""
    minutes = one.behind // MINUTE
    if one.is_noted:
        return f"+{minutes} noted"
    return f"+{minutes} min" if one.behind >= NOTICEABLE else "on time"


def doctors_words(board: Board) -> str:
    """Say in a line who runs late, the latest first, and where somebody waits: `Chen +15 min (2 waiting)`."""
    parts = [
        f"{doctor(one.name, 10, titled=False)} {behind_words(one)}"
        + (f" ({one.waiting} waiting)" if one.waiting else "")
        for one in sorted(board.doctors, key=lambda one: -one.behind)
        if one.waiting or behind_words(one) != "on time"
    ]
    return "  ".join(parts) or "All doctors are on time."


def _waiting(one: Appointment, desk: Desk, now: datetime) -> Row:
    long = waits_too_long(one, now)
    wait = waited(one, now)
    minutes = "" if wait is None else f"{wait // MINUTE} min"
    return _row(one, desk, one.service_title, f"{'!' if long else ' '}{minutes:>7}", alarm=long)


def _late(one: Appointment, desk: Desk, now: datetime) -> Row:
    missed = may_have_missed(one, now)
    since = f"+{(now - one.start) // MINUTE}"
    return _row(one, desk, one.service_title, f"{since:>4}{' N?' if missed else ''}", alarm=missed)


def _coming(one: Appointment, desk: Desk, now: datetime) -> Row:
    return _row(one, desk, one.service_title, f"in {-((now - one.start) // MINUTE)}")


def _in_room(one: Appointment, desk: Desk) -> Row:
    room = desk.rooms.get(one.room_id, "") if one.room_id else one.mode.replace("_", " ")
    since = f"{desk.local(one.started_at):%H:%M}" if one.started_at else ""
    return _row(one, desk, room, since)


def _row(one: Appointment, desk: Desk, what: str, time: str, *, alarm: bool = False) -> Row:
    cells = (
        shown(one.patient_name, private=desk.private),
        f"{'+' if one.walk_in else ' '}{desk.local(one.start):%H:%M}",
        doctor(one.provider_name, _DOCTOR.width, titled=False),
        what,
        time,
    )
    return Row(key=one.id, cells=cells, look="alarm" if alarm else "row")


def _gap(gap: Gap, desk: Desk) -> Row:
    match = shown(gap.match.patient_name, private=desk.private) if gap.match else "-"
    service = f", {gap.match.service_title}" if gap.match else ""
    cells = (
        f"{desk.local(gap.first.start):%H:%M}",
        doctor(gap.first.provider_name, _DOCTOR.width, titled=False),
        f"{gap.minutes}m",
        f"{match}{service}",
    )
    return Row(key=gap_key(gap), cells=cells)


def gap_key(gap: Gap) -> Hashable:
    """Name a gap as the cursor knows it; a gap of which the beginning passed is the same gap."""
    return (gap.first.provider_id, gap.end)


def _doctor(one: Doctor) -> Row:
    cells = (doctor(one.name, 16, titled=False), behind_words(one), f"{one.waiting:>4}")
    return Row(key=doctor_key(one.id), cells=cells)


def doctor_key(provider_id: UUID) -> Hashable:
    """Name a doctor's row."""
    return (provider_id,)
