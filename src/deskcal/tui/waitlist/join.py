"""Putting somebody on the waitlist: whom, for what and with whom, on which days, at what time of day."""

from deskcal.core.rota import wall_time
from deskcal.tui.booking.finder import Search
from deskcal.tui.desk import Desk
from deskcal.tui.filters import Filter, filter_words
from deskcal.tui.patient_form import Entry as FormEntry
from deskcal.tui.patient_form import PatientForm
from deskcal.tui.waitlist.wanted import What, When, read_what, read_when, what_words, when_words
from deskcal.wire.catalog import Times
from deskcal.wire.people import Patient
from deskcal.wire.waitlist import Entry, NewEntry


class JoinWaitlist(PatientForm[Entry]):
    """Answers the entry that was made."""

    TITLE = "Put on the waitlist"

    def __init__(self, desk: Desk, search: Search, *, patient: Patient | None, wanted: Filter) -> None:
        typed = filter_words(wanted, desk.service_names, desk.providers).replace(",", "")
        entries = (
            FormEntry(label="For", key="what", hint="service, and with whom: fu perez chen", value=typed),
            FormEntry(label="When", key="when", hint="this week, until fri, mon-wed; am, pm, 10-12"),
            FormEntry(label="Note", key="note", hint="for staff"),
        )
        super().__init__(desk, search, patient=patient, entries=entries)

    def understood(self) -> str:
        what, when = self._what(), self._when()
        return f"{what_words(what, self.desk.service_names, self.desk.providers)}; {when_words(when)}"

    def missing(self) -> tuple[str, str] | None:
        if problem := self._what().problem:
            return problem, "what"
        problem = self._when().problem
        return (problem, "when") if problem else None

    async def send(self, patient: Patient) -> None:
        what, when = self._what(), self._when()
        if what.service_id is None:
            return
        wanted = NewEntry(
            patient_id=patient.id,
            service_id=what.service_id,
            provider_ids=[*what.provider_ids],
            first_date=when.first,
            last_date=when.last,
            times=[Times(start=wall_time(start), end=wall_time(end)) for start, end in when.times],
            notes=self.text("note") or None,
        )
        with self.desk.asking() as link:
            self.dismiss(await link.join_waitlist(wanted, key=self.key_for(wanted)))

    def _what(self) -> What:
        return read_what(self.text("what"), self.desk.service_names, self.desk.providers)

    def _when(self) -> When:
        return read_when(self.text("when"), self.desk.today)
