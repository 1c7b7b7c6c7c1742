"""What there is to read about an appointment, line by line: its facts, and what happened to it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from deskcal.tui.appointments.outline import Meant
from deskcal.tui.appointments.statuses import WORDS, status_words
from deskcal.tui.delays import late_words
from deskcal.tui.desk import Desk
from deskcal.tui.names import last_four, shown
from deskcal.tui.spoken import money
from deskcal.wire.booking import Appointment, AuditEntry, Canceled, Cancellation
from deskcal.wire.people import Patient

HIDDEN = frozenset({"takes", "seatTaken"})
BESIDE = 18
SHORT = {"status_changed": "status"}
DONE = frozenset({"canceled", "completed", "no_show"})


def who_words(appointment: Appointment, patient: Patient | None, *, private: bool) -> str:
    """Say who it is, with what tells people of one name apart."""
    name = shown(appointment.patient_name, private=private)
    if patient is None or private:
        return name
    phone = last_four(patient.phone)
    return "   ".join(filter(None, (name, str(patient.date_of_birth or ""), f"...{phone}" if phone else "")))


def length(appointment: Meant) -> int:
    """Elapsed minutes."""
    return int((appointment.end - appointment.start).total_seconds() // 60)


def fact_lines(
    appointment: Appointment, desk: Desk, *, patient: Patient | None, costs: Cancellation | None
) -> list[str]:
    """Write the facts, one a line; `costs` is what canceling costs now, as soon as it is known."""
    start, end = desk.local(appointment.start), desk.local(appointment.end)
    room = desk.rooms.get(appointment.room_id) if appointment.room_id else None
    price = money(appointment.price_cents, appointment.currency)
    late = desk.delays.of(appointment.provider_id, start.date())
    facts = (
        ("Patient", who_words(appointment, patient, private=desk.private)),
        ("When", f"{start:%a %d %b %Y  %H:%M} to {end:%H:%M %Z}"),
        ("Where", "   ".join(filter(None, (appointment.provider_name, room, _mode(appointment))))),
        ("Service", f"{appointment.service_title} {length(appointment)} min   {price}"),
        ("Status", _status(appointment, desk.now())),
        ("Late", late_words(late, appointment.provider_name, desk) if late else ""),
        ("Policy", _policy(appointment, desk)),
        ("", _costs(appointment, costs)),
        ("Reason", appointment.change_reason or ""),
        ("Notes", appointment.notes or ""),
        ("Medical", "" if desk.private else appointment.medical_info or ""),
        ("Session", _session(appointment)),
        ("Series", "one of a series" if appointment.series_id else ""),
        ("Party", "booked together with others" if appointment.batch_id else ""),
    )
    return [f"{name:<9} {words}" for name, words in facts if words]


def audit_lines(entries: Sequence[AuditEntry], desk: Desk) -> list[str]:
    """Write what happened, oldest first: when, who and what; what changed stands below where it is long."""
    lines: list[str] = []
    day = None
    for entry in entries:
        at = desk.local(entry.timestamp)
        if at.date() != day:
            day = at.date()
            lines.append(f"{at:%a %d %b %Y}")
        action = SHORT.get(entry.action, entry.action.replace("_", " "))
        changed = _changed(entry, desk)
        beside = changed if len(changed) <= BESIDE else ""
        lines.append(f"{at:%H:%M:%S} {doer(entry):<15.15} {action:<12} {beside}".rstrip())
        if changed and not beside:
            lines.append(f"{'':9}{changed}")
    return lines


def record_lines(entries: Sequence[AuditEntry], desk: Desk) -> list[str]:
    """Write the whole record, with everything that each entry carries."""
    lines: list[str] = []
    for entry in entries:
        at = desk.local(entry.timestamp)
        lines += [f"#{entry.seq}  {at:%a %d %b %Y %H:%M:%S %Z}  {entry.action.replace('_', ' ')}"]
        lines += [f"    {name:<14} {words}" for name, words in _actor(entry)]
        lines += [f"    {name:<14} {words}" for name, words in _flat(entry.metadata)]
        lines += [""]
    return lines


def doer(entry: AuditEntry) -> str:
    """Say who did it: name and desk, as far as they are people's words and not ids."""
    actor = entry.actor
    name = actor.id or ""
    with suppress(ValueError):
        UUID(name)
        name = (actor.role or actor.type).replace("_", " ")
    return "/".join(filter(None, (name, actor.client))) or actor.type


