"""What the desk remembers between two starts, and that it forgets all of it."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from deskcal.tui.memory.drafts import Draft, Person
from deskcal.tui.memory.file import NAME, NotKept, alone, remembering, wipe
from deskcal.tui.memory.intents import Asked, Book, Intent, State
from deskcal.tui.memory.memory import Memory
from deskcal.tui.memory.views import MOST
from deskcal.wire.calendar import CalendarDay, Timeslot
from tui.played_clinic import PlayedClinic

HERE = "http://here"


@pytest.fixture
def memory(tmp_path: Path, clinic: PlayedClinic) -> Memory:
    opened = Memory(tmp_path, url=HERE)
    opened.serves(clinic.clinic.id)
    return opened


@pytest.fixture
def day(clinic: PlayedClinic) -> CalendarDay:
    return asyncio.run(clinic.calendar_day(clinic.clock.now.date()))


def deed(clinic: PlayedClinic, name: str = "Novak, Eva") -> Book:
    return Book(patient=Person(id=uuid4(), name=name), slot=a_slot(clinic), reason="")


def a_slot(clinic: PlayedClinic) -> Timeslot:
    return clinic._timeslot(0, clinic._services[0], clinic.at(11))  # noqa: SLF001  a slot as the server gives it


def draft(clinic: PlayedClinic, typed: str) -> Draft:
    return Draft(
        id=uuid4(), saved_at=clinic.clock.now, slot=a_slot(clinic), patient=None, typed=typed, reason=""
    )


def test_next_start_finds_the_view(
    memory: Memory, clinic: PlayedClinic, day: CalendarDay, tmp_path: Path
) -> None:
    """A desk that starts without being told its clinic finds the last one, and the day as it was."""
    memory.views.keep("day", "2025-11-24", day, clinic.clock.now)
    asyncio.run(memory.views.flush())
    memory.close()
    again = Memory(tmp_path, url=f"{HERE}/")
    assert again.views.read("day", "2025-11-24", CalendarDay) == day
    again.close()


def test_servers_and_clinics_never_mix(
    memory: Memory, clinic: PlayedClinic, day: CalendarDay, tmp_path: Path
) -> None:
    """Another server, or another clinic of the same, remembers nothing of this one."""
    memory.views.keep("day", "x", day, clinic.clock.now)
    memory.intents.add(deed(clinic), by="Desk 2", now=clinic.clock.now)
    memory.drafts.save(draft(clinic, "lop"))
    memory.close()
    for other in (
        Memory(tmp_path, url="http://there", clinic_id=clinic.clinic.id),
        Memory(tmp_path, url=HERE, clinic_id=uuid4()),
    ):
        assert other.views.every("day", CalendarDay) == []
        assert other.drafts.all() == []
        assert other.intents.all() == []
        other.close()


def test_bounded(memory: Memory, clinic: PlayedClinic, day: CalendarDay) -> None:
    """Only the newest views of a kind stay, and none is older than eight days."""
    now = clinic.clock.now
    memory.views.keep("day", "old", day, now - timedelta(days=9))
    memory.views.flush_now()
    for n in range(MOST + 5):
        memory.views.keep("day", str(n), day, now + timedelta(seconds=n))
    asyncio.run(memory.views.flush())
    assert len(memory.views.every("day", CalendarDay)) == MOST
    assert memory.views.read("day", "old", CalendarDay) is None
    assert memory.views.read("day", "4", CalendarDay) is None
    assert memory.views.read("day", "5", CalendarDay) is not None
    memory.close()


def test_only_what_was_shown(memory: Memory, clinic: PlayedClinic, day: CalendarDay, tmp_path: Path) -> None:
    """The file holds the view that was shown, the draft and the deed; besides them only which clinic."""
    memory.views.keep("day", "x", day, clinic.clock.now)
    memory.views.flush_now()
    memory.drafts.save(draft(clinic, "lop"))
    memory.intents.add(deed(clinic), by="Desk 2", now=clinic.clock.now)
    memory.close()
    with sqlite3.connect(tmp_path / NAME) as file:
        tables = [name for [name] in file.execute("select name from sqlite_schema where type = 'table'")]
        rows = {table: len(file.execute(f"select * from {table}").fetchall()) for table in tables}  # noqa: S608
    file.close()
    assert rows == {"views": 1, "drafts": 1, "intents": 1, "settings": 1}


def test_wipe_leaves_nothing(memory: Memory, clinic: PlayedClinic, day: CalendarDay, tmp_path: Path) -> None:
    """After a wipe no file of the folder speaks of a patient, though a desk had it open and one lay aside."""
    (tmp_path / f"{NAME}.unread").write_text("Novak")
    memory.views.keep("day", "x", day, clinic.clock.now)
    memory.views.flush_now()
    memory.drafts.save(draft(clinic, "Novak"))
    with alone(tmp_path):
        assert any(b"Novak" in path.read_bytes() for path in tmp_path.iterdir())
        assert wipe(tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert not wipe(tmp_path)
    memory.close()
    assert list(tmp_path.iterdir()) == []


def test_discarded_text_is_gone_from_the_file(memory: Memory, clinic: PlayedClinic, tmp_path: Path) -> None:
    """What was discarded does not linger in the file's free pages."""
    parked = draft(clinic, "secret words")
    memory.drafts.save(parked)
    memory.drafts.discard(parked.id)
    memory.close()
    assert all(b"secret words" not in path.read_bytes() for path in tmp_path.iterdir())


