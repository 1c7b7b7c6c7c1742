"""Why availability is as it is: what each step of a look reads, what it takes away, and how long it needs."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeAlias
from uuid import UUID

from deskcal.core import bitmap
from deskcal.core.clinic import Provider, Service
from deskcal.core.hours import hours_of, open_bits
from deskcal.core.rule import Rule
from deskcal.core.ruling import rules_for
from deskcal.core.span import Span
from deskcal.core.starts import Starts
from deskcal.core.survey import Survey, absences
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board, View
from deskcal.store import log, occupancy

Source: TypeAlias = Literal["memory", "database"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: what it read and from where, how many slots it took away, and how many it left."""

    name: str
    source: Source
    read: str
    removed: int
    left: int
    micros: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """How a provider's free slots for a service come about, and the plan of each statement by its name."""

    provider: Provider
    service: Service
    window: Span
    view: View
    steps: Sequence[Step]
    plans: Mapping[str, Sequence[str]]


async def explain(
    board: Board, asking: Asking[None], *, provider_id: UUID, service_id: UUID, window: Span
) -> Explained:
    """Look at a provider's slots step by step. Raises NotFound without such a provider or service."""
    source: Source = "memory" if board.remembers(asking.clinic_id, window) else "database"
    begun = time.perf_counter_ns()
    view = await board.view(asking.clinic_id, window, asking.now)
    micros = _micros_since(begun)
    provider, service = view.catalog.provider(provider_id), view.catalog.service(service_id)
    starts = view.catalog.survey(service, window, view, view.now).of(provider)
    days = f"{len(view.pages)} UTC days as of seq {view.seq}, catalogue {view.catalog.version}"
    offered = starts.offered.bit_count()
    first = Step(name="board", source=source, read=days, removed=0, left=offered, micros=micros)
    async with board.database.read(asking.clinic_id) as tx:
        around = Span(start=view.pages[0].span.start, end=view.pages[-1].span.end)
        plans = {
            "what is taken on these days": await occupancy.explain_taken(tx, around),
            f"what the log tells after {view.seq}": await log.explain_since(tx, view.seq),
        }
    return Explained(
        provider=provider,
        service=service,
        window=window,
        view=view,
        steps=[first, *_steps(view, starts)],
        plans=plans,
    )


def _steps(view: View, starts: Starts) -> Iterator[Step]:
    """Take away one mask after the other, reading anew what each is made of."""
    left = starts.offered
    for name, fine, read in _looks(view, starts):
        begun = time.perf_counter_ns()
        said = read()
        micros = _micros_since(begun)
        removed, left = left & ~fine, left & fine
        yield Step(
            name=name,
            source="memory",
            read=said,
            removed=removed.bit_count(),
            left=left.bit_count(),
            micros=micros,
        )


def _looks(view: View, starts: Starts) -> Iterator[tuple[str, int, Callable[[], str]]]:
    """Give each step with its mask, and what reads it and says so."""
    provider, service = starts.provider, starts.service
    survey = view.catalog.survey(service, starts.window, view, view.now)
    whole, against = bitmap.full(starts.window), dict(starts.refused)
    yield "hours", starts.offered, partial(_hours, survey, provider)
    yield "now", starts.coming, lambda: f"{view.now:%Y-%m-%d %H:%M} UTC"
    yield "bookings", starts.unbooked, lambda: _minutes(view.booked(provider.id, survey.reach), "booked")
    yield "holds", starts.unheld, partial(_holds, survey, provider)
    yield "rooms", starts.roomy, partial(_rooms, survey, starts)
    yield "equipment", starts.equipped, partial(_equipment, survey, starts)
    for rule in rules_for(provider, service):
        yield f"rule {rule.type}", whole & ~against.get(rule, 0), partial(_rule, survey, provider, rule)


def _hours(survey: Survey, provider: Provider) -> str:
    missing = "; ".join(message for message, _ in absences(provider, survey.service))
    slots = survey.offered(provider).bit_count()
    return missing or f"{slots} slots in {_minutes(open_bits(hours_of(provider), survey.window), 'open')}"


def _holds(survey: Survey, provider: Provider) -> str:
    holds = bitmap.union((row.span for row in survey.sight.rows(provider.id) if row.hold_id), survey.reach)
    return _minutes(holds, "held")


def _rooms(survey: Survey, starts: Starts) -> str:
    if starts.fits.needs.room_types is None:
        return "none needed"
    free = (f"{room.name} free for {survey.room_clear(room).bit_count()}" for room in starts.fits.rooms)
    return _starts(free)


def _equipment(survey: Survey, starts: Starts) -> str:
    if not starts.fits.units:
        return "none needed"
    free = (
        f"{pool.name} {unit.number} free for {survey.unit_clear(pool, unit).bit_count()}"
        for units in starts.fits.units.values()
        for pool, unit in units
    )
    return _starts(free)


def _rule(survey: Survey, provider: Provider, rule: Rule) -> str:
    case = survey.case(provider, rule)
    refused = _minutes(rule.refused(case), "refused")
    return f"{refused}, {len(case.visits)} bookings counted" if rule.counts else refused


def _minutes(mask: int, what: str) -> str:
    return f"{mask.bit_count()} {what} minutes"


def _starts(free: Iterable[str]) -> str:
    return f"{listed} starts" if (listed := ", ".join(free)) else "there is none"


def _micros_since(begun: int) -> int:
    return (time.perf_counter_ns() - begun) // 1000
