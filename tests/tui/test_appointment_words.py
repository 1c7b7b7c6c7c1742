"""How appointments read in lists: rows, words to narrow by, and the visits of a patient."""

from datetime import timedelta

from rich.style import Style

from deskcal.tui.app import DeskApp
from deskcal.tui.appointments.narrowing import narrowed_by, narrowed_words
from deskcal.tui.appointments.visits import fetch_visits, history_words
from deskcal.tui.filters import Filter
from deskcal.tui.table_rows import STYLED, Column, Row, fitted, row_strip
from tui.played_book import Busy, number
from tui.played_clinic import PlayedClinic
from tui.seeing import sees

STYLES = {name: Style.null() for name in STYLED}
SERVICES = {number(2, 0): "Follow-up", number(2, 1): "Consultation"}
PROVIDERS = {number(1, 0): "Dr Garcia", number(1, 1): "Dr Perez"}


def test_row_marks_are_letters() -> None:
    """The cursor is `>` and a change `*`; what does not fit ends in `~`."""
    row = Row(key=1, cells=("Mon 24", "Lopez, Maria"))
    widths = fitted([Column(title="Day", width=6), Column(title="Patient", width=4, grows=True)], 17)
    strip = row_strip(row, widths, 17, STYLES, at_cursor=True, changed=True)
    assert strip.text == ">*Mon 24 Lopez,~ "
    assert row_strip(row, widths, 17, STYLES, at_cursor=False, changed=False).text == "  Mon 24 Lopez,~ "


def narrowing(text: str, *patients: str) -> str:
    narrowed = narrowed_by(text, Filter(), services=SERVICES, providers=PROVIDERS, patients=patients)
    return narrowed_words(narrowed, 200)


def test_words_that_the_server_is_asked_for() -> None:
    """Doctor, service, status and reference are asked of the server, names are looked for in what is here."""
    assert narrowing("garcia fu arrived") == "only Dr Garcia, Follow-up, arrived"
    assert narrowing("B-20890") == "only B-20890"
    assert narrowing("no-show nov") == 'only no-show   "nov" among these 200'


def test_a_patient_called_like_a_doctor() -> None:
    """A word that is in the name of a patient here is not taken for a doctor."""
    assert narrowing("perez") == "only Dr Perez"
    assert narrowing("perez", "Perez, Ana") == '"perez" among these 200'


async def test_visits_of_a_patient(app: DeskApp, clinic: PlayedClinic) -> None:
    """Visits are summed up with every no-show, but not those that the clinic missed."""
    clinic.clock.now += timedelta(days=1)
    for hour, status in ((8, "completed"), (9, "no_show"), (11, "no_show")):
        past(clinic, hour, status)
    clinic.busy[-1].missed_by = "provider"
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE")
        visits = await fetch_visits(app.desk, number(3, 0))
    assert history_words(visits, app.desk) == (
        "1 visit   1 no-show (Nov)   last Mon 24 Nov Dr Garcia Follow-up"
    )
    assert visits.next is None


def past(clinic: PlayedClinic, hour: int, status: str) -> Busy:
    made = clinic.book(0, hour, patient=0, status=status)
    made.start, made.end = made.start - timedelta(days=1), made.end - timedelta(days=1)
    return made
