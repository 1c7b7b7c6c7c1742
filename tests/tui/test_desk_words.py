from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from textual.binding import Binding

from deskcal.tui.commands.anywhere import APP, AREA
from deskcal.tui.commands.calendar import CALENDAR
from deskcal.tui.connection import Connection, Line, ago
from deskcal.tui.filters import understand
from deskcal.tui.footer import key_line
from deskcal.tui.names import compact, doctor, initials, surname
from deskcal.tui.spoken import looks_alike, ordinal, say_back, spoken_time, what_changes
from deskcal.tui.when import NotADate, read_birth, read_day
from tui.played_book import number
from tui.played_clinic import PlayedClinic

MONDAY = date(2025, 11, 24)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("tom", date(2025, 11, 25)),
        ("today", MONDAY),
        ("+2w", date(2025, 12, 8)),
        ("-3", date(2025, 11, 21)),
        ("+1m", date(2025, 12, 24)),
        ("fri", date(2025, 11, 28)),
        ("mon", date(2025, 12, 1)),
        ("3 dec", date(2025, 12, 3)),
        ("dec 3", date(2025, 12, 3)),
        ("3 jan", date(2026, 1, 3)),
        ("12/3", date(2025, 12, 3)),
        ("12/3/27", date(2027, 12, 3)),
        ("29 feb", date(2028, 2, 29)),
        ("2026-03-12", date(2026, 3, 12)),
    ],
)
def test_days_as_people_type_them(text: str, day: date) -> None:
    """What was typed means the day that a receptionist would mean."""
    assert read_day(text, MONDAY) == day


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2026-13-05", "Did you mean 2026-05-13?"),
        ("31 nov", "November 2025 has no day 31"),
        ("3 xyz", '"xyz" is not a month'),
        ("lunch", "is not a date"),
        ("", "is not a date"),
    ],
)
def test_days_that_cannot_be_read(text: str, says: str) -> None:
    """What cannot be read says which part, and what would do."""
    with pytest.raises(NotADate, match=says.replace("?", r"\?")):
        read_day(text, MONDAY)


def test_birth_dates() -> None:
    """A birth date needs a year, and two digits never lie in the future."""
    assert read_birth("12 mar 84", MONDAY) == date(1984, 3, 12)
    assert read_birth("3/12/05", MONDAY) == date(2005, 3, 12)
    with pytest.raises(NotADate, match="needs its year"):
        read_birth("12 mar", MONDAY)


def test_a_few_letters_are_enough() -> None:
    """Beginnings and initials find service and provider; what fits several is asked back."""
    services = {number(2, 0): "Follow-up", number(2, 1): "Full check"}
    providers = {number(1, 0): "Dr Perez", number(1, 1): "Dr Pereira", number(1, 2): "Dr Chen"}
    meant = understand("follow perez", services, providers)
    assert (meant.filter.service_id, meant.filter.provider_id) == (number(2, 0), number(1, 0))
    assert understand("pere", services, providers).problem == "which one? Dr Pereira, Dr Perez"
    assert understand("zzz", services, providers).problem == 'nothing here is called "zzz"'
    assert not understand("", services, providers).filter


@pytest.mark.parametrize("name", ["Novak, Eva", "Eva Novak"])
def test_names(name: str) -> None:
    """A name is understood either way round."""
    assert (surname(name), compact(name), initials(name)) == ("Novak", "Novak E", "E.N.")


def test_titles_go_first() -> None:
    """Where a provider's name does not fit, the title is dropped before the name is cut."""
    assert doctor("Dr Perez", 8) == "Dr Perez"
    assert doctor("Dr Perez", 7) == "Perez"
    assert doctor("Dr Kowalskaya", 6) == "Kowals"


def test_times_on_the_telephone() -> None:
    """Times and days are said as on the telephone."""
    said = [spoken_time(datetime(2025, 11, 24, h, m)) for h, m in ((10, 30), (8, 45), (12, 0), (9, 5))]  # noqa: DTZ001
    assert said == ["half past ten", "quarter to nine", "noon", "nine 05"]
    assert [ordinal(day) for day in (1, 2, 3, 11, 22)] == [
        "the 1st",
        "the 2nd",
        "the 3rd",
        "the 11th",
        "the 22nd",
    ]


async def test_say_back_and_what_changes(clinic: PlayedClinic) -> None:
    """The caller hears who, when, where and how much; an alternative says how it differs."""
    day = (await clinic.calendar_day(MONDAY)).providers
    wanted, later = day[1].timeslots[5], day[1].timeslots[6]
    patient = (await clinic.patients("maria")).items[0]
    zone = ZoneInfo("America/New_York")
    said = say_back(patient, wanted, zone, room="room 3", currency="USD")
    assert said == "Maria, Monday the 24th, half past ten, Dr Okafor, room 3, 85 dollars."
    assert what_changes(later, wanted, zone, {}) == "+30 min"
    assert what_changes(day[2].timeslots[5], wanted, zone, {}) == "other doctor"
    tomorrow = (await clinic.calendar_day(date(2025, 11, 25))).providers[1].timeslots[5]
    assert what_changes(tomorrow, wanted, zone, {}) == "next day, same time"


async def test_twins_are_warned_of(clinic: PlayedClinic) -> None:
    """A like name of the same year of birth is pointed out, a mere namesake of another year is not."""
    people = (await clinic.patients()).items
    maria, mario = people[0], people[1]
    assert looks_alike(maria, [maria], private=False) == []
    mario.date_of_birth = date(1984, 7, 30)
    assert "Lopez, Mario 1984-07-30 looks alike" in looks_alike(maria, people, private=False)[0]


def test_connection_words() -> None:
    """The word tells how long: slow after three seconds, offline with its age."""
    start = datetime(2025, 11, 24, 14, 41, 0, tzinfo=ZoneInfo("UTC"))
    live = Connection(line=Line.LIVE, since=start)
    assert live.word(start.replace(second=9), start.replace(second=7)) == "LIVE"
    assert live.word(start.replace(second=9), start.replace(second=5)) == "SLOW"
    assert (
        Connection(line=Line.OFFLINE, since=start).word(start.replace(minute=45, second=12))
        == "OFFLINE 4m12s"
    )
    assert ago(7500) == "2h05m"


@pytest.mark.parametrize("width", [120, 80, 60, 30])
def test_key_line_never_cuts(width: int) -> None:
    """At most eight entries, each whole, and help always last."""
    bindings = [one for one in (*CALENDAR, *AREA, *APP) if isinstance(one, Binding)]
    entries, last = key_line(bindings, width)
    line = "  ".join(f"{key} {words}" for key, words in [*entries, last])
    assert len(line) <= width
    assert len(entries) < 8
    assert last == ("F1", "help")
