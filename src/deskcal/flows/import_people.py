"""Rows of patients and of providers become what they describe, unless it is there already."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from deskcal.core.import_row import ProviderRow, read_person, read_provider
from deskcal.core.importing import Line, Outcome, Terms, Verdict
from deskcal.core.refusals import Invalid, Refusal
from deskcal.core.words import folded
from deskcal.flows.asking import Asking
from deskcal.flows.import_places import Places
from deskcal.flows.import_register import Register
from deskcal.store.catalog import Catalog
from deskcal.store.database import WriteTx
from deskcal.store.imports import Made

T = TypeVar("T")
SAME_ID, SAME_NAME = "there already, by this id", "there already, by name and birth date"
FIELD_OF = {"dateOfBirth": "date_of_birth"}
"""Rows call fields otherwise than the wire does."""
SAME_PROVIDER = "there already, by this name"


def readable(lines: Sequence[Line], read: Callable[[Line], T]) -> tuple[list[tuple[int, T]], list[Verdict]]:
    """Read rows by number, apart from those that cannot be read."""
    rows: list[tuple[int, T]] = []
    wrong: list[Verdict] = []
    for line in lines:
        try:
            rows.append((line.number, read(line)))
        except Refusal as refusal:
            wrong.append(refused(line.number, refusal))
    return rows, wrong


def refused(number: int, refusal: Refusal) -> Verdict:
    """Say why a row was not taken, and which field is to blame, where one is."""
    field, reason = refusal.fields[0] if isinstance(refusal, Invalid) else ("", str(refusal))
    named = FIELD_OF.get(field, field) or None
    return Verdict(number=number, outcome=Outcome.REFUSED, field=named, reason=reason)


async def take_patients(
    tx: WriteTx, asking: Asking[Any], lines: Sequence[Line], terms: Terms
) -> tuple[list[Verdict], list[Made]]:
    """Add the patients of some rows; gives what became of each row, and what was made."""
    rows, verdicts = readable(lines, lambda line: read_person(line, terms))
    register = await Register.open(tx, [person for _, person in rows])
    added: list[UUID] = []
    for number, person in rows:
        found = register.find(person)
        if found is not None:
            same = register.by_external_id.get(person.external_id or "") == found.id
            register.call(found, person.external_id)
            verdicts.append(_known(number, found.id, SAME_ID if same else SAME_NAME))
            continue
        try:
            made = register.add(asking, person)
        except Refusal as refusal:
            verdicts.append(refused(number, refusal))
            continue
        added.append(made.id)
        verdicts.append(Verdict(number=number, outcome=Outcome.ACCEPTED, id=made.id))
    return verdicts, await register.write(tx, asking, added)


async def take_providers(
    tx: WriteTx,
    asking: Asking[Any],
    known: Catalog,
    lines: Sequence[Line],
    terms: Terms,
    *,
    import_id: UUID | None,
) -> tuple[list[Verdict], list[Made]]:
    """Add the providers of some rows; gives what became of each row, and what was made."""
    rows, verdicts = readable(lines, lambda line: read_provider(line, terms))
    called = [row.external_id for _, row in rows if row.external_id]
    places = await Places.open(tx, known, terms, import_id, called)
    ids: dict[str, UUID] = {}
    added: list[UUID] = []
    for number, row in rows:
        try:
            there = _there(places, row)
            if there is not None:
                if row.external_id and row.external_id not in places.by_external_id:
                    places.by_external_id[row.external_id] = ids[row.external_id] = there[0]
                verdicts.append(_known(number, *there))
                continue
            location = places.location(row.location) if row.location else None
            offered = [places.service(name, minutes=30, field="services") for name in row.services]
        except Refusal as refusal:
            verdicts.append(refused(number, refusal))
            continue
        made = places.add(
            row.name, location, services=offered, openings=row.openings, specialty=row.specialty
        )
        if row.external_id:
            places.by_external_id[row.external_id] = ids[row.external_id] = made.id
        added.append(made.id)
        verdicts.append(Verdict(number=number, outcome=Outcome.ACCEPTED, id=made.id))
    return verdicts, await places.write(tx, asking, added, ids)


def _there(places: Places, row: ProviderRow) -> tuple[UUID, str] | None:
    """Find the provider of a row; a location tells two of a name apart."""
    if row.external_id in places.by_external_id:
        return places.by_external_id[row.external_id], SAME_ID
    here = places.location(row.location).id if row.location else None
    named = [one for one in places.providers.get(folded(row.name), ()) if here in {None, one.location_id}]
    return (named[0].id, SAME_PROVIDER) if named else None


def _known(number: int, id_: UUID, why: str) -> Verdict:
    return Verdict(number=number, outcome=Outcome.KNOWN, id=id_, reason=why)
