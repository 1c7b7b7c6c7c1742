"""The waitlist in words: who waits for what, and what is offered to them until when."""

from datetime import datetime

from deskcal.core.rota import read_stretch
from deskcal.tui.desk import Desk
from deskcal.tui.waitlist.wanted import When, when_words
from deskcal.wire.waitlist import Entry, Offer


def open_offer(entry: Entry, now: datetime) -> Offer | None:
    """Give the offer that can be accepted still."""
    return next((one for one in entry.offers if one.state == "open" and one.expires_at > now), None)


def wanted_words(entry: Entry) -> str:
    """Say when somebody would come."""
    times = tuple(read_stretch({"start": one.start, "end": one.end}, "times") for one in entry.times)
    return when_words(When(first=entry.first_date, last=entry.last_date, times=times))


def offer_words(offer: Offer, desk: Desk) -> str:
    """Say a time that is offered: `Tue 25 Nov 10:30 Dr Perez`."""
    return f"{desk.local(offer.start):%a %d %b %H:%M} {desk.providers.get(offer.provider_id, '')}".rstrip()


def about_words(entry: Entry, desk: Desk) -> str:
    """Say what no column has room for: when, the offer, those before it, and the note."""
    offer = open_offer(entry, desk.now())
    let_go = sum(one.state in {"declined", "lapsed"} for one in entry.offers)
    parts = (
        wanted_words(entry),
        f"offered {offer_words(offer, desk)} until {desk.local(offer.expires_at):%H:%M}" if offer else "",
        f"{let_go} offer{'s' if let_go > 1 else ''} let go before" if let_go else "",
        entry.notes or "",
    )
    return "   ".join(filter(None, parts))
