"""Two server processes on one database, and a line in the summary for whatever a race measured."""

from collections.abc import Callable

import pytest

from house import House
from processes import ServerProcess
from races.truth import Truth


@pytest.fixture
def truth(database_url: str, house: House) -> Truth:
    return Truth(database_url, house.clinic.id)


@pytest.fixture
def addresses(start_server: Callable[[], ServerProcess]) -> tuple[str, str]:
    """Serve the test's database twice."""
    return start_server().url, start_server().url


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was measured; nobody asserts a time."""
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            terminalreporter.write_line(f"{report.nodeid}: {name} {value}")
