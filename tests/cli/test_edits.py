"""What a clinic is made of, changed and retired by commands."""

import pytest

from cli.typed import Deskcal, Said
from deskcal.cli.exits import Exit

THERE = {"DESKCAL_CLINIC": "bodo"}


@pytest.fixture
def there(deskcal: Deskcal) -> Deskcal:
    """Type in a clinic of these tests' own, with a provider who works all day."""
    if deskcal("clinic", "show", "bodo").code != Exit.DONE:
        deskcal("clinic", "create", "Bodø", "--timezone", "Europe/Oslo", "--slug", "bodo")
        deskcal("service", "add", "Talk", "--duration", "30", "--price", "50.00", **THERE)
        deskcal("provider", "add", "Dr. Kari Nordli", "--service", "Talk", **THERE)
        deskcal("provider", "set-hours", "nordli", "daily", "09:00-17:00", **THERE)
        deskcal("patient", "add", "Ola Hansen", "--dob", "1984-03-12", **THERE)

    def typed(*words: str) -> Said:
        return deskcal(*words, **THERE)

    return typed


def test_a_booked_machine_stays(there: Deskcal) -> None:
    """Equipment that a booking takes cannot be taken away; retired, it names whom to call."""
    pool = ["equipment", "add", "Laser", "--type", "laser", "--quantity", "2"]
    assert [unit["number"] for unit in there("--json", *pool).value["units"]] == [1, 2]
    service = ["service", "add", "Laser hour", "--duration", "60", "--equipment-type", "laser"]
    assert there("--json", *service, "--equipment-units", "2").value["requiresEquipment"] is True
    offered = ["provider", "edit", "nordli", "--service", "Talk", "--service", "Laser hour"]
    assert there(*offered).code == Exit.DONE
    assert there("book", "Ola Hansen", "Laser hour", "nordli", "+3 10:00").code == Exit.DONE
    refused = there("equipment", "edit", "laser", "--quantity", "1")
    assert (refused.code, "Number 2 cannot go, taken by B-" in refused.words) == (Exit.REFUSED, True)
    assert there("--json", "equipment", "edit", "laser", "--quantity", "3").value["quantity"] == 3
    retired = there("equipment", "retire", "laser")
    assert "Laser is retired" in retired.words
    assert [row[1] for row in retired.rows] == ["Ola Hansen"]
    assert there("equipment", "show", "laser").code == Exit.NOT_FOUND


def test_a_room_is_edited_option_by_option(there: Deskcal) -> None:
    """Only what was given changes; an empty option takes away what was there."""
    there("location", "add", "Harbour")
    there("room", "add", "Blue", "--feature", "sink", "--capacity", "3", "--location", "Harbour")
    edited = there("--json", "room", "edit", "Blue", "--name", "Green").value
    assert (edited["name"], edited["features"], edited["capacity"]) == ("Green", ["sink"], 3)
    bare = there(
        "--json", "room", "edit", "Green", "--feature", "", "--capacity", "0", "--location", ""
    ).value
    assert (bare["features"], bare["capacity"], bare["locationId"]) == ([], None, None)
    nothing = there("room", "edit", "Green")
    assert (nothing.code, "--help" in nothing.words) == (Exit.USAGE, True)


def test_a_location_with_somebody_in_it_stays(there: Deskcal) -> None:
    """A location goes when nobody works there, with its rooms; its zone is that of who works there."""
    there("location", "add", "Quay")
    there("room", "add", "Quay room", "--location", "Quay")
    there("provider", "add", "Dr. Odd Lund", "--location", "Quay")
    assert (
        there("--json", "location", "edit", "Quay", "--timezone", "Asia/Tokyo").value["timezone"]
        == "Asia/Tokyo"
    )
    assert there("--json", "provider", "show", "lund").value["timezone"] == "Asia/Tokyo"
    refused = there("location", "retire", "Quay")
    assert (refused.code, "Dr. Odd Lund" in refused.words) == (Exit.USAGE, True)
    assert there("provider", "retire", "lund").code == Exit.DONE
    assert there("--json", "location", "retire", "Quay").value == {"appointments": []}
    assert "Quay room" not in there("room", "list").out


def test_a_provider_takes_their_own_price(there: Deskcal) -> None:
    """A price is for one service; without an amount the service's own holds again."""
    assert (
        there("provider", "edit", "nordli", "--price", "Talk=65.00", "--daily-maximum", "9").code == Exit.DONE
    )
    [priced, *_] = there("--json", "free", "Talk", "nordli", "--on", "+5").value
    assert priced["priceCents"] == 6500
    there("provider", "edit", "nordli", "--price", "Talk=", "--daily-maximum", "0")
    [usual, *_] = there("--json", "free", "Talk", "nordli", "--on", "+5").value
    assert usual["priceCents"] == 5000
    assert there("--json", "provider", "show", "nordli").value["dailyMaximum"] is None
    wrong = there("provider", "edit", "nordli", "--price", "65.00")
    assert (wrong.code, "Consultation=90.00" in wrong.words) == (Exit.USAGE, True)


def test_what_a_provider_likes_is_said_part_by_part(there: Deskcal) -> None:
    """Rooms and hours are liked apart: one given leaves the other; hours that are none are refused."""
    room = there("--json", "room", "add", "Garden room").value
    there("provider", "edit", "nordli", "--likes-room", "Garden room", "--likes-time", "09:00-12:00")
    [liked] = there("--json", "provider", "edit", "nordli", "--likes-time", "13:00-15:00").value[
        "preferences"
    ]
    assert liked["roomIds"] == [room["id"]]
    assert liked["times"] == [{"start": "13:00", "end": "15:00"}]
    wrong = there("provider", "edit", "nordli", "--likes-time", "morning")
    assert (wrong.code, "HH:MM" in wrong.words) == (Exit.USAGE, True)


def test_a_retired_service_is_not_offered(there: Deskcal) -> None:
    """What is booked of a retired service stands and is listed; nobody finds it any more."""
    there("service", "add", "Fitting", "--duration", "20")
    there("provider", "add", "Dr. Liv Moe", "--service", "Fitting")
    there("provider", "set-hours", "moe", "daily", "09:00-17:00")
    there("service", "edit", "Fitting", "--duration", "40", "--step", "10", "--room-feature", "mirror")
    shown = there("--json", "service", "show", "Fitting").value
    assert (shown["durationMinutes"], shown["slotStepMinutes"], shown["roomFeatures"]) == (40, 10, ["mirror"])
    there("patient", "add", "Eva Berg", "--dob", "1990-01-01")
    assert there("book", "Eva Berg", "Fitting", "moe", "+4 11:00").code == Exit.DONE
    retired = there("service", "retire", "Fitting")
    assert [row[1] for row in retired.rows] == ["Eva Berg"]
    assert there("free", "Fitting").code == Exit.NOT_FOUND
