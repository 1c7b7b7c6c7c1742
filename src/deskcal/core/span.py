"""A half-open stretch of time: the only code that compares instants."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Span:
    """`[start, end)` in UTC. Raises ValueError when naive or not longer than nothing."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a span needs zone-aware instants")
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))
        if self.start >= self.end:
            raise ValueError(f"a span must end after it starts: {self.start} to {self.end}")

    @classmethod
    def of_minutes(cls, start: datetime, minutes: int) -> "Span":
        """Make the span that starts there and lasts that many elapsed minutes."""
        return cls(start=start, end=start.astimezone(UTC) + timedelta(minutes=minutes))

    @property
    def minutes(self) -> int:
        """Whole elapsed minutes, whatever clocks on the wall did meanwhile."""
        return int((self.end - self.start) // timedelta(minutes=1))

    def overlaps(self, other: "Span") -> bool:
        """Share at least an instant; touching ends do not overlap."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: "Span") -> bool:
        """Hold the other span whole."""
        return self.start <= other.start and other.end <= self.end

    def padded(self, *, before: int, after: int) -> "Span":
        """Grow by minutes on each side: a booking with its own buffers."""
        return Span(start=self.start - timedelta(minutes=before), end=self.end + timedelta(minutes=after))

    def without(self, others: Iterable["Span"]) -> Iterator["Span"]:
        """Give what is left of it, in order, when others are taken away."""
        start = self.start
        for other in sorted(others):
            if other.start >= self.end:
                break
            if start < other.start:
                yield Span(start=start, end=other.start)
            start = max(start, other.end)
        if start < self.end:
            yield Span(start=start, end=self.end)


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Put spans in order, those that adjoin or overlap as one."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start <= found[-1].end:
            found[-1] = Span(start=found[-1].start, end=max(found[-1].end, span.end))
        else:
            found.append(span)
    return tuple(found)
