"""How many people wait for a time of this week, as the feed keeps it."""

from datetime import date, timedelta

from deskcal.tui.desk import Desk
from deskcal.tui.waitlist.standing import standing
from deskcal.wire.waitlist import Entry


class Waiting:
    """Who stands on the waitlist, as last listed."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._entries: list[Entry] = []

    async def load(self) -> None:
        """List anew. Raises ClientError."""
        with self._desk.asking() as link:
            self._entries = await standing(link)

    def words(self, *, wide: bool) -> str:
        """Say how many would come this week; nothing where nobody would."""
        today = self._desk.today
        sunday = today + timedelta(days=6 - today.weekday())
        people = len({one.patient_id for one in self._entries if _wants(one, today, sunday)})
        if not people:
            return ""
        if not wide:
            return f"waitlist {people} (W)"
        who = "1 person wants" if people == 1 else f"{people} people want"
        return f"waitlist: {who} an earlier slot this week (W opens it)"


def _wants(entry: Entry, first: date, last: date) -> bool:
    begins = entry.first_date is None or entry.first_date <= last
    return begins and (entry.last_date is None or entry.last_date >= first)
