"""The desk under test: a played clinic, a standing clock, and a way to wait for what should come."""

from datetime import UTC, datetime

import pytest

from deskcal.tui.app import DeskApp
from tui.played_book import Clock
from tui.played_clinic import PlayedClinic


@pytest.fixture(autouse=True)
def _plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "TEXTUAL_ANIMATIONS", "TEXTUAL_THEME", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def clock() -> Clock:
    return Clock(now=datetime(2025, 11, 24, 14, 41, 7, tzinfo=UTC))


@pytest.fixture
def clinic(clock: Clock) -> PlayedClinic:
    """Monday morning at a clinic with a few bookings."""
    played = PlayedClinic(clock=clock)
    played.book(0, 10, patient=2)
    played.book(1, 10, patient=3, length=60)
    played.book(2, 9, 30, patient=4, status="checked_in")
    played.book(4, 14, patient=2)
    return played


@pytest.fixture
def app(clinic: PlayedClinic, clock: Clock) -> DeskApp:
    async def dial() -> PlayedClinic:
        return clinic

    return DeskApp(dial, desk_name="Desk 2", now=clock, debounce=0)
