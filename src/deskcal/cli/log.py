"""`deskcal log`: everything that happened in a clinic, as it was written down."""

from collections.abc import Callable
from contextlib import suppress
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
import typer

from deskcal.cli.options import options_of
from deskcal.cli.out import lines, print_json, table
from deskcal.cli.session import Session, with_clinic
from deskcal.cli.when import said
from deskcal.wire.realtime import LogEntry

PAGE = 200


def log(
    context: typer.Context,
    *,
    follow: Annotated[bool, typer.Option("--follow", help="Go on with what happens, until Ctrl-C.")] = False,
    since: Annotated[
        int | None, typer.Option(min=0, help="After this seq; else all, or with --follow what is new.")
    ] = None,
    type_: Annotated[
        str | None, typer.Option("--type", help="One type, or all of a kind: appointment.*")
    ] = None,
) -> None:
    """Print the clinic's log: ids and times, no names.

    With --follow and --json, one JSON value a line.
    """
    options = options_of(context)
    if follow:
        with suppress(KeyboardInterrupt):
            with_clinic(context, lambda session: _follow(session, since, type_))
        return

    async def read(session: Session) -> tuple[ZoneInfo, list[LogEntry]]:
        return session.zone, await _after(session, since or 0, type_)

    zone, entries = with_clinic(context, read)
    table(options, entries, _columns(zone), none="Nothing is in the log after that.")


def _columns(zone: ZoneInfo) -> dict[str, Callable[[LogEntry], object]]:
    return {
        "seq": lambda one: one.seq,
        "when": lambda one: said(one.occurred_at, zone),
        "what": lambda one: one.event_type,
        "of": lambda one: one.aggregate_id,
        "by": lambda one: one.actor.get("id"),
        "facts": lambda one: msgspec.json.encode(one.payload).decode(),
    }


async def _follow(session: Session, since: int | None, event_type: str | None) -> None:
    """Take the feed as the bell, and read the log whenever it rings."""
    from deskcal.client.feed import follow
    from deskcal.client.told import Lost

    client, clinic, columns = session.client, session.clinic, _columns(session.zone)
    seen: int | None = None
    feed = follow(client.url, client.token, [f"clinic:{clinic.id}"], clinic_id=clinic.id, since=since)
    async for told in feed:
        if isinstance(told, Lost):
            session.options.say(f"The server is away ({told.why}); trying again.")
            continue
        if seen is None:
            seen = told.seq
            session.options.say(f"Following the log of {clinic.name} after {seen}. Ctrl-C stops.")
        if told.seq > seen:
            for entry in await _after(session, seen, event_type):
                if session.options.json:
                    print_json(entry)
                else:
                    lines([[str(read(entry)) for read in columns.values()]])
                seen = entry.seq
            seen = max(seen, told.seq)


async def _after(session: Session, seq: int, event_type: str | None) -> list[LogEntry]:
    found: list[LogEntry] = []
    while len(found) % PAGE == 0:
        last = found[-1].seq if found else seq
        page = await session.client.log(since=last, limit=PAGE, event_type=event_type)
        if not page:
            break
        found += page
    return found
