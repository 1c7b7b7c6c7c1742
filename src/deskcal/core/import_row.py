"""Rows of an import as what they mean: texts read into names, dates and times."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TypeVar
from zoneinfo import ZoneInfo

from deskcal.core.booking import Status
from deskcal.core.clinic import Opening
from deskcal.core.importing import FIELDS, ImportKind, Line, Terms, not_there
from deskcal.core.localtime import parse_date, to_instant
from deskcal.core.refusals import Invalid
from deskcal.core.rota import parse_words

T = TypeVar("T")
LONGEST_NAME, LONGEST_ID, LONGEST_LIST = 200, 200, 900
LONGEST_VISIT = 1440
STATUSES = (Status.SCHEDULED, Status.CONFIRMED, Status.COMPLETED, Status.NO_SHOW)
ANY_DAY = date(2000, 1, 1)
OVER = frozenset({Status.COMPLETED, Status.NO_SHOW})


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A patient as a row names them: by what the other system calls them, or by name and birth date."""

    external_id: str | None
    name: str | None
    date_of_birth: date | None
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderRow:
    """A provider as a row describes them; services and location by name."""

    name: str
    specialty: str | None
    services: tuple[str, ...]
    location: str | None
    openings: tuple[Opening, ...]
    external_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRow:
    """An appointment as a row describes it; `at` is a wall-clock time where the provider works.

    With an offset it is an instant, and a mere date wants a time of that day. `minutes` are of a service that
    is not there yet.
    """

    person: Person
    provider: str
    service: str
    location: str | None
    minutes: int
    at: datetime | date
    status: Status | None
    external_id: str | None

    def instant(self, zone: ZoneInfo) -> datetime | None:
        """Give its start in UTC; None where it has no time of day. Raises NonexistentTime."""
        if not isinstance(self.at, datetime):
            return None
        return self.at if self.at.tzinfo else to_instant(self.at, zone)

    def status_at(self, start: datetime, now: datetime) -> Status:
        """Give the status at a start that lies before or after now. Raises Invalid for one that cannot be."""
        if start < now:
            return self.status or Status.COMPLETED
        if self.status in OVER:
            raise Invalid(("status", f"it is {self.status}, and has not begun yet"))
        return self.status or Status.SCHEDULED


def read_person(line: Line, terms: Terms) -> Person:
    """Read a row of patients. Raises Invalid, naming the field."""
    values = _plain(line, terms.kind)
    person = Person(
        external_id=_short(values, "external_id", LONGEST_ID),
        name=_short(values, "name", LONGEST_NAME),
        date_of_birth=_day(values, "date_of_birth", terms),
        phone=_short(values, "phone", 40),
        email=_short(values, "email", 254),
    )
    if person.name is None:
        raise Invalid(("name", "a patient needs a name"))
    return person


def read_provider(line: Line, terms: Terms) -> ProviderRow:
    """Read a row of providers. Raises Invalid, naming the field."""
    values = _plain(line, terms.kind)
    offered = [name.strip() for name in (_short(values, "services", LONGEST_LIST) or "").split(";")]
    return ProviderRow(
        name=_needed(values, "name", "a provider needs a name"),
        specialty=_short(values, "specialty", LONGEST_NAME),
        services=tuple(dict.fromkeys(filter(None, offered))),
        location=_short(values, "location", LONGEST_NAME),
        openings=parse_words(values["hours"].split()) if "hours" in values else (),
        external_id=_short(values, "external_id", LONGEST_ID),
    )


def read_visit(line: Line, terms: Terms) -> VisitRow:
    """Read a row of appointments. Raises Invalid, naming the field."""
    values = _plain(line, terms.kind)
    person = Person(
        external_id=_short(values, "patient", LONGEST_ID),
        name=_short(values, "patient_name", LONGEST_NAME),
        date_of_birth=_day(values, "date_of_birth", terms),
    )
    if person.external_id is None and person.name is None:
        raise Invalid(("patient", "say who it is for: an id, or a name and a birth date"))
    return VisitRow(
        person=person,
        provider=_needed(values, "provider", "say who it is with"),
        service=_needed(values, "service", "say what it is for"),
        location=_short(values, "location", LONGEST_NAME),
        minutes=_minutes(values),
        at=_at(values, terms),
        status=_status(values),
        external_id=_short(values, "external_id", LONGEST_ID),
    )


def _plain(line: Line, kind: ImportKind) -> Mapping[str, str]:
    """Give the texts of a row, all of which are of fields, and are text."""
    for name, text in line.values.items():
        if name not in FIELDS[kind]:
            raise Invalid((name, not_there(f"{kind} have no field", name, FIELDS[kind])))
        if "\0" in text:
            raise Invalid((name, "has a character that is no text"))
    return line.values


def _short(values: Mapping[str, str], name: str, longest: int) -> str | None:
    text = values.get(name)
    if text is not None and len(text) > longest:
        raise Invalid((name, f"has {len(text)} characters; {longest} at most"))
    return text


def _needed(values: Mapping[str, str], name: str, why: str) -> str:
    text = _short(values, name, LONGEST_NAME)
    if text is None:
        raise Invalid((name, why))
    return text


def _minutes(values: Mapping[str, str]) -> int:
    text = values.get("duration", "30")
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= LONGEST_VISIT):
        raise Invalid(("duration", f'"{text}" is not a number of minutes from 1 to {LONGEST_VISIT}'))
    return int(text)


def _status(values: Mapping[str, str]) -> Status | None:
    text = values.get("status")
    if text is None:
        return None
    if text not in STATUSES:
        ways = ", ".join(STATUSES)
        raise Invalid(("status", f'"{text}" is not one of {ways}; the mapping can translate it'))
    return Status(text)


def _at(values: Mapping[str, str], terms: Terms) -> datetime | date:
    start = values.get("start", "")
    if start and ("start" in terms.dates or len(start) > len("2026-03-09")):
        return _read(values, "start", terms, datetime.fromisoformat, "2026-03-09 09:30")
    day = _day(values, "start" if start else "date", terms)
    if day is None:
        raise Invalid(("start", "say when it is: start, or date and time"))
    if "time" in values:
        clock = _read(values, "time", terms, _clock, "09:30")
        return datetime.combine(day, clock.time())
    if terms.spread is None:
        raise Invalid(("time", "has no time of day; map one, or say between which times to spread them"))
    return day


def _day(values: Mapping[str, str], name: str, terms: Terms) -> date | None:
    if name not in values:
        return None
    if name in terms.dates:
        return _read(values, name, terms, datetime.fromisoformat, "").date()
    return parse_date(values[name], field=name)


def _read(
    values: Mapping[str, str], name: str, terms: Terms, iso: Callable[[str], datetime], example: str
) -> datetime:
    """Read a moment in the format of the field, or as ISO."""
    text, form = values[name], terms.dates.get(name)
    try:
        found = datetime.strptime(text, form) if form else iso(text)  # noqa: DTZ007  the zone comes later
    except ValueError:
        written = f"{form}, as the mapping says" if form else example
        raise Invalid((name, f'"{text}" is not written like {written}')) from None
    return datetime.combine(parse_date(found.date().isoformat(), field=name), found.timetz())


def _clock(text: str) -> datetime:
    return datetime.combine(ANY_DAY, time.fromisoformat(text.zfill(len("09:30"))))
