"""Busy times from another calendar become windows of a provider; the same event again takes their place."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from uuid import UUID

import uuid_utils.compat as uuid

from deskcal.core.access import INSTALLATION
from deskcal.core.booking import Appointment
from deskcal.core.busy_times import Range, busy_times
from deskcal.core.clash import left_out
from deskcal.core.foreign_calendar import ForeignEvent, Unreadable, read
from deskcal.core.refusals import Invalid
from deskcal.core.span import Span
from deskcal.core.window import Window
from deskcal.flows.asking import Asking
from deskcal.flows.windows import LOOK_AHEAD, hours_of, resource_of
from deskcal.store import appointments, locks, schedule_windows
from deskcal.store.database import Database, WriteTx

Verdict = Literal["imported", "changed", "unchanged", "removed", "skipped", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A calendar and how it is wanted: `replaces` what it does not have any more, with its titles or without.

    Without dates it is from today on, until the end of next year.
    """

    text: str
    first: date | None = None
    last: date | None = None
    replaces: bool = False
    keep_titles: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What came of an event, why if nothing did, and its windows; `line` is None if the file has it not."""

    uid: str | None
    line: int | None
    verdict: Verdict
    why: str | None = None
    windows: tuple[Window, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What came of each event, and the coming appointments that clash now; they stand."""

    events: Sequence[Judged]
    appointments: Sequence[Appointment]


async def import_calendar(
    database: Database, asking: Asking[Imported], provider_id: UUID, source: Source, *, dry_run: bool
) -> Imported:
    """Write the busy times of a calendar. Raises Invalid for what is no calendar."""
    async with database.read(asking.clinic_id) as tx:
        zone = (await resource_of(tx, "provider", provider_id)).zone
    first = source.first or asking.now.astimezone(zone).date()
    last = source.last or date(first.year + 1, 12, 31)
    if last < first:
        raise Invalid(("until", "the last date is before the first"))
    within = Range(zone=zone, first=first, last=last, exact=bool(source.first or source.last))
    # A long calendar takes a second to read, in which others want to be answered.
    wanted = await asyncio.to_thread(_wanted, source, within)

    async def work(tx: WriteTx) -> Imported:
        await locks.wait_for(tx, [f"calendar {provider_id}"])
        stored = await _stored(tx, provider_id)
        uids = {one.uid for one in wanted}
        gone = [uid for uid in stored if uid not in uids] if source.replaces else []
        missing = [
            Judged(uid=uid, line=None, verdict="removed", why="the file does not have it any more")
            for uid in gone
        ]
        events = [
            await _written(tx, provider_id, one, stored.get(one.uid or "", ()), within)
            for one in (*wanted, *missing)
        ]
        fresh = [one for event in events if event.verdict in {"imported", "changed"} for one in event.windows]
        if fresh or any(event.verdict == "removed" for event in events):
            tx.say(asking.event("provider.calendar_imported", provider_id))
        clashes = await _clashes(tx, asking, provider_id, fresh) if fresh else []
        if dry_run:
            await tx.restart()
        return Imported(events=events, appointments=clashes)

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


def _wanted(source: Source, within: Range) -> list[Judged]:
    return [_judged(one, within, keep_title=source.keep_titles) for one in read(source.text)]


def _judged(event: ForeignEvent | Unreadable, within: Range, *, keep_title: bool) -> Judged:
    """Say what is wanted of an event, whatever is there already."""
    if isinstance(event, Unreadable):
        return Judged(uid=event.uid, line=event.line, verdict="refused", why=event.why)
    try:
        found = busy_times(event, within, keep_title=keep_title)
    except Invalid as wrong:
        return Judged(uid=event.uid, line=event.line, verdict="refused", why=wrong.fields[0][1])
    if isinstance(found, str):
        return Judged(uid=event.uid, line=event.line, verdict="skipped", why=found)
    return Judged(uid=event.uid, line=event.line, verdict="imported", windows=found)


async def _stored(tx: WriteTx, provider_id: UUID) -> dict[str, list[Window]]:
    """Read the windows that events of calendars have, by UID."""
    found: dict[str, list[Window]] = {}
    for window in (await schedule_windows.of(tx, [provider_id])).get(provider_id, ()):
        if window.source_uid is not None:
            found.setdefault(window.source_uid, []).append(window)
    return found


async def _written(
    tx: WriteTx, provider_id: UUID, event: Judged, stored: Sequence[Window], within: Range
) -> Judged:
    """Let an event have these windows instead of those that it has; what is over stays as it was."""
    if event.verdict == "refused":
        return event
    before = {replace(one, id=INSTALLATION): one.id for one in stored if within.has(one)}
    after = set(event.windows)
    for window_id in [id_ for one, id_ in before.items() if one not in after]:
        await schedule_windows.remove(tx, window_id)
    for window in after - before.keys():
        await schedule_windows.add(tx, "provider", provider_id, replace(window, id=uuid.uuid7()))
    if before.keys() == after:
        return replace(event, verdict="unchanged") if after else event
    if not after:
        return replace(event, verdict="removed")
    return replace(event, verdict="changed" if before else "imported")


async def _clashes(
    tx: WriteTx, asking: Asking[Imported], provider_id: UUID, fresh: Sequence[Window]
) -> list[Appointment]:
    now_open = await hours_of(tx, await resource_of(tx, "provider", provider_id))
    ahead = Span(start=asking.now, end=asking.now + LOOK_AHEAD)
    coming = await appointments.taking_any(tx, ahead, resource_ids=[provider_id])
    return [made for made in coming if any(left_out(window, now_open, made.span) for window in fresh)]
