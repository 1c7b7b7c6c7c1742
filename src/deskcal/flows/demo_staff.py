"""Who works at the demo clinic, what they like, and who and what is away when."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from deskcal.core.access import INSTALLATION
from deskcal.core.window import Window, WindowKind, read_rule
from deskcal.store.schedule_windows import ResourceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """A provider to be: weekly hours in words, services by title, the usual one first, rooms by name.

    `likes_hours` are in minutes of the wall clock.
    """

    name: str
    specialty: str
    hours: str
    offers: tuple[str, ...]
    rating: float
    likes_rooms: tuple[str, ...] = ()
    likes_hours: tuple[tuple[int, int], ...] = ()
    daily_maximum: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """A window to be, of what has that name."""

    kind: ResourceKind
    name: str
    window: Window


NOON, EVENING = 12 * 60, 24 * 60
STAFF = (
    Staff(
        name="Dr. Ana Perez",
        specialty="Family medicine",
        hours="mon-fri 09:00-12:30,13:30-17:00",
        offers=("Consultation", "Follow-up", "Annual physical", "Video visit", "Ultrasound scan"),
        rating=4.8,
        likes_rooms=("Exam 1",),
        likes_hours=((0, NOON),),
    ),
    Staff(
        name="Dr. Samuel Okafor",
        specialty="Internal medicine",
        hours="sun 09:00-13:00 mon-thu 08:00-12:00,13:00-16:30",
        offers=("Consultation", "Follow-up", "Annual physical", "ECG", "Ultrasound scan", "Minor procedure"),
        rating=4.6,
    ),
    Staff(
        name="Dr. Mei-Ling Chen",
        specialty="Pediatrics",
        hours="mon-tue,thu-fri 09:00-13:00,14:00-18:00 sat 09:00-13:00",
        offers=("Child check-up", "Follow-up", "Video visit"),
        rating=4.9,
        likes_rooms=("Exam 2", "Exam 3"),
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
        offers=("Consultation", "Follow-up", "Annual physical", "Video visit", "ECG", "Ultrasound scan"),
        rating=4.7,
        likes_hours=((NOON, EVENING),),
        daily_maximum=16,
    ),
    Staff(
        name="Jonas Lindqvist",
        specialty="Physiotherapy",
        hours="mon-fri 07:30-11:30,12:30-15:30 sat 09:00-12:00",
        offers=("Physiotherapy", "Back class"),
        rating=4.5,
    ),
)


def absences(today: date, zone: ZoneInfo) -> tuple[Absence, ...]:
    """Draw up who and what is away in the weeks around a date; nobody in its own week."""
    monday = datetime.combine(today - timedelta(days=today.weekday()), time())
    surgery = monday + timedelta(days=-5, hours=13)
    every_other = read_rule("FREQ=WEEKLY;INTERVAL=2;BYDAY=WE", surgery, all_day=False, zone=zone)
    return (
        Absence(
            kind="provider",
            name="Dr. Samuel Okafor",
            window=Window(
                id=INSTALLATION,
                kind=WindowKind.UNAVAILABLE,
                start=surgery,
                end=surgery + timedelta(hours=3, minutes=30),
                rule=every_other,
                reason="Surgery at the hospital",
            ),
        ),
        Absence(kind="provider", name="Dr. Priya Raman", window=_days(monday, 10, 12, "Congress")),
        Absence(kind="room", name="Exam 3", window=_days(monday, 8, 9, "New floor")),
    )


def _days(monday: datetime, first: int, behind: int, reason: str) -> Window:
    return Window(
        id=INSTALLATION,
        kind=WindowKind.UNAVAILABLE,
        start=monday + timedelta(days=first),
        end=monday + timedelta(days=behind),
        all_day=True,
        reason=reason,
    )
