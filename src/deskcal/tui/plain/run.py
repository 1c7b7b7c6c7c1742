"""Running the desk in lines: from standard input to standard output, until it is quit."""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from deskcal.client.errors import Refused, Rejected
from deskcal.client.told import Live, Told
from deskcal.tui.desk import Desk
from deskcal.tui.link import NoClinic
from deskcal.tui.look import USUAL, Look
from deskcal.tui.memory.file import NotKept
from deskcal.tui.memory.memory import Memory
from deskcal.tui.memory.replay import Replay
from deskcal.tui.plain.commands import SPELLS
from deskcal.tui.plain.face import Face
from deskcal.tui.terminal import on_signals

USAGE, NOT_ALLOWED = 2, 5
FIRST_WORD, LAST_WORD = 10.0, 0.5
CHUNK = 4096


def run(
    *,
    url: str,
    token: str,
    clinic_id: UUID | None,
    desk_name: str,
    folder: Path,
    look: Look = USUAL,
    fresh_token: Callable[[str], Awaitable[str]] | None = None,
) -> None:
    """Talk until `quit`, the end of the input, or a signal. Raises SystemExit as the drawn desk does."""
    from deskcal.tui.dial import dial

    memory = Memory(folder, url=url, clinic_id=clinic_id)
    desk = Desk(
        partial(dial, url, token, clinic_id, fresh_token=fresh_token),
        name=desk_name,
        now=partial(datetime.now, UTC),
        memory=memory,
    )
    for words in filter(None, (*look.problems, memory.words)):
        desk.say(words, alarm=True)
    if code := asyncio.run(talk(desk)):
        raise SystemExit(code)


async def talk(desk: Desk) -> int:
    """Give the exit code."""
    face = Face(desk=desk, say=lambda words: print(words, flush=True), spells=SPELLS)  # noqa: T201  its face
    heard = asyncio.Event()
    following = asyncio.create_task(_follow(face, heard))
    talking = asyncio.create_task(_talk(face, heard))
    on_signals(talking.cancel)
    with suppress(NotImplementedError):
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, talking.cancel)
    try:
        await asyncio.wait({talking, following}, return_when=asyncio.FIRST_COMPLETED)
        return following.result() if following.done() else 0
    finally:
        talking.cancel()
        following.cancel()
        with suppress(TimeoutError):
            await asyncio.wait_for(face.release(), LAST_WORD)
        await desk.close()


async def _follow(face: Face, heard: asyncio.Event) -> int:
    """Follow the feed for ever; an exit code where it will never do."""

    def told(told: Told) -> None:
        face.told(told)
        heard.set()
        if isinstance(told, Live):
            sending.add(asyncio.create_task(_send_queue(face)))

    sending: set[asyncio.Task[None]] = set()
    try:
        await face.desk.listen(told)
    except NoClinic as error:
        face.say(str(error))
        return USAGE
    except (Refused, Rejected) as error:
        face.say(str(error))
        return NOT_ALLOWED
    return 0


async def _send_queue(face: Face) -> None:
    with suppress(NotKept):
        outcome = await Replay(face.desk, lambda: None).run()
        if outcome.ended:
            face.tell(f"From the queue: {outcome}.")


async def _talk(face: Face, heard: asyncio.Event) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(heard.wait(), FIRST_WORD)
    asking = sys.stdin.isatty()
    for message in face.desk.said.messages:
        face.say(message.words)
    lines = _lines()
    if asking:
        face.say("deskcal in lines. help lists the commands, quit ends.")
    while not face.is_over:
        face.before_prompt()
        if asking:
            print("> ", end="", flush=True)  # noqa: T201  its face
        if (line := await lines.get()) is None:
            return
        await face.take(line)


def _lines() -> "asyncio.Queue[str | None]":
    """Read lines in a thread, None at the end. From the descriptor: a lock on sys.stdin would outlive us."""
    loop, lines = asyncio.get_running_loop(), asyncio.Queue[str | None]()

    def read() -> None:
        rest = b""
        with suppress(RuntimeError):
            while more := os.read(sys.stdin.fileno(), CHUNK):
                *whole, rest = (rest + more).split(b"\n")
                for line in whole:
                    loop.call_soon_threadsafe(lines.put_nowait, line.decode(errors="replace"))
            if rest:
                loop.call_soon_threadsafe(lines.put_nowait, rest.decode(errors="replace"))
            loop.call_soon_threadsafe(lines.put_nowait, None)

    threading.Thread(target=read, daemon=True).start()
    return lines
