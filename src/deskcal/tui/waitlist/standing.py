"""Who is on the waitlist, asked for page after page."""

from deskcal.tui.link import Link
from deskcal.wire.waitlist import Entry

STANDING = "waiting,offered"


async def standing(link: Link) -> list[Entry]:
    """List who waits or has an offer, who waits longest first. Raises ClientError."""
    page = await link.waitlist(state=STANDING)
    found = page.items
    while page.next_cursor is not None:
        page = await link.waitlist(state=STANDING, cursor=page.next_cursor)
        found += page.items
    return found
