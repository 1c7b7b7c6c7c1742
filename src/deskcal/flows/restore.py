"""Canceled appointments come back, when canceling them was a mistake."""

from dataclasses import replace
from typing import Any

from deskcal.core.booking import Appointment, Status
from deskcal.core.refusals import InvalidStatusChange, TooLate
from deskcal.flows.asking import Asking
from deskcal.flows.progress import taken_back
from deskcal.flows.securing import slot_facts
from deskcal.store.catalog import Catalog
from deskcal.store.database import WriteTx


async def restored(
    tx: WriteTx, asking: Asking[Any], known: Catalog, made: Appointment, status: Status
) -> Appointment:
    """Give a locked appointment its very time again, with a status it had, and take neither fee nor refund.

    Raises InvalidStatusChange, TooLate, or SlotTaken when somebody has that time by now.
    """
    if made.status is not Status.CANCELED:
        raise InvalidStatusChange(f"This appointment is {made.status}: it is not canceled any more.")
    if asking.now >= made.span.start:
        raise TooLate("It would have begun already: it cannot come back. Book a new one.")
    wanted = replace(
        made,
        status=status,
        charged_cents=0,
        refunded_cents=0,
        canceled_at=None,
        change_reason=None,
        calendar_sequence=made.calendar_sequence + 1,
        version=made.version + 1,
        updated_at=asking.now,
    )
    back, taken = await taken_back(tx, asking, known, wanted)
    tx.say(asking.event("appointment.restored", made.id, status=status, takes=taken, **slot_facts(back)))
    return back
