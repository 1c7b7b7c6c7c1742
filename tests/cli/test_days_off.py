from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx

from cli.typed import Demo, Deskcal
from deskcal.server.folder import read_address

THERE = {"DESKCAL_CLINIC": "tromso"}
NEXT_YEAR = datetime.now(UTC).year + 1


def _clinic(deskcal: Deskcal) -> None:
    """Make a clinic with a provider who works every day, and a visit in 30 days, once."""
    if deskcal("clinic", "show", "tromso").code == 0:
        return
    assert deskcal("clinic", "create", "Tromsø", "--timezone", "Europe/Oslo").code == 0
    assert deskcal("location", "add", "Harbour", **THERE).code == 0
    assert deskcal("service", "add", "Visit", "--duration", "30", **THERE).code == 0
    assert deskcal("provider", "add", "Dr. Berg", "--service", "visit", **THERE).code == 0
    assert deskcal("provider", "set-hours", "berg", "daily", "09:00-16:00", **THERE).code == 0
    assert deskcal("patient", "add", "Kari Moen", "--dob", "12 mar 1984", **THERE).code == 0
    assert deskcal("book", "kari", "visit", "berg", "+30 10:00", **THERE).code == 0


def _free(deskcal: Deskcal, day: str) -> int:
    return len(deskcal("--json", "free", "visit", "berg", "--on", day, **THERE).value)


def test_closed_and_open_again(deskcal: Deskcal) -> None:
    """Closing prints whom to call, a dry run closes nothing, and a day is opened out of those around it."""
    _clinic(deskcal)
    dry = deskcal("clinic", "close", "+30", "+31", "--dry-run", **THERE)
    assert [row[1] for row in dry.rows if "Kari Moen" in row] == ["Kari Moen"]
    assert "2 would be added" in dry.words
    assert _free(deskcal, "+30") > 0

    closed = deskcal("--json", "clinic", "close", "+31", "+30", "--reason", "Painting", **THERE).value
    assert (closed["added"], len(closed["appointments"])) == (2, 1)
    again = deskcal("clinic", "close", "+30", "--reason", "Painting", **THERE)
    assert "0 added, 1 closed before" in again.words
    assert [_free(deskcal, day) for day in ("+30", "+31")] == [0, 0]

    assert deskcal("clinic", "reopen", "+30", "--dry-run", **THERE).code == 0
    assert _free(deskcal, "+30") == 0
    assert deskcal("clinic", "reopen", "+30", **THERE).rows[0][2] == "Painting"
    assert _free(deskcal, "+30") > 0
    assert _free(deskcal, "+31") == 0
    missed = deskcal("clinic", "reopen", "+30", **THERE)
    assert (missed.code, "deskcal clinic closures" in missed.words) == (4, True)
    assert [row[2] for row in deskcal("clinic", "closures", **THERE).rows] == ["Painting"]
    assert deskcal("clinic", "reopen", "+31", **THERE).code == 0


def test_holidays_of_a_location(deskcal: Deskcal) -> None:
    """Public holidays are closed once; another country's code that is wrong is told what is close."""
    _clinic(deskcal)
    words = ["clinic", "holidays", "NO", str(NEXT_YEAR), "--location", "harbour"]
    dry = deskcal("--json", *words, "--dry-run", **THERE).value
    first = deskcal("--json", *words, **THERE).value
    second = deskcal("--json", *words, **THERE).value
    assert dry["added"] == first["added"] == len(first["closures"]) > 10
    assert (second["added"], second["closures"]) == (0, first["closures"])
    listed = deskcal("clinic", "closures", **THERE).rows
    christmas = f"{NEXT_YEAR}-12-25"
    assert [christmas, christmas, "Christmas Day", "Harbour"] in [row[:4] for row in listed]
    elsewhere = deskcal("clinic", "reopen", christmas, **THERE)
    assert (elsewhere.code, "--location" in elsewhere.words) == (4, True)
    wrong = deskcal("clinic", "holidays", "NW", str(NEXT_YEAR), **THERE)
    assert (wrong.code, "NO (Norway)" in wrong.words) == (2, False)


