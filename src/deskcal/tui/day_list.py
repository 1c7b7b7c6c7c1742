"""The day list: everybody's appointments of a day as a text file, printed where there is a printer."""

import asyncio
from datetime import date
from pathlib import Path
from shutil import which

from deskcal.tui.desk import Desk
from deskcal.tui.files import save
from deskcal.tui.today.store import every_appointment
from deskcal.wire.day_sheet import day_sheet

PRINTER = "lpr"


async def save_day(desk: Desk, day: date) -> Path:
    """Fetch a day and write it. Raises ClientError, or OSError where nothing can be written."""
    with desk.asking() as link:
        found = await every_appointment(link, day)
        clinic = link.clinic.name
    heading = f"{clinic}, {day:%A %Y-%m-%d}, as of {desk.local(desk.now()):%d %b %H:%M %Z}"
    return save(f"deskcal-day-{day}.txt", f"{day_sheet(heading, found, desk.rooms)}\n".encode())


def can_print() -> bool:
    return which(PRINTER) is not None


async def print_file(path: Path) -> bool:
    """Send a file to the default printer; False when that refuses it."""
    process = await asyncio.create_subprocess_exec(
        PRINTER, path, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    return await process.wait() == 0
