"""What the palette finds: commands with their keys, providers, dates, and patients seen lately."""

from collections.abc import Iterator
from functools import partial
from typing import cast

from textual.app import SystemCommand
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.screen import Screen

from deskcal.tui.app import DeskApp
from deskcal.tui.errands import Errands
from deskcal.tui.help import commands_of
from deskcal.tui.memory.people import known_patients
from deskcal.tui.names import shown
from deskcal.tui.when import NotADate, read_day
from deskcal.wire.people import Patient

LATELY = 5
FIRST = 1.0


def offered(app: DeskApp, screen: Screen[object]) -> Iterator[SystemCommand]:
    """Give what can be done now, with its key, and who can be gone to."""
    for active in commands_of(screen):
        keys = active.binding.key_display or active.binding.key
        yield SystemCommand(active.binding.description, f"key {keys}", partial(app.run_command, active))
    for number, name in enumerate(app.calendar.lane_names()):
        yield SystemCommand(name, "go to this provider", partial(app.calendar.go_to_lane, number))
    yield SystemCommand("Messages", "the last fifty of this desk", app.action_messages)
    yield SystemCommand("Theme", "dark, light, high contrast or no colour", app.action_change_theme)


class Dates(Provider):
    """A date that is typed: `fri`, `12/3`, `+2w`."""

    async def search(self, query: str) -> Hits:
        app = cast("DeskApp", self.app)
        try:
            day = read_day(query, app.desk.today)
        except NotADate:
            return
        yield Hit(FIRST, f"{day:%A %d %B %Y}", partial(app.show_day, day), help="go to this date")


class Patients(Provider):
    """Patients that were on this screen lately: what comes next is for the one chosen."""

    async def discover(self) -> Hits:
        for patient in self._known(""):
            yield DiscoveryHit(self._name(patient), partial(self._choose, patient), help=self._about(patient))

    async def search(self, query: str) -> Hits:
        for patient in self._known(query):
            yield Hit(FIRST, self._name(patient), partial(self._choose, patient), help=self._about(patient))

    def _known(self, text: str) -> list[Patient]:
        if not isinstance(self.screen, Errands):
            return []
        return known_patients(self.screen.desk.memory.views, text, limit=LATELY)

    def _name(self, patient: Patient) -> str:
        return shown(patient.name, private=self._private)

    def _about(self, patient: Patient) -> str:
        return f"patient {patient.date_of_birth or ''}".rstrip() if not self._private else "patient"

    @property
    def _private(self) -> bool:
        return cast("DeskApp", self.app).desk.private

    def _choose(self, patient: Patient) -> None:
        if isinstance(self.screen, Errands):
            self.screen.for_patient(patient)
