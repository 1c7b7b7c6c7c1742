"""Noting that a provider runs late: one line to ask how late, and the telling of it."""

import re
from datetime import date
from uuid import UUID

from deskcal.tui.ask import Ask
from deskcal.tui.delays import late_words
from deskcal.tui.desk import Desk
from deskcal.wire.delays import NewDelay

LONGEST = 600
MINUTES = re.compile(r"\+?(\d{1,3})\s*(m|min)?", re.IGNORECASE)


def ask_delay(desk: Desk, provider_id: UUID, day: date) -> Ask[int]:
    """Ask how many minutes; none take back what was noted."""
    who = desk.providers.get(provider_id, "the provider")
    noted = desk.delays.of(provider_id, day)

    def read(text: str) -> tuple[int | None, str]:
        if not text.strip():
            return 0, f"{late_words(noted, who, desk)}; Enter takes it back" if noted else f"{who} is on time"
        found = MINUTES.fullmatch(text.strip())
        minutes = int(found[1]) if found else LONGEST + 1
        if minutes > LONGEST:
            return None, f"minutes, from 0 to {LONGEST}"
        return minutes, f"{who} runs {minutes} min late" if minutes else f"{who} is on time again"

    on = "" if day == desk.today else f" on {day:%a %d %b}"
    return Ask(f"How late is {who}{on}?", "minutes: 15; nothing or 0 takes it back", read)


async def note_delay(desk: Desk, provider_id: UUID, day: date, minutes: int) -> str:
    """Tell the server, which tells every desk; gives what to say about it. Raises ClientError."""
    who = desk.providers.get(provider_id, "The provider")
    if not minutes and desk.delays.of(provider_id, day) is None:
        return f"{who} is on time, as far as anybody noted."
    request = NewDelay(minutes=minutes, day=day, client_id=desk.name)
    with desk.asking() as link:
        await link.note_delay(provider_id, request)
    if not minutes:
        return f"{who} is on time again; every desk is told."
    return f"{who} runs {minutes} min late; every desk is told."
