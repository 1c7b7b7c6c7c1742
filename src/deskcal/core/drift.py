"""Where those who say what is taken do not say the same, minute by minute."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import product
from typing import Literal, TypeAlias
from uuid import UUID

from deskcal.core import bitmap
from deskcal.core.span import Span

Source: TypeAlias = Literal["log", "occupancy", "live"]
Layers: TypeAlias = Mapping[str, int]
"""What is said of a resource, such as `booked`, each with the minutes of which it is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What one source says of each resource in a window; it can tell of the minutes `known` only.

    It tells nothing of the layers to which it is `blind`, nor of resources besides `only`, if that is given.
    """

    layers: Mapping[UUID, Layers]
    known: int
    blind: AbstractSet[str] = frozenset()
    only: AbstractSet[UUID] | None = None

    def knows(self, resource_id: UUID, layer: str) -> bool:
        return layer not in self.blind and (self.only is None or resource_id in self.only)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """Minutes of which some sources say `what`, and others, who would know, do not."""

    resource_id: UUID | None
    """None for the day as a whole."""
    what: str
    span: Span
    said_by: tuple[Source, ...]
    not_by: tuple[Source, ...]


def drifts(window: Span, accounts: Mapping[Source, Account]) -> Iterator[Drift]:
    """Compare what the sources say, resource by resource and layer by layer."""
    resources = {id_ for account in accounts.values() for id_ in account.layers}
    for id_ in sorted(resources):
        layers = {name for account in accounts.values() for name in account.layers.get(id_, ())}
        for layer in sorted(layers):
            knowing = {name: one for name, one in accounts.items() if one.knows(id_, layer)}
            masks = {name: one.layers.get(id_, {}).get(layer, 0) for name, one in knowing.items()}
            if len(set(masks.values())) > 1:
                yield from _of_layer(id_, layer, window, knowing, masks)


def _of_layer(
    resource_id: UUID,
    layer: str,
    window: Span,
    knowing: Mapping[Source, Account],
    masks: Mapping[Source, int],
) -> Iterator[Drift]:
    """Sort the minutes by who says it, who does not, and who cannot tell."""
    for answers in product((True, False, None), repeat=len(knowing)):
        if not {True, False} <= set(answers):
            continue
        minutes = bitmap.full(window)
        for (name, account), answer in zip(knowing.items(), answers, strict=True):
            minutes &= ~account.known if answer is None else account.known
            minutes &= masks[name] if answer else -1 if answer is None else ~masks[name]
        for span in bitmap.spans(minutes, window):
            yield Drift(
                resource_id=resource_id,
                what=layer,
                span=span,
                said_by=tuple(name for name, one in zip(knowing, answers, strict=True) if one is True),
                not_by=tuple(name for name, one in zip(knowing, answers, strict=True) if one is False),
            )
