"""What the demo clinic is made of: rooms, services, providers and their hours."""

from dataclasses import dataclass

from deskcal.core.access import INSTALLATION
from deskcal.core.clinic import CancellationPolicy, Modality, Room, Service

NAME, TIMEZONE = "Riverside Clinic", "America/New_York"
STRICT = CancellationPolicy(free_until_hours=48, fee_cents=5000, no_show_fee_cents=9000)
USUAL = CancellationPolicy(free_until_hours=24, fee_cents=2500, no_show_fee_cents=4000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """A provider to be: weekly hours in words, services by title, the usual one first."""

    name: str
    specialty: str
    hours: str
    offers: tuple[str, ...]
    rating: float


def _room(name: str, kind: str) -> Room:
    return Room(id=INSTALLATION, name=name, type=kind, location_id=None)


def _service(
    title: str,
    minutes: int,
    cents: int,
    *,
    room: str | None,
    before: int = 0,
    after: int = 0,
    policy: CancellationPolicy = USUAL,
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
    )


ROOMS = (
    _room("Exam 1", "exam"),
    _room("Exam 2", "exam"),
    _room("Exam 3", "exam"),
    _room("Procedures", "procedure"),
    _room("Therapy", "therapy"),
)
SERVICES = (
    _service("Consultation", 30, 85_00, room="exam"),
    _service("Follow-up", 15, 45_00, room="exam"),
    _service("Annual physical", 45, 160_00, room="exam", after=15),
    _service("Video visit", 20, 60_00, room=None, after=10),
    _service("Child check-up", 30, 95_00, room="exam"),
    _service("Skin check", 25, 120_00, room="exam", after=5),
    _service("Minor procedure", 60, 240_00, room="procedure", before=10, after=20, policy=STRICT),
    _service("Physiotherapy", 50, 110_00, room="therapy", after=10),
)
STAFF = (
    Staff(
        name="Dr. Ana Perez",
        specialty="Family medicine",
        hours="mon-fri 09:00-12:30,13:30-17:00",
        offers=("Consultation", "Follow-up", "Annual physical", "Video visit"),
        rating=4.8,
    ),
    Staff(
        name="Dr. Samuel Okafor",
        specialty="Internal medicine",
        hours="sun 09:00-13:00 mon-thu 08:00-12:00,13:00-16:30",
        offers=("Consultation", "Follow-up", "Annual physical", "Minor procedure"),
        rating=4.6,
    ),
    Staff(
        name="Dr. Mei-Ling Chen",
        specialty="Pediatrics",
        hours="mon-tue,thu-fri 09:00-13:00,14:00-18:00 sat 09:00-13:00",
        offers=("Child check-up", "Follow-up", "Video visit"),
        rating=4.9,
    ),
    Staff(
        name="Dr. Priya Raman",
        specialty="Dermatology",
        hours="tue-fri 10:00-13:00,14:00-18:30",
        offers=("Skin check", "Follow-up", "Video visit", "Minor procedure"),
        rating=4.4,
    ),
    Staff(
        name="Dr. Fatima Haddad",
        specialty="Family medicine",
        hours="wed-sun 11:00-15:00,15:30-19:00",
        offers=("Consultation", "Follow-up", "Annual physical", "Video visit"),
        rating=4.7,
    ),
    Staff(
        name="Jonas Lindqvist",
        specialty="Physiotherapy",
        hours="mon-fri 07:30-11:30,12:30-15:30 sat 09:00-12:00",
        offers=("Physiotherapy",),
        rating=4.5,
    ),
)