def test_only_the_owner_reads(memory: Memory, clinic: PlayedClinic, tmp_path: Path) -> None:
    """The file and those that SQLite lays beside it are for this user alone."""
    memory.drafts.save(draft(clinic, "lop"))
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
    assert len(list(tmp_path.iterdir())) == 3
    memory.close()


@pytest.mark.parametrize(
    "broken", [b"", b"not a database at all" * 400, None], ids=["empty", "broken", "newer"]
)
def test_unreadable_is_set_aside(tmp_path: Path, clinic: PlayedClinic, broken: bytes | None) -> None:
    """A file that cannot be read is set aside with a message, and the desk remembers anew."""
    path = tmp_path / NAME
    if broken is None:
        with sqlite3.connect(path) as newer:
            newer.execute("pragma user_version = 99")
        newer.close()
    else:
        path.write_bytes(broken)
    memory = Memory(tmp_path, url=HERE, clinic_id=clinic.clinic.id)
    memory.drafts.save(draft(clinic, "lop"))
    memory.close()
    assert bool(memory.words) == (broken != b"")
    assert (tmp_path / f"{NAME}.unread").exists() == bool(memory.words)


def test_no_folder_to_write(tmp_path: Path, clinic: PlayedClinic) -> None:
    """Where no file can be, the desk works, remembers until it ends, and says so."""
    (tmp_path / "taken").write_text("a file where the folder should be")
    memory = Memory(tmp_path / "taken", url=HERE, clinic_id=clinic.clinic.id)
    assert "Drafts last only until the desk ends" in memory.words
    memory.drafts.save(draft(clinic, "lop"))
    assert len(memory.drafts.all()) == 1
    memory.close()


def test_two_desks_share(memory: Memory, clinic: PlayedClinic, tmp_path: Path) -> None:
    """Two desks of one machine write at once; each sees the drafts and the queue of the other, all of it."""
    other = Memory(tmp_path, url=HERE, clinic_id=clinic.clinic.id)

    def write(desk: Memory) -> None:
        for n in range(50):
            desk.drafts.save(draft(clinic, str(n)))

    threads = [threading.Thread(target=write, args=(desk,)) for desk in (memory, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(memory.drafts.all()) == len(other.drafts.all()) == 100
    memory.close()
    other.close()


def test_locked_file_says_so(memory: Memory, clinic: PlayedClinic, tmp_path: Path) -> None:
    """A draft that could not be written is not said to be saved."""
    blocking, _ = remembering(tmp_path)
    blocking.execute("begin immediate")
    with pytest.raises(NotKept, match="could not be saved"):
        memory.drafts.save(draft(clinic, "lop"))
    blocking.close()
    memory.close()


def test_queue_keeps_its_order(memory: Memory, clinic: PlayedClinic) -> None:
    """Deeds come back in the order they were made, and changing one moves none."""
    first, second = (memory.intents.add(deed(clinic), by="Desk 2", now=clinic.clock.now) for _ in range(2))
    ended = Intent(id=first.id, by="Desk 2", saved_at=first.saved_at, deed=first.deed, state=State.NEEDS_YOU)
    assert memory.intents.put(ended)
    assert [one.id for one in memory.intents.all()] == [first.id, second.id]
    assert (memory.intents.counts().waiting, memory.intents.counts().needs_you) == (1, 1)
    memory.close()


def test_discarded_wish_stays_gone(memory: Memory, clinic: PlayedClinic) -> None:
    """A deed that another desk discarded is not brought back; one being sent is not to be discarded."""
    one = memory.intents.add(deed(clinic), by="Desk 2", now=clinic.clock.now)
    assert memory.intents.discard(one.id)
    assert not memory.intents.put(one)
    assert memory.intents.all() == []
    two = memory.intents.add(deed(clinic), by="Desk 2", now=clinic.clock.now)
    memory.intents.put(
        Intent(id=two.id, by=two.by, saved_at=two.saved_at, deed=two.deed, state=State.SENDING)
    )
    assert not memory.intents.discard(two.id)
    memory.close()


def test_keys_of_steps(clinic: PlayedClinic) -> None:
    """Each step of each attempt has its key, the same in every process; what was asked keeps its own."""
    saved = datetime.fromisoformat("2025-11-24T14:41:07+00:00")
    intent = Intent(id=uuid4(), by="Desk 2", saved_at=saved, deed=deed(clinic))
    copy = Intent(id=intent.id, by="Desk 2", saved_at=saved, deed=intent.deed)
    keys = [one.key(step) for one in (intent, intent.again()) for step in ("reserve", "confirm")]
    assert len(set(keys)) == 4
    assert copy.key("reserve") == intent.key("reserve")
    asked = Intent(id=uuid4(), by="Desk 2", saved_at=saved, deed=intent.deed, asked=Asked(key="as before"))
    assert asked.key("confirm") == "as before"
    assert asked.again().key("confirm") != "as before"


def test_killed_sender_lets_go(tmp_path: Path) -> None:
    """Of the desks of a folder one sends; when it is killed, the next may."""
    script = (
        "import sys, time; from pathlib import Path; from deskcal.tui.memory.file import alone\n"
        "with alone(Path(sys.argv[1])) as ours: print(ours, flush=True); time.sleep(60)"
    )
    sender = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE)
    assert sender.stdout is not None
    assert sender.stdout.readline() == b"True\n"
    with alone(tmp_path) as ours:
        assert not ours
    os.kill(sender.pid, signal.SIGKILL)
    sender.wait()
    sender.stdout.close()
    with alone(tmp_path) as ours:
        assert ours
