"""What the demo clinic is made of: rooms, equipment, services and their rules."""

from dataclasses import dataclass
from typing import Any

from deskcal.core.access import INSTALLATION
from deskcal.core.clinic import CancellationPolicy, Equipment, Modality, Room, Service

NAME, TIMEZONE, COUNTRY = "Riverside Clinic", "America/New_York", "US"
STRICT = CancellationPolicy(free_until_hours=48, fee_cents=5000, no_show_fee_cents=9000)
USUAL = CancellationPolicy(free_until_hours=24, fee_cents=2500, no_show_fee_cents=4000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """A pool of equipment to be, and how many units it has."""

    equipment: Equipment
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A rule to be, of the service of that title."""

    service: str
    type: str
    payload: dict[str, Any]


def _room(name: str, kind: str, *features: str, capacity: int | None = None) -> Room:
    return Room(
        id=INSTALLATION,
        name=name,
        type=kind,
        location_id=None,
        features=frozenset(features),
        capacity=capacity,
    )


def _pool(name: str, kind: str, units: int) -> Pool:
    made = Equipment(id=INSTALLATION, name=name, type=kind, location_id=None, units=())
    return Pool(equipment=made, units=units)


def _service(
    title: str,
    minutes: int,
    cents: int,
    *,
    room: str | None,
    before: int = 0,
    after: int = 0,
    policy: CancellationPolicy = USUAL,
    **facts: Any,
) -> Service:
    return Service(
        id=INSTALLATION,
        title=title,
        duration_minutes=minutes,
        slot_step_minutes=before + minutes + after,
        buffer_before_minutes=before,
        buffer_after_minutes=after,
        price_cents=cents,
        modality=Modality.IN_PERSON if room else Modality.TELEHEALTH,
        room_type=room,
        policy=policy,
        **facts,
    )


BLINDS = frozenset({"blinds"})
ROOMS = (
    _room("Exam 1", "exam", "sink"),
    _room("Exam 2", "exam", "sink", "blinds"),
    _room("Exam 3", "exam", "blinds"),
    _room("Procedures", "procedure", "sink"),
    _room("Therapy", "therapy", capacity=8),
)
POOLS = (_pool("Ultrasound", "ultrasound", 2), _pool("ECG", "ecg", 1))
SERVICES = (
    _service("Consultation", 30, 85_00, room="exam"),
    _service("Follow-up", 15, 45_00, room="exam"),
    _service("Annual physical", 45, 160_00, room="exam", after=15),
    _service("Video visit", 20, 60_00, room=None, after=10),
    _service("Child check-up", 30, 95_00, room="exam"),
    _service("Skin check", 25, 120_00, room="exam", after=5),
    _service("ECG", 20, 70_00, room="exam", after=10, equipment_type="ecg"),
    _service(
        "Ultrasound scan",
        25,
        150_00,
        room="exam",
        after=5,
        room_features=BLINDS,
        equipment_type="ultrasound",
    ),
    _service("Minor procedure", 60, 240_00, room="procedure", before=10, after=20, policy=STRICT),
    _service("Physiotherapy", 50, 110_00, room="therapy", after=10),
    _service("Back class", 50, 25_00, room="therapy", after=10, capacity=8),
)
TERMS = (
    Term(service="Minor procedure", type="max_daily", payload={"max_per_day": 3}),
    Term(service="Video visit", type="lead_time", payload={"min_minutes": 30}),
    Term(service="Back class", type="lead_time", payload={"max_days": 60}),
)
