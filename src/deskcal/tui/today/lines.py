"""The lines around the board: the day in numbers, the tabs, and who is under the cursor."""

from collections.abc import Mapping, Sequence

from textual.content import Content

from deskcal.tui.appointments.statuses import status_words
from deskcal.tui.connection import ago
from deskcal.tui.desk import Desk
from deskcal.tui.lines import WIDE
from deskcal.tui.names import shown
from deskcal.tui.today.lists import Shown
from deskcal.tui.today.model import Counts
from deskcal.wire.booking import Appointment


def counts_line(counts: Counts, desk: Desk, width: int) -> Content:
    """Write the day in numbers; while offline also how old they are."""
    wide = width >= WIDE
    numbers = (
        (counts.booked, "booked"),
        (counts.arrived, "arrived"),
        (counts.seated, "seated"),
        (counts.left, "left"),
        (counts.late, "late"),
        (counts.no_show, "no-show"),
        (counts.walk_ins, "walk-in" if counts.walk_ins == 1 else "walk-ins"),
    )
    words = "  ".join(f"{number} {what}" for number, what in numbers)
    age = ""
    if desk.connection.is_offline:
        age = f"   {ago((desk.now() - desk.connection.since).total_seconds())} old"
    day = f"{desk.today:%a %d %b %Y}   " if wide else ""
    return Content.assemble((day, "bold"), words, (age, "bold $warning"))


def tabs_line(lists: Mapping[str, Shown], names: Sequence[str], front: str) -> Content:
    """Write the lists as tabs, the one in front in brackets."""
    tabs = [(f"{lists[name].title} {len(lists[name].rows)}", name == front) for name in names]
    return Content(" ").join(
        Content.styled(f"[{tab}]" if here else f" {tab} ", "bold reverse" if here else "")
        for tab, here in tabs
    )


def person_words(one: Appointment, desk: Desk) -> str:
    """Say all that the desk needs of an appointment in a line."""
    start, end = desk.local(one.start), desk.local(one.end)
    came = f"came {desk.local(one.checked_in_at):%H:%M}" if one.checked_in_at else ""
    parts = (
        shown(one.patient_name, private=desk.private),
        one.reference,
        f"{start:%H:%M}-{end:%H:%M} {one.provider_name}",
        one.service_title,
        desk.rooms.get(one.room_id, "") if one.room_id else "",
        status_words(one, desk.now()),
        came,
        one.notes or "",
    )
    return "   ".join(filter(None, parts))
