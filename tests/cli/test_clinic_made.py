from collections import Counter

from cli.typed import Deskcal


def test_from_nothing_to_an_appointment(deskcal: Deskcal) -> None:
    """A clinic is made, staffed and booked by commands alone; what is taken is refused with a way out."""
    there = {"DESKCAL_CLINIC": "bergen"}
    made = deskcal("--json", "clinic", "create", "Bergen", "--timezone", "Europe/Oslo")
    assert made.value["slug"] == "bergen"
    assert deskcal("location", "add", "Harbour", **there).code == 0
    assert deskcal("room", "add", "Blue room", "--type", "exam", "--location", "harbour", **there).code == 0
    service = ["service", "add", "Check-up", "--duration", "30", "--price", "80.50", "--room-type", "exam"]
    assert deskcal("--json", *service, **there).value["priceCents"] == 8050
    provider = ["provider", "add", "Dr. Åse Dahl", "--service", "check-up", "--location", "Harbour"]
    assert deskcal("--json", *provider, **there).value["timezone"] == "Europe/Oslo"
    hours = deskcal("provider", "set-hours", "dahl", "daily", "09:00-12:00,13:00-16:00", **there)
    assert ["sunday", "09:00-12:00,13:00-16:00"] in hours.rows
    for name in ("Kari Moen", "Ola Moen"):
        assert deskcal("patient", "add", name, "--dob", "12 mar 1984", **there).code == 0

    free = deskcal("--json", "free", "check-up", "ase", "--on", "+3", **there).value
    assert [slot["start"][11:16] for slot in free][:2] == ["09:00", "09:30"]
    booked = deskcal("book", "Kari Moen", "check-up", "dahl", "+3 9:30", **there)
    assert booked.code == 0
    assert "Kari Moen: Check-up with Dr. Åse Dahl" in booked.out
    assert "09:30-10:00 CE" in booked.out
    assert "Blue room, 80.50 USD" in booked.out

    again = ["book", "Ola Moen", "check-up", "dahl", "+3 9:30"]
    taken = deskcal("--json", *again, **there)
    assert taken.code == 3
    assert taken.value["error"] == "SLOT_ALREADY_BOOKED"
    assert len(taken.value["alternatives"]) > 1
    assert deskcal(*again, **there).out == ""
    refusal, instead, *slots = deskcal(*again, **there).words.splitlines()
    assert "already booked" in refusal
    assert instead == "Free instead, times in Europe/Oslo:"
    assert "09:00-09:30" in slots[0]

    outside = deskcal("provider", "set-hours", "dahl", "daily", "13:00-16:00", **there)
    assert [row for row in outside.rows if "Kari Moen" in row]
    verdict = deskcal("why", "dahl", "check-up", "+3 9:30", **there)
    assert verdict.code == 3
    assert [row[0] for row in verdict.rows[1:]] == [
        "OUTSIDE_HOURS",
        "SLOT_ALREADY_BOOKED",
        "ROOM_ALREADY_BOOKED",
    ]

    [appointment] = deskcal("--json", "appointments", "--date", "+3", "--provider", "dahl", **there).value
    shown = deskcal("--json", "show", appointment["id"], "--audit", **there).value
    assert [entry["action"] for entry in shown["audit"]] == ["created"]
    log = deskcal("--json", "log", "--type", "appointment.*", **there).value
    assert [entry["aggregateId"] for entry in log] == [appointment["id"]]


def test_hours_between_dates(deskcal: Deskcal) -> None:
    """Hours between two dates leave the days around them as they are; a dry run leaves all days so."""
    assert deskcal("provider", "set-hours", "okafor", "daily", "09:00-17:00").code == 0
    dated = ["daily", "10:00-11:00", "--from", "+40", "--until", "+41"]
    dry = deskcal("provider", "set-hours", "okafor", *dated, "--dry-run")
    assert (dry.code, "would work so" in dry.words) == (0, True)
    assert len(deskcal("--json", "free", "follow-up", "okafor", "--on", "+40").value) == 32
    assert deskcal("provider", "set-hours", "okafor", *dated).code == 0
    free = deskcal("--json", "free", "follow-up", "okafor", "--on", "+39", "--days", "4").value
    assert sorted(Counter(slot["start"][:10] for slot in free).values()) == [4, 4, 32, 32]
