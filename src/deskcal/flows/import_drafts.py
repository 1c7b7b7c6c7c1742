"""Rows of appointments with what they name: who, with whom, what for, and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from deskcal.core.booking import Appointment
from deskcal.core.clinic import Patient, Provider, Service
from deskcal.core.import_row import VisitRow
from deskcal.core.importing import Creatable, Outcome, Terms, Verdict
from deskcal.core.localtime import local_day
from deskcal.core.refusals import Invalid, Refusal
from deskcal.flows.asking import Asking
from deskcal.flows.import_people import SAME_ID, refused
from deskcal.flows.import_places import Places
from deskcal.flows.import_register import Register
from deskcal.flows.securing import Choice
from deskcal.store.import_booking import Drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A row with what it names. `start` is None for one that gets a time of its day."""

    number: int
    row: VisitRow
    patient: Patient
    provider: Provider
    service: Service
    start: datetime | None

    @property
    def day(self) -> date:
        """The local date that it is on."""
        if self.start is not None:
            return self.start.astimezone(self.provider.zone).date()
        return self.row.at

    @property
    def earliest(self) -> datetime:
        """Its start, or when its day begins."""
        return self.start or local_day(self.day, self.provider.zone).start


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """What a row becomes, if the database agrees."""

    draft: Draft
    made: Appointment
    choice: Choice

    @property
    def drawn(self) -> Drawn:
        """The appointment with what it takes."""
        return Drawn(made=self.made, wants=self.choice.wants, session_key=self.choice.session_key)

    @property
    def verdict(self) -> Verdict:
        """What to say of the row: with its start where that is not what the row said."""
        start, asked = self.made.span.start, self.draft.start
        return Verdict(
            number=self.draft.number,
            outcome=Outcome.ACCEPTED if asked in {None, start} else Outcome.MOVED,
            id=self.made.id,
            start=None if asked == start else start,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafting:
    """Finds what rows name, and has made what is not there where the terms allow that."""

    asking: Asking[Any]
    terms: Terms
    places: Places
    register: Register

    def drafts(
        self, rows: Sequence[tuple[int, VisitRow]], there: Mapping[str, UUID]
    ) -> tuple[list[Draft], list[Verdict]]:
        """Draft each row that is not there already; verdicts are on the others."""
        drafts: list[Draft] = []
        verdicts: list[Verdict] = []
        seen: dict[str, int] = {}
        for number, row in rows:
            id_ = row.external_id
            if id_ is not None and (id_ in there or id_ in seen):
                why = SAME_ID if id_ in there else f"row {seen[id_]} has this id too"
                verdicts.append(Verdict(number=number, outcome=Outcome.KNOWN, id=there.get(id_), reason=why))
                continue
            try:
                drafts.append(self._draft(number, row))
            except Refusal as refusal:
                verdicts.append(refused(number, refusal))
            else:
                seen |= {id_: number} if id_ else {}
        return drafts, verdicts

    def _draft(self, number: int, row: VisitRow) -> Draft:
        location = self.places.location(row.location) if row.location else None
        service = self.places.service(row.service, minutes=row.minutes)
        provider = self.places.provider(row.provider, location, service)
        return Draft(
            number=number,
            row=row,
            patient=self._patient(row),
            provider=provider,
            service=service,
            start=row.instant(provider.zone),
        )

    def _patient(self, row: VisitRow) -> Patient:
        person = row.person
        found = self.register.find(person)
        if found is not None:
            return found
        if Creatable.PATIENTS not in self.terms.create:
            field = "patient" if person.external_id else "patient_name"
            raise Invalid((field, "there is no such patient. To have patients made: --create patients"))
        if person.name is None:
            raise Invalid(("patient_name", "a patient who is to be made needs a name"))
        return self.register.add(self.asking, person)
