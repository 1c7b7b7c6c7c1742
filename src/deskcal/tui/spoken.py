"""Sentences for people: what to say back to the caller, and how one slot differs from another."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from uuid import UUID

from deskcal.tui.calendar.cells import minutes
from deskcal.tui.names import given, shown
from deskcal.wire.booking import Appointment
from deskcal.wire.calendar import Timeslot
from deskcal.wire.catalog import Service
from deskcal.wire.people import Patient

_HOURS = ["twelve", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"]
_MARKS = {"USD": "$", "EUR": "\N{EURO SIGN}", "GBP": "\N{POUND SIGN}"}
_COINS = {"USD": "dollars", "EUR": "euros", "GBP": "pounds"}
_NEAR_ALIKE = 2


def money(cents: int, currency: str) -> str:
    """Write a price: `$85`, `$85.50`, `85 CHF`."""
    amount = f"{cents // 100}" if cents % 100 == 0 else f"{cents / 100:.2f}"
    return f"{_MARKS[currency]}{amount}" if currency in _MARKS else f"{amount} {currency}"


def spoken_money(cents: int, currency: str) -> str:
    """Say a price: `85 dollars`."""
    amount = f"{cents // 100}" if cents % 100 == 0 else f"{cents / 100:.2f}"
    return f"{amount} {_COINS.get(currency, currency)}"


def spoken_time(local: datetime) -> str:
    """Say a time as on the telephone: `half past ten`, `quarter to nine`, `ten 40`."""
    here, after = _HOURS[local.hour % 12], _HOURS[(local.hour + 1) % 12]
    spoken = {
        0: f"{here} o'clock",
        15: f"quarter past {here}",
        30: f"half past {here}",
        45: f"quarter to {after}",
    }
    if local.minute == 0 and local.hour in {0, 12}:
        return "midnight" if local.hour == 0 else "noon"
    return spoken.get(local.minute, f"{here} {local.minute:02}")


def ordinal(day: int) -> str:
    """Say a day of the month: `the 24th`."""
    last = {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"the {day}{'th' if day in {11, 12, 13} else last}"


def say_back(
    patient: Patient | None, slot: Timeslot, zone: tzinfo, *, room: str | None, currency: str
) -> str:
    """Sum up what is about to be booked, for the caller to agree to."""
    name, local = patient.name if patient else "", slot.start.astimezone(zone)
    return _summed_up(name, local, slot.provider_name, room=room, cents=slot.price_cents, currency=currency)


def read_back(made: Appointment, zone: tzinfo, *, room: str | None) -> str:
    """Sum up what is booked."""
    local = made.start.astimezone(zone)
    return _summed_up(
        made.patient_name,
        local,
        made.provider_name,
        room=room,
        cents=made.price_cents,
        currency=made.currency,
    )


def _summed_up(
    name: str, local: datetime, provider: str, *, room: str | None, cents: int, currency: str
) -> str:
    parts = [
        given(name) if name else "",
        f"{local:%A} {ordinal(local.day)}",
        spoken_time(local),
        provider,
        room or "",
        spoken_money(cents, currency) if cents else "",
    ]
    return ", ".join(filter(None, parts)) + "."


def service_words(service: Service | None, slot: Timeslot, room: str | None) -> str:
    """Say what is held: service, length, price, where."""
    online = service is not None and service.modality == "telehealth"
    parts = [
        service.title if service else "",
        f"{minutes(slot)} min",
        money(slot.price_cents, service.currency if service else "USD") if slot.price_cents else "",
        "online" if online else room or "in person",
    ]
    return "   ".join(filter(None, parts))


def what_changes(other: Timeslot, wanted: Timeslot, zone: tzinfo, services: Mapping[UUID, Service]) -> str:
    """Say how an alternative differs: `+30 min, other doctor`, `next day, same time`."""
    there, here = other.start.astimezone(zone), wanted.start.astimezone(zone)
    days = (there.date() - here.date()).days
    parts = []
    if days:
        parts.append("next day" if days == 1 else "day before" if days == -1 else f"{days:+} days")
        parts.append("same time" if there.time() == here.time() else f"{there:%H:%M}")
    elif shift := round((other.start - wanted.start).total_seconds() / 60):
        parts.append(f"{shift:+} min")
    if other.provider_id != wanted.provider_id:
        parts.append("other doctor")
    if other.service_id != wanted.service_id and other.service_id in services:
        parts.append(services[other.service_id].title)
    if other.price_cents != wanted.price_cents:
        parts.append(f"{(other.price_cents - wanted.price_cents) / 100:+g} in price")
    return ", ".join(parts) or "the same"


def also_booked(others: Sequence[Appointment], wanted: Timeslot, zone: tzinfo) -> list[str]:
    """Warn of what the patient already has that day: when, with whom, and how far from this."""
    return [
        f"also booked {one.start.astimezone(zone):%H:%M} with {one.provider_name} ({_gap(one, wanted)})"
        for one in others
        if one.status not in {"canceled", "no_show", "completed"}
    ]


def _gap(one: Appointment, wanted: Timeslot) -> str:
    between = max(one.start - wanted.end, wanted.start - one.end)
    apart = round(between.total_seconds() / 60)
    return (
        f"{apart} min gap" if apart > 0 else "right after one another" if apart == 0 else "at the same time"
    )


def looks_alike(patient: Patient, others: Sequence[Patient], *, private: bool) -> list[str]:
    """Warn of records easily taken for this one: the same name, or a like name born in the same year."""
    return [
        f"{shown(one.name, private=private)} {one.date_of_birth or ''} looks alike: read the birth date back"
        for one in others
        if one.id != patient.id and _alike(one, patient)
    ][:_NEAR_ALIKE]


def _alike(one: Patient, other: Patient) -> bool:
    same_words = _sounds(one.name) == _sounds(other.name)
    if one.date_of_birth is None or other.date_of_birth is None:
        return same_words
    same_year = one.date_of_birth.year == other.date_of_birth.year
    return same_words or (same_year and bool(_sounds(one.name) & _sounds(other.name)))


def _sounds(name: str) -> frozenset[str]:
    words = name.casefold().replace(",", " ").replace("-", " ").split()
    return frozenset(word[:3] + str(len(word) // 3) for word in words)
