"""An appointment to read: who, when, what, and everything that happened to it."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from deskcal.tui.desk import Desk
from deskcal.tui.fields import Dialog
from deskcal.tui.names import shown
from deskcal.tui.spoken import money
from deskcal.wire.booking import Appointment, AuditEntry


class Detail(Dialog[None]):
    """Read-only."""

    def __init__(self, appointment: Appointment, audit: list[AuditEntry], desk: Desk) -> None:
        super().__init__()
        self.title = appointment.reference
        self._text = "\n".join(
            [*detail_lines(appointment, desk), "", "What happened, newest last:", *audit_lines(audit, desk)]
        )

    def body(self) -> ComposeResult:
        with VerticalScroll():
            yield Static(self._text, markup=False)


def detail_lines(appointment: Appointment, desk: Desk) -> list[str]:
    """Write the facts of an appointment, one a line."""
    start, end = desk.local(appointment.start), desk.local(appointment.end)
    until = desk.local(appointment.cancellation_policy.refundable_until)
    fee = money(appointment.cancellation_policy.fee_cents, appointment.currency)
    room = desk.rooms.get(appointment.room_id) if appointment.room_id else None
    where = room or appointment.mode.replace("_", " ")
    facts = (
        ("Patient", shown(appointment.patient_name, private=desk.private)),
        ("When", f"{start:%a %d %b %Y %H:%M} to {end:%H:%M %Z}"),
        ("Where", f"{appointment.provider_name}   {where}"),
        ("Service", f"{appointment.service_title}   {money(appointment.price_cents, appointment.currency)}"),
        (
            "Status",
            appointment.status.replace("_", " ") + ("   OVERBOOKED" if appointment.overbooked else ""),
        ),
        ("Policy", f"free until {until:%a %d %b %H:%M}, then {fee}"),
        ("Notes", appointment.notes or ""),
    )
    return [f"{name:<9} {words}" for name, words in facts if words]


def audit_lines(audit: list[AuditEntry], desk: Desk) -> list[str]:
    """Write the audit, one entry a line, in the clinic's time."""
    return [
        f"{desk.local(entry.timestamp):%d %b %H:%M:%S}  {entry.action.replace('_', ' '):<14}"
        f" by {entry.actor.id}"
        for entry in audit
    ]
