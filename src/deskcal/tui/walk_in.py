"""Somebody stands at the desk: who, what for, and who can see them soonest."""

from collections.abc import Sequence
from dataclasses import dataclass

from deskcal.client.errors import Refused
from deskcal.tui.booking.choices import Choices, plain_choice
from deskcal.tui.booking.finder import Search
from deskcal.tui.desk import Desk
from deskcal.tui.filters import filter_words, understand
from deskcal.tui.names import shown
from deskcal.tui.patient_form import Entry, PatientForm
from deskcal.wire.booking import Appointment
from deskcal.wire.calendar import Timeslot
from deskcal.wire.people import Patient
from deskcal.wire.series import NewWalkIn


@dataclass(frozen=True, slots=True, kw_only=True)
class TooBusy:
    """Nobody can see the patient today; `others` are the nearest times."""

    patient: Patient
    words: str
    others: Sequence[Timeslot]


class WalkIn(PatientForm[Appointment | TooBusy]):
    """Books the soonest time of today and checks the patient in."""

    TITLE = "Walk-in"

    def __init__(self, desk: Desk, search: Search) -> None:
        hint = "service; with a doctor, or whoever can soonest: fu perez"
        entries = (
            Entry(label="For", key="what", hint=hint, value=desk.narrowed.replace(",", "")),
            Entry(label="Reason", key="reason", hint="what brings them"),
        )
        super().__init__(desk, search, patient=desk.errand.patient, entries=entries)

    def understood(self) -> str:
        return self._wanted()[1]

    def missing(self) -> tuple[str, str] | None:
        wanted, problem = self._wanted()
        return None if wanted else (problem, "what")

    async def send(self, patient: Patient) -> None:
        wanted, _ = self._wanted()
        if wanted is None:
            return
        wanted.patient_id, wanted.notes = patient.id, self.text("reason") or None
        try:
            with self.desk.asking() as link:
                made = await link.walk_in(link.clinic.id, wanted, key=self.key_for(wanted))
        except Refused as refused:
            others = refused.problem.alternatives
            if not others:
                raise
            self.dismiss(TooBusy(patient=patient, words=str(refused), others=others))
        else:
            self.dismiss(made)

    def _wanted(self) -> tuple[NewWalkIn | None, str]:
        services, providers = self.desk.service_names, self.desk.providers
        meant = understand(self.text("what"), services, providers)
        only = next(iter(services)) if len(services) == 1 else None
        service_id, provider_id = meant.filter.service_id or only, meant.filter.provider_id
        if meant.problem or service_id is None:
            return None, meant.problem or f"which service? {', '.join(services.values())}"
        whom = "" if provider_id else ", whoever can soonest"
        asked = NewWalkIn(service_id=service_id, provider_id=str(provider_id or "any"))
        return asked, filter_words(meant.filter, services, providers) + whom


def came_words(made: Appointment, desk: Desk) -> str:
    """Say when a walk-in is seen, and by whom: `Dias, Priya arrived: Dr Perez at 10:05, in 24 min`."""
    minutes = max(0, round((made.start - desk.now()).total_seconds() / 60))
    name = shown(made.patient_name, private=desk.private)
    when = f"in {minutes} min" if minutes else "now"
    return f"{name} arrived: {made.provider_name} at {desk.local(made.start):%H:%M}, {when}"


def other_times(refused: TooBusy, desk: Desk) -> Choices:
    """Offer the nearest times to somebody whom nobody can see today."""
    name = shown(refused.patient.name, private=desk.private)
    choices = [plain_choice(slot, desk.zone) for slot in refused.others]
    above = [refused.words, f"The nearest times for {name}:"]
    return Choices("NO TIME FOR A WALK-IN", choices, desk, above=above, alarm=True)
