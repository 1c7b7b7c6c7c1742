"""`deskcal log`: everything that happened in a clinic, as it was written down."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import typer

from deskcal.cli.options import options_of
from deskcal.cli.out import lines, print_json, table
from deskcal.cli.session import Session, with_clinic
from deskcal.cli.when import said
from deskcal.client.errors import Refused, Unreachable
from deskcal.wire.realtime import LogEntry

PAGE = 200
LOOK_SECONDS = 5
DATABASE_AWAY = "UNAVAILABLE"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """Which entries are meant; None leaves none out."""

    event_type: str | None
    aggregate_id: UUID | None
    actor_id: str | None


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
    aggregate: Annotated[
        UUID | None, typer.Option(help="Only of this thing: an appointment, a hold, a provider, by its id.")
    ] = None,
    actor: Annotated[
        str | None, typer.Option(help="Only what they did: the id of a user, or system.")
    ] = None,
) -> None:
    """Print the clinic's log: ids and times, no names.

    With --follow and --json, one JSON value a line.
    """
    options = options_of(context)
    wanted = _Wanted(event_type=type_, aggregate_id=aggregate, actor_id=actor)
    if follow:
        with suppress(KeyboardInterrupt):
            with_clinic(context, lambda session: _follow(session, since, wanted))
        return

    async def read(session: Session) -> tuple[ZoneInfo, list[LogEntry]]:
        for one in await session.client.archived_log():
            if one.last_seq > (since or 0):
                options.say(f"{one.first_seq} to {one.last_seq} are archived in {one.file}")
        return session.zone, await _after(session, since or 0, wanted)

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


async def _follow(session: Session, since: int | None, wanted: _Wanted) -> None:
    """Take the feed as the bell, and read the log when it rings; and now and then, for what no channel tells.

    What happens while the server is away is read once it is back.
    """
    from deskcal.client.feed import follow
    from deskcal.client.told import Live, Lost

    client, clinic = session.client, session.clinic
    channels = [f"clinic:{clinic.id}"]
    feed = follow(
        client.url, client.token, channels, clinic_id=clinic.id, since=since, fresh_token=client.fresh_token
    )
    seen, coming = since, asyncio.ensure_future(anext(feed))
    while True:
        rung, _ = await asyncio.wait({coming}, timeout=LOOK_SECONDS)
        told = coming.result() if rung else None
        if rung:
            coming = asyncio.ensure_future(anext(feed))
        if isinstance(told, Lost):
            session.options.say(f"The server is away ({told.why}); trying again.")
        elif isinstance(told, Live):
            seen = told.seq if seen is None else seen
            session.options.say(f"Following the log of {clinic.name} after {seen}. Ctrl-C stops.")
            seen = await _print_after(session, seen, wanted)
        elif seen is not None and (told is None or told.seq > seen):
            seen = max(await _print_after(session, seen, wanted), told.seq if told else 0)


async def _print_after(session: Session, seen: int, wanted: _Wanted) -> int:
    """Print what there is, and give the number up to which that was read."""
    columns = _columns(session.zone)
    try:
        entries = await _after(session, seen, wanted)
    except Unreachable:
        return seen
    except Refused as refused:
        if refused.problem.error != DATABASE_AWAY:
            raise
        return seen
    for entry in entries:
        if session.options.json:
            print_json(entry)
        else:
            lines([[str(read(entry)) for read in columns.values()]])
    return entries[-1].seq if entries else seen


async def _after(session: Session, seq: int, wanted: _Wanted) -> list[LogEntry]:
    found: list[LogEntry] = []
    while len(found) % PAGE == 0:
        page = await session.client.log(
            since=found[-1].seq if found else seq,
            limit=PAGE,
            event_type=wanted.event_type,
            aggregate_id=wanted.aggregate_id,
            actor_id=wanted.actor_id,
        )
        if not page:
            break
        found += page
    return found