def test_a_day_out_of_several(deskcal: Deskcal, demo: Demo) -> None:
    """A day in the middle of a closure opens; those before and after it stay closed."""
    _clinic(deskcal)
    address = read_address(demo.folder)
    assert address is not None
    days = [str(datetime.now(ZoneInfo("Europe/Oslo")).date() + timedelta(days=n)) for n in (40, 44)]
    body = {"first": days[0], "last": days[1], "reason": "Move"}
    headers = {
        "Authorization": f"Bearer {address.token}",
        "X-Clinic-Id": deskcal("--json", "clinic", "show", "tromso").value["id"],
    }
    assert httpx.post(f"{demo.url}/v1/closures", json=body, headers=headers).status_code == 201
    assert deskcal("clinic", "reopen", "+42", **THERE).code == 0
    assert [_free(deskcal, f"+{n}") > 0 for n in range(39, 46)] == [
        True,
        False,
        False,
        True,
        False,
        False,
        True,
    ]


def test_time_off(deskcal: Deskcal) -> None:
    """Time off is whole days, both inclusive; it prints whom to call, is listed, and goes by its id."""
    _clinic(deskcal)
    off = deskcal("provider", "time-off", "berg", "+29", "+30", "--reason", "Fishing", **THERE)
    assert off.code == 0
    assert [row for row in off.rows if "Kari Moen" in row]
    assert "1 appointments fall on these days" in off.words
    assert [_free(deskcal, day) > 0 for day in ("+28", "+29", "+30", "+31")] == [True, False, False, True]
    [listed] = deskcal("--json", "provider", "windows", "berg", **THERE).value
    assert (listed["allDay"], listed["reason"]) == (True, "Fishing")
    gone = deskcal("--json", "provider", "windows", "berg", "--remove", listed["id"], **THERE).value
    assert (gone["window"], gone["appointments"]) == (listed, [])
    assert _free(deskcal, "+29") > 0
    backwards = deskcal("provider", "time-off", "berg", "+30", "+29", **THERE)
    assert (backwards.code, "before the first" in backwards.words) == (2, True)


def test_rules(deskcal: Deskcal) -> None:
    """A rule holds until it is removed, by its id where its type names several."""
    _clinic(deskcal)
    rule = ["service", "rule"]
    for most in (1, 2):
        payload = f'{{"max_per_day": {most}}}'
        assert deskcal(*rule, "add", "visit", "max_daily", payload, **THERE).code == 0
    assert _free(deskcal, "+30") == 0
    several = deskcal(*rule, "remove", "visit", "max_daily", **THERE)
    assert (several.code, several.words.count("max_per_day")) == (2, 2)
    first, second = deskcal("--json", *rule, "list", "visit", **THERE).value
    assert deskcal(*rule, "remove", "visit", first["id"], **THERE).code == 0
    assert deskcal(*rule, "remove", "visit", "max_daily", **THERE).rows[-1] == ["id", second["id"]]
    assert _free(deskcal, "+30") > 0
    wrong = deskcal(*rule, "add", "visit", "max_daily", "8", **THERE)
    assert (wrong.code, "write it like" in wrong.words) == (2, True)
    unknown = deskcal(*rule, "add", "visit", "max_weekly", "{}", **THERE)
    assert (unknown.code, "max_daily" in unknown.words) == (2, True)


def test_edited(deskcal: Deskcal) -> None:
    """A clinic is called otherwise, and shows days as limited otherwise."""
    _clinic(deskcal)
    words = ["clinic", "edit", "--name", "Tromsø sentrum", "--limited-percent", "35"]
    edited = deskcal("--json", *words, **THERE).value
    assert (edited["name"], edited["limitedPercent"]) == ("Tromsø sentrum", 35)
    assert deskcal("clinic", "edit", **THERE).code == 2


def test_running_late(deskcal: Deskcal) -> None:
    """A delay is for one day, ten hours at most, and 0 takes it back."""
    _clinic(deskcal)
    late = deskcal("--json", "provider", "late", "berg", "15", "--on", "+2", **THERE).value
    assert late["minutes"] == 15
    assert dict(deskcal("provider", "late", "berg", "0", **THERE).rows)["runs"] == "on time"
    assert deskcal("provider", "late", "berg", "601", **THERE).code == 2
