"""`deskcal tui` is told to end, by the machine or by a line that was hung up, while somebody books."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deskcal.client.http import Client
from deskcal.core.access import Role
from house import House
from processes import ServerProcess
from tui.on_a_pty import RESTORED, Terminal, on_a_pty

SHARED_MACHINE = 3


@pytest.fixture
def server(start_server: Callable[[], ServerProcess]) -> ServerProcess:
    return start_server()


@pytest.fixture
def terminal(server: ServerProcess, house: House, tmp_path: Path) -> Iterator[Terminal]:
    """Open a desk with its command."""
    environment = {"DESKCAL_SERVER_URL": server.url, "DESKCAL_TOKEN": house.tokens[Role.FRONT_DESK]}
    with on_a_pty("-m", "deskcal", "--data-dir", tmp_path, "tui", environment=environment) as terminal:
        yield terminal


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
async def test_nothing_dangles(
    terminal: Terminal, server: ServerProcess, house: House, number: signal.Signals
) -> None:
    """Within half a second the terminal is as it was, and the slot is anybody's."""
    terminal.wait_for(b"LIVE")
    terminal.press(f"g{house.day}\r".encode())
    terminal.wait_for(f"{house.day:%a %d %b %Y}".encode())
    terminal.wait_for(b"+ 30m")
    terminal.shown = b""
    terminal.press(b"\x1b[Hj")
    terminal.wait_for(b"FREE")
    terminal.press(b"\r")
    terminal.wait_for(b"Held for you")
    assert terminal.ends_by(number) < 0.5 * SHARED_MACHINE
    assert RESTORED in terminal.shown
    async with Client(server.url, house.tokens[Role.FRONT_DESK], clinic_id=house.clinic.id) as desk:
        lanes = (await desk.calendar_day(house.day)).providers
    assert {slot.status for lane in lanes for slot in lane.timeslots} == {"available"}
