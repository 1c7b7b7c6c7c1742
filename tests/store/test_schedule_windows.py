from dataclasses import replace
from datetime import datetime, timedelta

from deskcal.core.access import INSTALLATION
from deskcal.core.window import Window, WindowKind
from deskcal.flows import windows
from deskcal.store import schedule_windows
from deskcal.store.database import Database
from house import House


async def test_windows_that_are_over(database: Database, house: House) -> None:
    """Whoever reads all windows gets those that still matter: an old series that goes on is one of them."""
    start = datetime.combine(house.day - timedelta(days=30), datetime.min.time())
    off = Window(
        id=INSTALLATION,
        kind=WindowKind.UNAVAILABLE,
        start=start,
        end=start + timedelta(days=1),
        all_day=True,
    )
    added = {
        name: (await windows.add(database, house.asking(), "provider", house.perez.id, window)).window
        for name, window in {
            "over": off,
            "series over": replace(off, rule="RRULE:FREQ=DAILY;COUNT=29"),
            "last day": replace(off, rule="RRULE:FREQ=DAILY;COUNT=30"),
            "endless": replace(off, rule="RRULE:FREQ=WEEKLY"),
        }.items()
    }
    async with database.read(house.clinic.id) as tx:
        found = await schedule_windows.every(tx, house.day - timedelta(days=1))
        known = await schedule_windows.of(tx, [house.perez.id, house.chen.id])
    assert {one.id for one in found[house.perez.id]} == {added["last day"].id, added["endless"].id}
    assert set(known) == set(found) == {house.perez.id}
    assert set(known[house.perez.id]) == set(added.values())
