"""The patients that rows of an import name: those who are there, and those whom the rows bring."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuid

from deskcal.core.clinic import Patient
from deskcal.core.import_row import Person
from deskcal.core.words import folded
from deskcal.flows.asking import Asking
from deskcal.flows.people import insist
from deskcal.store import imports, patients
from deskcal.store.database import ReadTx, WriteTx
from deskcal.store.imports import Made


@dataclass(slots=True, kw_only=True)
class Register:
    """Patients by what another system calls them, and by name and birth date."""

    by_external_id: dict[str, UUID]
    by_name: dict[tuple[str, date | None], Patient]
    by_id: dict[UUID, Patient]
    _new: dict[UUID, Person] = field(default_factory=dict)
    _called: dict[str, UUID] = field(default_factory=dict)

    @classmethod
    async def open(cls, tx: ReadTx, people: Sequence[Person]) -> "Register":
        """Look up all that the rows name, in few statements."""
        known = await imports.ids_of(tx, "patient", [one.external_id for one in people if one.external_id])
        found = await patients.named(
            tx,
            ids=list(known.values()),
            births=[one.date_of_birth for one in people if one.date_of_birth],
            names=[one.name for one in people if one.name and not one.date_of_birth],
        )
        by_id = {one.id: one for one in found}
        return cls(
            by_external_id={name: id_ for name, id_ in known.items() if id_ in by_id},
            by_name={(folded(one.name), one.date_of_birth): one for one in reversed(found)},
            by_id=by_id,
        )

    def find(self, person: Person) -> Patient | None:
        """Find whom a row means. Another id tells namesakes apart unless the birth date is the same too."""
        if person.external_id in self.by_external_id:
            return self.by_id[self.by_external_id[person.external_id]]
        if person.name is None or (person.external_id and person.date_of_birth is None):
            return None
        return self.by_name.get((folded(person.name), person.date_of_birth))

    def add(self, asking: Asking[Any], person: Person) -> Patient:
        """Add somebody to be written later. Raises Invalid for who cannot be a patient."""
        made = Patient(
            id=uuid.uuid7(),
            name=person.name or "",
            date_of_birth=person.date_of_birth,
            phone=person.phone,
            email=person.email,
            created_at=asking.now,
        )
        insist(made, asking.now.date())
        self._new[made.id] = person
        self.by_id[made.id] = made
        if person.external_id:
            self.by_external_id[person.external_id] = made.id
        self.by_name.setdefault((folded(made.name), made.date_of_birth), made)
        return made

    def call(self, patient: Patient, external_id: str | None) -> None:
        """Remember one more name that another system has for somebody."""
        if external_id and external_id not in self.by_external_id:
            self.by_external_id[external_id] = self._called[external_id] = patient.id

    async def write(self, tx: WriteTx, asking: Asking[Any], wanted: Iterable[UUID]) -> list[Made]:
        """Write those who were added and are wanted; gives what was made."""
        made = [self.by_id[id_] for id_ in dict.fromkeys(wanted) if id_ in self._new]
        await patients.add_all(tx, made)
        called = {name: one.id for one in made if (name := self._new[one.id].external_id)}
        await imports.know(tx, "patient", called | self._called)
        self._called.clear()
        for one in made:
            del self._new[one.id]
            tx.say(asking.event("patient.added", one.id))
        return [Made(kind="patient", id=one.id) for one in made]
