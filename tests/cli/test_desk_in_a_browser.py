"""`deskcal tui --web`: a page on this machine, and a desk behind each tab of it."""

import json
import subprocess
import time
from collections.abc import Iterator

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from cli.typed import COMMAND, Deskcal
from deskcal.cli.exits import Exit

TAB = "ws?width=120&height=36"


@pytest.fixture
def page(here: dict[str, str]) -> Iterator[str]:
    """Serve desks, and give the address that is printed."""
    with subprocess.Popen(
        [*COMMAND, "tui", "--web", "--port", "0"], env=here, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield process.stdout.readline().removeprefix("deskcal desk on ").strip()
        process.terminate()
        assert process.wait(20) == 0


def read_until(tab: ClientConnection, words: bytes) -> bytes:
    shown = b""
    while words not in shown:
        more = tab.recv(timeout=30)
        shown += more if isinstance(more, bytes) else b""
    return shown


def holds(deskcal: Deskcal, what: str) -> int:
    """Count what became of holds in the demo's log."""
    return len(deskcal("log", "--type", f"hold.{what}").rows)


def test_a_desk_in_each_tab(page: str) -> None:
    """The page answers without asking anybody else, and each tab starts a desk with a name of its own."""
    text = httpx.get(page).text
    assert "<title>deskcal</title>" in text
    assert text.count("http") == text.count(page)
    address = f"{page.replace('http', 'ws')}/{TAB}"
    with connect(address, origin=Origin(page)) as first, connect(address, origin=Origin(page)) as second:
        shown = read_until(first, b"LIVE"), read_until(second, b"LIVE")
        assert all(b"Riverside" in one for one in shown)
        running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
        desks = [line for line in running.splitlines() if "-m deskcal tui" in line]
        assert len(desks) > 2
        assert not [line for line in desks if "dk_" in line]


def test_a_closed_tab_gives_back_what_it_held(page: str, deskcal: Deskcal) -> None:
    """A tab takes keys like a terminal; closing it releases its hold, though nobody was asked."""
    with connect(f"{page.replace('http', 'ws')}/{TAB}", origin=Origin(page)) as tab:
        read_until(tab, b"LIVE")
        for keys, shows in (("n", b"Services:"), ("\r", b"Choosing one HOLDS it"), ("1", b"Held for you")):
            tab.send(json.dumps(["stdin", keys]))
            read_until(tab, shows)
    ends = time.monotonic() + 20
    while holds(deskcal, "placed") > holds(deskcal, "released"):
        assert time.monotonic() < ends


def test_no_other_page_gets_a_desk(page: str) -> None:
    """A page from elsewhere that is open in the same browser is refused."""
    for stranger in (Origin("https://elsewhere.example"), None):
        with pytest.raises(InvalidStatus) as refused:
            connect(f"{page.replace('http', 'ws')}/{TAB}", origin=stranger)
        assert refused.value.response.status_code == 403


def test_it_stays_on_this_machine(deskcal: Deskcal) -> None:
    """Other machines get no desk, as it has no login, unless a proxy is named that has one."""
    said = deskcal("tui", "--web", "--host", "192.0.2.1")
    assert said.code == Exit.USAGE
    assert "no login of its own" in said.words
    assert deskcal("tui", "--web", "--behind-proxy", "desk.example").code == Exit.USAGE
