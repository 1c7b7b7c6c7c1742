"""What this desk changes of appointments: in the order of the keys, one at a time."""

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from msgspec import structs

from deskcal.client.errors import Unreachable
from deskcal.tui.appointments.outline import Meant
from deskcal.tui.memory.drafts import whose
from deskcal.tui.memory.intents import Asked, Become, Cancel, seen
from deskcal.wire.booking import Appointment, AppointmentChange, AppointmentStatus, Canceled, CancelRequest

if TYPE_CHECKING:
    from deskcal.tui.desk import Desk

Outcome = Appointment | Canceled


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What somebody wants of an appointment, which is as they saw it."""

    appointment: Meant
    request: AppointmentChange | CancelRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A status given here. It can be undone while `appointment` stands at the version that it had then."""

    appointment: Appointment
    was: AppointmentStatus


@dataclass(kw_only=True)
class Changes:
    """`pending` are statuses drawn already and not answered yet; `last` is what undo takes back."""

    pending: dict[UUID, AppointmentStatus] = field(default_factory=dict)
    last: Change | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _newer: dict[tuple[UUID, int], int] = field(default_factory=dict)

    def newest(self, appointment_id: UUID) -> int | None:
        """Give the version that an appointment last had by a change from here."""
        return max((new for (about, _), new in self._newer.items() if about == appointment_id), default=None)

    async def ask(self, desk: "Desk", decided: Decided) -> Outcome | None:
        """Carry a decision out. None means that nobody answers and it waits in the queue.

        A decision about a version that one before it made old is about the new version. Raises Refused, and
        NotKept when there is no room in the queue.
        """
        deed = deed_of(decided)
        about = deed.seen
        async with self._turn:
            if desk.connection.is_offline:
                desk.put_off(deed)
                return None
            key, version = str(uuid4()), self._newer.get((about.id, about.version), about.version)
            try:
                with desk.asking() as link:
                    if isinstance(deed, Cancel):
                        return await link.cancel(about.id, deed.request, key=key, version=version)
                    made = await link.change(link.clinic.id, about.id, deed.request, version=version, key=key)
            except Unreachable:
                as_asked = structs.replace(deed, seen=structs.replace(about, version=version))
                desk.put_off(as_asked, Asked(key=key))
                return None
            self._newer[about.id, about.version] = self._newer[about.id, version] = made.version
            return made


def deed_of(decided: Decided) -> Become | Cancel:
    """Spell a decision for the queue: about the appointment as it was seen."""
    one, request = decided.appointment, decided.request
    if isinstance(request, CancelRequest):
        return Cancel(patient=whose(one), seen=seen(one), request=request)
    return Become(patient=whose(one), seen=seen(one), request=request)
