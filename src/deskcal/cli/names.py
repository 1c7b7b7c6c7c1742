"""Names for ids: a name stands for what it names wherever only one thing fits."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from deskcal.cli.exits import Exit, Failure
from deskcal.cli.session import Session, read_id
from deskcal.core.words import folded, search_words
from deskcal.wire.booking import Appointment
from deskcal.wire.catalog import Provider, Service
from deskcal.wire.people import Patient
from deskcal.wire.resources import Equipment, Location, Room
from deskcal.wire.users import User

if TYPE_CHECKING:
    from deskcal.client.http import Client

MOST_CANDIDATES = 8
BEGINNING = 3
ALIKE = 0.7

T = TypeVar("T", Location, Room, Equipment, Provider, Service, Patient, User)


async def location_of(session: Session, text: str) -> Location:
    return _pick("location", text, await session.client.locations(), _name)


async def room_of(session: Session, text: str) -> Room:
    return _pick("room", text, await session.client.rooms(), _name)


async def equipment_of(session: Session, text: str) -> Equipment:
    return _pick("equipment", text, await session.client.equipment(), _name)


async def service_of(session: Session, text: str) -> Service:
    return _pick("service", text, await session.client.services(), lambda service: service.title)


async def provider_of(session: Session, text: str) -> Provider:
    return _pick("provider", text, await providers(session), _name)


async def patient_of(session: Session, text: str) -> Patient:
    """Find a patient by id, or as `patient find` does; a birth date in the text tells namesakes apart."""
    id_ = read_id(text)
    if id_ is not None:
        return await session.client.patient(id_)
    found = (await session.client.patients(text, limit=200)).items
    if not found:
        beginning = " ".join(word[:BEGINNING] for word in search_words(text) if word.isalpha())
        others = (await session.client.patients(beginning, limit=200)).items if beginning else []
        hint = _near(text, [one.name for one in others])
        raise Failure(f'There is no patient "{text}".{hint} See: deskcal patient find', Exit.NOT_FOUND)
    same = [one for one in found if folded(one.name) == folded(text)]
    return _only("patient", text, same or found, lambda one: describe(one.name, one.date_of_birth, one.phone))


async def user_of(client: "Client", text: str) -> User:
    return _pick("user", text, await client.users(), lambda one: one.email)


async def appointment_of(session: Session, text: str) -> Appointment:
    """Find an appointment by id or by reference, as it is said on the phone: B-20001, or 20001."""
    id_ = read_id(text)
    if id_ is not None:
        return await session.client.appointment(id_)
    found = await session.client.appointments(session.clinic.id, reference=text)
    if not found.items:
        raise Failure(f'There is no appointment "{text}". See: deskcal appointments', Exit.NOT_FOUND)
    return found.items[0]


async def providers(session: Session, service_id: UUID | None = None) -> list[Provider]:
    """List all providers by name, or those who offer a service."""
    page = await session.client.providers(service_id=service_id)
    found = page.items
    while page.next_cursor is not None:
        page = await session.client.providers(service_id=service_id, cursor=page.next_cursor)
        found += page.items
    return found


def describe(name: str, born: date | None, phone: str | None) -> str:
    """Tell a patient from a namesake."""
    return ", ".join(filter(None, (name, f"born {born}" if born else "", phone)))


def _name(item: Location | Room | Equipment | Provider) -> str:
    return item.name


def _pick(kind: str, text: str, items: Sequence[T], name: Callable[[T], str]) -> T:
    """Take what has that id or name, else the only one whose name has words that begin so."""
    id_ = read_id(text)
    exact = [one for one in items if one.id == id_ or folded(name(one)) == folded(text)]
    words = search_words(text)
    close = [
        one
        for one in items
        if words and all(any(part.startswith(word) for part in folded(name(one)).split()) for word in words)
    ]
    if not exact and not close and items:
        known = ", ".join(name(one) for one in items[:MOST_CANDIDATES])
        more = ", …" if len(items) > MOST_CANDIDATES else ""
        hint = _near(text, [name(one) for one in items])
        raise Failure(f'There is no {kind} "{text}".{hint} There is: {known}{more}', Exit.NOT_FOUND)
    return _only(kind, text, exact or close, name)


def _near(text: str, names: Iterable[str]) -> str:
    """Ask whether a name was meant that is nearly the text, or has a word that is nearly one of it."""
    known = {word: name for name in names for word in (folded(name), *folded(name).split())}
    for wanted in (folded(text), *(word for word in reversed(search_words(text)) if len(word) > BEGINNING)):
        if close := get_close_matches(wanted, known, n=1, cutoff=ALIKE):
            return f" Did you mean {known[close[0]]}?"
    return ""


def _only(kind: str, text: str, found: Sequence[T], name: Callable[[T], str]) -> T:
    if not found:
        raise Failure(f'There is no {kind} "{text}".', Exit.NOT_FOUND)
    if len(found) > 1:
        lines = "\n".join(f"  {one.id}  {name(one)}" for one in found[:MOST_CANDIDATES])
        more = "\n  and more: say more of the name" if len(found) > MOST_CANDIDATES else ""
        raise Failure(f'"{text}" fits several {kind}s. Use the id:\n{lines}{more}', Exit.USAGE)
    return found[0]
