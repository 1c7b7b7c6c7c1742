"""Series of appointments: booked in one transaction with a verdict on each, shown, and canceled together."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuid

from deskcal.core.access import Actor, Role
from deskcal.core.booking import Appointment
from deskcal.core.clinic import Provider, Service
from deskcal.core.lifecycle import WAITING
from deskcal.core.localtime import clock, to_instant
from deskcal.core.refusals import InvalidStatusChange, NonexistentTime, NotAllAvailable, NotFound, Refusal
from deskcal.core.ruling import locks_for
from deskcal.core.series import Series, read_series
from deskcal.core.together import Judged
from deskcal.core.verdict import Code, Reason
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board
from deskcal.flows.book import Order
from deskcal.flows.cancel import canceled
from deskcal.flows.changing import locked
from deskcal.flows.trying import amended_all, tried, with_alternatives
from deskcal.store import locks
from deskcal.store import series as kept
from deskcal.store.catalog import Catalog
from deskcal.store.database import Database, ReadTx, WriteTx


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A series to book: `first` is its first appointment, and `rule` says how that recurs.

    With `skip` what cannot be had is left out; else one that cannot be had is the end of all. A `dry_run`
    judges each and books none.
    """

    first: Order
    rule: str
    skip: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a wish: the appointments made, and a verdict on every occurrence."""

    series: Series
    booked: Sequence[Appointment]
    verdicts: Sequence[Judged]


async def book_series(board: Board, asking: Asking[Outcome], wish: Wish) -> Outcome:
    """Book all occurrences, or those that can be had. Raises NotAllAvailable with a verdict on each."""
    first = wish.first

    async def work(tx: WriteTx) -> Outcome:
        known = await board.catalog_within(tx)
        outcome = await _booked(tx, asking, known, wish)
        if not wish.dry_run:
            return outcome
        await tx.restart()
        verdicts = await with_alternatives(
            board,
            asking,
            tx,
            outcome.verdicts,
            provider_id=first.provider_id,
            service_id=first.service_id,
        )
        return replace(outcome, booked=(), verdicts=verdicts)

    async def amend(tx: ReadTx, refusal: Refusal) -> Refusal:
        return await amended_all(
            board, asking, tx, refusal, provider_id=first.provider_id, service_id=first.service_id
        )

    return await board.database.write(
        asking.clinic_id, work, claim=asking.claim, keep=asking.keep, amend=amend
    )


async def _booked(tx: WriteTx, asking: Asking[Any], known: Catalog, wish: Wish) -> Outcome:
    """Try each occurrence in order of time, so that rules that count see the earlier ones."""
    first = wish.first
    provider, service = known.provider(first.provider_id), known.service(first.service_id)
    local = first.start.astimezone(provider.zone).replace(tzinfo=None, fold=0)
    rule, starts = read_series(wish.rule, local, provider.zone)
    series = Series(
        id=uuid.uuid7(),
        patient_id=first.patient_id,
        provider_id=provider.id,
        service_id=service.id,
        room_id=first.room_id,
        rule=rule,
        start=local,
        timezone=provider.timezone,
        created_at=asking.now,
    )
    await _wait_for_all(tx, provider, service, starts)
    await kept.add(tx, series)
    tx.say(asking.event("series.created", series.id, **_facts(series)))
    made: list[Appointment] = []
    verdicts: list[Judged] = []
    for start in starts:
        try:
            at = first.start if start == local else to_instant(start, provider.zone)
        except NonexistentTime as skipped:
            verdicts.append(_nonexistent(start, provider, service, skipped))
            continue
        found = await tried(tx, asking, known, replace(first, start=at, series_id=series.id))
        if isinstance(found, Appointment):
            made.append(found)
        verdicts.append(
            Judged(
                start=at.astimezone(provider.zone),
                end=(at + timedelta(minutes=service.duration_minutes)).astimezone(provider.zone),
                reasons=() if isinstance(found, Appointment) else found,
            )
        )
    refused = len(verdicts) - len(made)
    if refused and not wish.dry_run and not (wish.skip and made):
        raise NotAllAvailable(verdicts=verdicts)
    return Outcome(series=series, booked=made, verdicts=verdicts)


async def _wait_for_all(
    tx: WriteTx, provider: Provider, service: Service, starts: Sequence[datetime]
) -> None:
    """Take the locks of every day at once: one after the other, two series could wait for each other."""
    names = {name for start in starts for name in locks_for(provider, service, start.date())}
    if names:
        await locks.wait_for(tx, sorted(names))


def _nonexistent(start: datetime, provider: Provider, service: Service, skipped: NonexistentTime) -> Judged:
    zone = provider.zone
    at = start.replace(tzinfo=zone)
    return Judged(
        start=at,
        end=at + timedelta(minutes=service.duration_minutes),
        reasons=(
            Reason(
                code=Code.NONEXISTENT_LOCAL_TIME,
                message=f"{start:%H:%M} on {start:%Y-%m-%d} does not exist in {zone.key}: clocks go forward",
                fix=f"the next valid time is {clock(skipped.next_valid, zone)}",
            ),
        ),
        next_valid=skipped.next_valid,
    )


async def find(database: Database, actor: Actor, series_id: UUID) -> tuple[Series, list[Appointment]]:
    """Look a series up with all its appointments. To a patient another's is not there."""
    async with database.read(actor.clinic_id) as tx:
        found = await _own(tx, actor, series_id)
        return found, await kept.appointments_of(tx, series_id)


async def cancel_rest(
    board: Board,
    asking: Asking[list[Appointment]],
    series_id: UUID,
    *,
    since: datetime | None,
    reason: str | None,
    waive_fee: bool = False,
) -> list[Appointment]:
    """Cancel what has not begun, from now or from a moment on, each at the fee of its own policy.

    Raises InvalidStatusChange when nothing is left.
    """

    def left(made: Appointment) -> bool:
        return (
            made.status in WAITING
            and made.span.start > asking.now
            and made.span.start >= (since or asking.now)
        )

    async def work(tx: WriteTx) -> list[Appointment]:
        series = await _own(tx, asking.actor, series_id)
        known = await board.catalog_within(tx)
        gone = []
        for one in filter(left, await kept.appointments_of(tx, series_id)):
            made = await locked(tx, asking, one.id, None)
            if left(made):
                gone.append(await canceled(tx, asking, known, made, reason=reason, waive_fee=waive_fee))
        if not gone:
            raise InvalidStatusChange("Nothing of this series is left to cancel from then on.")
        tx.say(asking.event("series.canceled", series_id, **_facts(series)))
        return gone

    return await board.database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def _own(tx: ReadTx, actor: Actor, series_id: UUID) -> Series:
    found = await kept.find(tx, series_id)
    if found is None or (actor.role is Role.PATIENT and found.patient_id != actor.patient_id):
        raise NotFound("There is no such series.")
    return found


def _facts(series: Series) -> dict[str, object]:
    return {
        "patientId": series.patient_id,
        "providerId": series.provider_id,
        "serviceId": series.service_id,
        "roomId": series.room_id,
    }
