"""What a benchmark found: a figure of deskcal beside a named limit, and the aim for their ratio."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One row of the table. `ratio` is of deskcal to its limit; without an aim it only informs."""

    what: str
    figure: str
    limit: str
    ratio: float | None = None
    at_least: float | None = None

    @property
    def met(self) -> bool:
        """Tell whether the aim is reached; always where there is none."""
        return self.at_least is None or (self.ratio is not None and self.ratio >= self.at_least)


def interleaved(
    subject: Callable[[], float], limit: Callable[[], float], *, rounds: int
) -> tuple[float, float, float]:
    """Measure both in turns; gives the median of each, and of the ratios round by round.

    A neighbour that takes the processor slows both of a round down, so the ratio stays.
    """
    pairs = []
    for number in range(rounds):
        first, second = (subject, limit) if number % 2 == 0 else (limit, subject)
        found = (first(), second())
        pairs.append(found if number % 2 == 0 else found[::-1])
    return (
        median(ours for ours, _ in pairs),
        median(theirs for _, theirs in pairs),
        median(ours / theirs for ours, theirs in pairs),
    )


def spread(seconds: Sequence[float]) -> str:
    """Spell how long it took: in the median, and for the slowest ones."""
    found = quantiles(seconds, n=100)
    return ", ".join(f"p{part} {found[part - 1] * 1000:.1f} ms" for part in (50, 95, 99))


def p95(seconds: Sequence[float]) -> float:
    """Give what nineteen of twenty stayed under."""
    return quantiles(seconds, n=20)[-1]


def rate(per_second: float, *, workers: int = 1) -> str:
    """Spell so many a second, with the milliseconds that each of the workers spends on one."""
    return f"{per_second:,.0f}/s, {workers * 1000 / per_second:.2f} ms"
