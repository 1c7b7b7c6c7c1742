"""What a booking takes of its resources' time, and the group session that its seat belongs to."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

from deskcal.core.clinic import Service
from deskcal.core.slot import Busy
from deskcal.core.span import Span

GROUP = 1 << 62
"""The bit that the keys of group sessions have, and no other."""


def session_key(provider_id: UUID, service_id: UUID, start: datetime) -> int:
    """Name the group session that starts then: the same on every machine, above all that count up."""
    second = int(start.timestamp()).to_bytes(8, signed=True)
    return (
        int.from_bytes(blake2b(provider_id.bytes + service_id.bytes + second, digest_size=8).digest()) >> 1
        | GROUP
    )


def own_window(service: Service, span: Span) -> Span:
    """Give what a booking takes of its resources: the span with the service's buffers."""
    return span.padded(before=service.buffer_before_minutes, after=service.buffer_after_minutes)


def has_begun(span: Span, now: datetime) -> bool:
    """Tell whether it is too late to book the span; its very start is still in time."""
    return span.start < now


def in_force(rows: Iterable[Busy], now: datetime) -> tuple[Busy, ...]:
    """Leave out holds that have run out: whoever books over them lapses them."""
    return tuple(row for row in rows if row.expires_at is None or row.expires_at > now)
