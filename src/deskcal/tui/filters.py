"""Choosing a service and a provider by a few letters: `fu perez` is Follow-up with Dr Perez."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from deskcal.core.words import folded, search_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What the calendar is narrowed to; None stands for all. `mine` counts what the user booked only."""

    service_id: UUID | None = None
    provider_id: UUID | None = None
    mine: bool = False

    def __bool__(self) -> bool:
        return self.service_id is not None or self.provider_id is not None or self.mine


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What some words mean: a filter, or in `problem` why none; `is_ambiguous` when they mean several."""

    filter: Filter
    problem: str | None = None
    is_ambiguous: bool = False


Names = Mapping[UUID, str]


def understand(text: str, services: Names, providers: Names) -> Understood:
    """Read words as beginnings, or as initials, of services and providers. All of them must fit."""
    meant_services, meant_providers = set(services), set(providers)
    for word in search_words(text):
        by_service = {key for key in meant_services if _fits(word, services[key])}
        by_provider = {key for key in meant_providers if _fits(word, providers[key])}
        if not by_service and not by_provider:
            return Understood(filter=Filter(), problem=f'nothing here is called "{word}"')
        if by_service:
            meant_services = by_service
        else:
            meant_providers = by_provider
    if problem := _several(meant_services, services) or _several(meant_providers, providers):
        return Understood(filter=Filter(), problem=problem, is_ambiguous=True)
    return Understood(
        filter=Filter(
            service_id=_only(meant_services, services), provider_id=_only(meant_providers, providers)
        )
    )


def filter_words(chosen: Filter, services: Names, providers: Names) -> str:
    """Say a filter: `Follow-up, Dr Perez`."""
    parts = (
        services.get(chosen.service_id),  # type: ignore[arg-type]
        providers.get(chosen.provider_id),  # type: ignore[arg-type]
        "mine" if chosen.mine else "",
    )
    return ", ".join(filter(None, parts))


def _fits(word: str, name: str) -> bool:
    parts = folded(name).split()
    return any(part.startswith(word) for part in parts) or "".join(p[0] for p in parts).startswith(word)


def _several(meant: set[UUID], names: Names) -> str | None:
    if len(meant) in {1, len(names)}:
        return None
    return "which one? " + ", ".join(sorted(names[key] for key in meant))


def _only(meant: Iterable[UUID], names: Names) -> UUID | None:
    chosen = list(meant)
    return chosen[0] if len(chosen) == 1 and len(names) > 1 else None
