"""Narrowing a list by words: what the server can look for, and what is looked for among what was loaded."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from deskcal.core.words import folded, search_words
from deskcal.tui.appointments.statuses import WORDS, status_words
from deskcal.tui.filters import Filter, Names, understand
from deskcal.wire.booking import Appointment, AppointmentStatus

HYPHENED = re.compile(r"\b(?:b-(?=\d)|(?<=no)-(?=show))", re.IGNORECASE)
"""What search would take apart: the start of a reference, and no-show."""

REFERENCE = re.compile(r"\d{5,}")
FEWEST_LETTERS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """`words` are looked for in what was loaded, the rest is asked of the server; `asked` says it."""

    provider_id: UUID | None = None
    service_id: UUID | None = None
    patient_id: UUID | None = None
    statuses: frozenset[str] = frozenset()
    reference: str | None = None
    words: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()

    def fits(self, one: Appointment, now: datetime) -> bool:
        """Tell whether an appointment is among what is meant."""
        names = f"{one.patient_name} {one.provider_name} {one.service_title}"
        read = folded(f"{names} {one.reference} {status_words(one, now)}")
        return (
            self.provider_id in {None, one.provider_id}
            and self.service_id in {None, one.service_id}
            and self.patient_id in {None, one.patient_id}
            and (not self.statuses or one.status in self.statuses)
            and (self.reference is None or one.reference.endswith(self.reference))
            and all(word in read for word in self.words)
        )


def narrowed_by(
    text: str, chosen: Filter, *, services: Names, providers: Names, patients: Collection[str]
) -> Narrowed:
    """Read words. One that is part of a patient's name there is never taken for a provider or a service."""
    provider_id, service_id, reference = chosen.provider_id, chosen.service_id, None
    statuses, here, asked = set[AppointmentStatus](), list[str](), list[str]()
    names = [folded(name) for name in patients]
    for word in search_words(HYPHENED.sub("", text)):
        meant = understand(word, services, providers)
        if REFERENCE.fullmatch(word):
            reference = word
            asked.append(f"B-{word}")
        elif found := _statuses(word):
            statuses |= found
            asked.append(next(words for status, words in WORDS.items() if status in found))
        elif meant.filter and not any(word in name for name in names):
            provider_id = meant.filter.provider_id or provider_id
            service_id = meant.filter.service_id or service_id
            known = providers.get(meant.filter.provider_id) if meant.filter.provider_id else None
            asked.append(known or services[meant.filter.service_id])  # type: ignore[index]
        else:
            here.append(word)
    return Narrowed(
        provider_id=provider_id,
        service_id=service_id,
        statuses=frozenset(statuses),
        reference=reference,
        words=tuple(here),
        asked=tuple(asked),
    )


def narrowed_words(narrowed: Narrowed, loaded: int) -> str:
    """Say what the server was asked for, and what is only looked for among what was loaded."""
    asked = f"only {', '.join(narrowed.asked)}" if narrowed.asked else ""
    here = f'"{" ".join(narrowed.words)}" among these {loaded}' if narrowed.words else ""
    return "   ".join(filter(None, (asked, here)))


def _statuses(word: str) -> set[AppointmentStatus]:
    if len(word) < FEWEST_LETTERS:
        return set()
    return {status for status, words in WORDS.items() if folded(words).replace(" ", "").startswith(word)}
