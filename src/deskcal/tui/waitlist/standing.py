"""Who is on the waitlist, asked for page after page."""

from uuid import UUID

from deskcal.tui.link import Link
from deskcal.wire.waitlist import Entry

STANDING = "waiting,offered"


async def standing(link: Link, *, patient_id: UUID | None = None) -> list[Entry]:
    """List who waits or has an offer, who waits longest first, or what one of them waits for.

    Raises ClientError.
    """
    page = await link.waitlist(state=STANDING, patient_id=patient_id)
    found = page.items
    while page.next_cursor is not None:
        page = await link.waitlist(state=STANDING, patient_id=patient_id, cursor=page.next_cursor)
        found += page.items
    return found
