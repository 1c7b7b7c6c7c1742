from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from deskcal.core.clinic import Provider
from deskcal.core.delay import Delay, noted
from deskcal.core.refusals import Invalid

CHEN = Provider(id=UUID(int=1), name="Dr. Chen", timezone="America/New_York")
EVENING = datetime(2026, 3, 3, 1, 30, tzinfo=UTC)
"""It is Tuesday in UTC, and still Monday at Dr. Chen's."""


def note(minutes: int = 15, **facts: Any) -> Delay:
    return noted(CHEN, minutes, **({"day": None, "now": EVENING, "by": "ana", "client": "Desk 1"} | facts))


def test_today_is_the_providers_own() -> None:
    """Without a date it is the local day of the provider."""
    assert note().day == date(2026, 3, 2)
    assert note(day=date(2026, 3, 4)).day == date(2026, 3, 4)


@pytest.mark.parametrize("minutes", [0, 600])
def test_from_none_to_ten_hours(minutes: int) -> None:
    """No minutes at all take the note back, ten hours are the most."""
    assert note(minutes).minutes == minutes


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"minutes": -1}, "minutes"), ({"minutes": 601}, "minutes"), ({"day": date(2026, 3, 1)}, "date")],
)
def test_what_cannot_be_noted(facts: dict[str, Any], field: str) -> None:
    """Out of range, or for a day that is over, is refused by its field."""
    with pytest.raises(Invalid) as refused:
        note(**facts)
    assert [name for name, _ in refused.value.fields] == [field]
