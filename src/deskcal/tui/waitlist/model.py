"""The lines of the waitlist, in columns."""

from datetime import datetime

from deskcal.tui.desk import Desk
from deskcal.tui.names import doctor, shown
from deskcal.tui.table_rows import Column, Row
from deskcal.tui.waitlist.words import open_offer, wanted_words
from deskcal.wire.waitlist import Entry

COLUMNS = (
    Column(title="Patient", width=13, grows=True),
    Column(title="Service", width=9, grows=True),
    Column(title="With", width=8, grows=True),
    Column(title="When", width=15, grows=True),
    Column(title="Since", width=6),
    Column(title="Offer", width=13),
)


def entry_row(entry: Entry, desk: Desk, now: datetime) -> Row:
    """Write an entry; an open offer says until when it stands."""
    offer = open_offer(entry, now)
    names = [doctor(desk.providers.get(key, ""), 9, titled=False) for key in entry.provider_ids]
    cells = (
        shown(entry.patient_name, private=desk.private),
        entry.service_title,
        ", ".join(names) or "anybody",
        wanted_words(entry),
        f"{desk.local(entry.created_at):%d %b}",
        f"! until {desk.local(offer.expires_at):%H:%M}" if offer else "waiting",
    )
    return Row(key=entry.id, cells=cells, look="alarm" if offer else "row")