def _status(appointment: Appointment, now: datetime) -> str:
    parts = [
        status_words(appointment, now).upper(),
        "OVERBOOKED" if appointment.overbooked else "",
        appointment.overbook_reason or "",
        "walk-in" if appointment.walk_in else "",
        "its time was given to others" if appointment.time_freed else "",
    ]
    return "   ".join(filter(None, parts))


def _mode(appointment: Appointment) -> str:
    return appointment.mode.replace("_", " ")


def _policy(appointment: Appointment, desk: Desk) -> str:
    until = desk.local(appointment.cancellation_policy.refundable_until)
    return f"free cancel until {until:%a %d %b %H:%M}"


def _costs(appointment: Appointment, costs: Cancellation | None) -> str:
    if appointment.status in DONE:
        charged, refunded = appointment.charged_cents, appointment.refunded_cents
        paid = f"charged {money(charged, appointment.currency)}" if charged else ""
        back = f"refunded {money(refunded, appointment.currency)}" if refunded else ""
        return ", ".join(filter(None, (paid, back)))
    missed = appointment.cancellation_policy.no_show_fee_cents
    no_show = f", no-show {money(missed, appointment.currency)}" if missed else ""
    return f"now: {costs_words(costs)}{no_show}" if costs else ""


def costs_words(costs: Cancellation) -> str:
    """Say what canceling costs: `fee $25, refund $60`, or `no fee, refund $85`."""
    fee = f"fee {money(costs.fee_cents, costs.currency)}" if costs.fee_cents else "no fee"
    return f"{fee}, refund {money(costs.refund_cents, costs.currency)}" if costs.refund_cents else fee


def canceled_words(canceled: Canceled, desk: Desk) -> str:
    """Say what was canceled, and what that cost."""
    one = canceled.appointment
    fee = f"fee {money(canceled.fee_cents, one.currency)}" if canceled.fee_cents else "no fee"
    refund = f", refund {money(canceled.refund_cents, one.currency)}" if canceled.refund_cents else ""
    name, when = shown(one.patient_name, private=desk.private), f"{desk.local(one.start):%a %d %b %H:%M}"
    return f"canceled {one.reference} {name}, {when}, {fee}{refund}"


def _session(appointment: Appointment) -> str:
    session = appointment.session
    return "" if session is None else session.url or session.session_id or session.state


def _changed(entry: AuditEntry, desk: Desk) -> str:
    facts = entry.metadata
    match entry.action:
        case "rescheduled":
            words = f"{_when(_before(facts).get('start'), desk)} -> {_when(facts.get('start'), desk)}"
        case "status_changed":
            was, now = (WORDS.get(facts.get(key), "") for key in ("was", "status"))  # type: ignore[call-overload]
            words = f"{was} -> {now}" + (", the provider" if facts.get("missedBy") == "provider" else "")
        case "held" | "created" | "confirmed" | "freed" | "cancelled":
            words = _when(facts.get("start"), desk)
        case "refused":
            words = f"{facts.get('action', '')}: {facts.get('error', '')}"
        case _:
            words = ""
    return words + (f' "{facts["reason"]}"' if facts.get("reason") else "")


def _before(facts: Mapping[str, object]) -> Mapping[str, object]:
    previous = facts.get("previous")
    return previous if isinstance(previous, dict) else {}


def _when(instant: object, desk: Desk) -> str:
    if not isinstance(instant, str):
        return "?"
    return f"{desk.local(datetime.fromisoformat(instant)):%a %d %b %H:%M}"


def _actor(entry: AuditEntry) -> Iterator[tuple[str, str]]:
    actor = entry.actor
    yield "by", " ".join(filter(None, (actor.type, actor.role, actor.id)))
    if actor.client:
        yield "at", actor.client


def _flat(facts: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in sorted(facts.items()):
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        elif name not in HIDDEN:
            yield f"{prefix}{name}", str(value)
