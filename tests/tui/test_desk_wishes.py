from datetime import date

import pytest

from deskcal.tui.booking.wish import read_wish, wish_words
from tui.played_book import Clock, number
from tui.played_clinic import PlayedClinic

MONDAY = date(2025, 11, 24)


@pytest.fixture
def clinic(clock: Clock) -> PlayedClinic:
    return PlayedClinic(clock=clock, provider_names=("Dr Perez", "Dr Chen", "Dr Martinez"))


async def read(clinic: PlayedClinic, text: str, *, is_for_somebody: bool = False) -> tuple[str, str]:
    services = {one.id: one for one in await clinic.services()}
    providers = {number(1, n): name for n, name in enumerate(clinic.provider_names)}
    wish = read_wish(
        text, today=MONDAY, services=services, providers=providers, is_for_somebody=is_for_somebody
    )
    titles = {key: one.title for key, one in services.items()}
    return wish.patient, wish_words(wish, titles, providers, whom="")


@pytest.mark.parametrize(
    ("text", "patient", "understood"),
    [
        ("lop mar fu perez am", "lop mar", "Follow-up, Dr Perez   am"),
        ("lop fu mar", "lop", "Follow-up, Dr Martinez"),
        ("lop mar fu 30m perez tue am", "lop mar", "Follow-up, Dr Perez   Tue 25 Nov   am"),
        ("smith fu 30m tue am any", "smith", "Follow-up   Tue 25 Nov   am"),
        ("tom okoye con tom 10-12", "tom okoye", "Consultation   Tue 25 Nov   10:00 to 12:00"),
        ("novak 30m", "novak", "Follow-up"),
        ("wei 1h", "wei", "which service? Consultation, Group class"),
        ("wei chen fu 10:30", "wei", "Follow-up, Dr Chen   10:30 to 11:30"),
        ("1984-03-12 fu", "1984-03-12", "Follow-up"),
        ("wei 45m", "", "no service takes 45 minutes"),
    ],
)
async def test_words_in_any_order(clinic: PlayedClinic, text: str, patient: str, understood: str) -> None:
    """The patient stands first; what the other words are, the clinic's own names say."""
    said, words = await read(clinic, text)
    assert (said, words.removeprefix(f'patient "{patient}"').strip()) == (patient, understood)


async def test_a_patient_who_is_known_need_not_be_named(clinic: PlayedClinic) -> None:
    """With somebody on the line already, every word is about the appointment."""
    assert await read(clinic, "perez fu tom", is_for_somebody=True) == (
        "",
        "Follow-up, Dr Perez   Tue 25 Nov",
    )
    patient, words = await read(clinic, "")
    assert patient == ""
    assert "who is it for?" in words
