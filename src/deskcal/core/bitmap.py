"""A window of minutes as one int: bit i is minute i of the window."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from deskcal.core.span import Span

_MINUTE = timedelta(minutes=1)
_PIECE_BITS = 720
_PIECE = (1 << _PIECE_BITS) - 1


def full(window: Span) -> int:
    """Set every minute of the window."""
    return (1 << window.minutes) - 1


def bits(span: Span, window: Span) -> int:
    """Set the minutes that the span touches, even in part; what lies outside the window is cut off."""
    return union((span,), window)


def union(spans: Iterable[Span], window: Span) -> int:
    """Set the minutes that any of the spans touches."""
    start, minutes = window.start, window.minutes
    taken = 0
    for span in spans:
        first = max((span.start - start) // _MINUTE, 0)
        behind = min(-((start - span.end) // _MINUTE), minutes)
        if first < behind:
            taken |= (1 << behind) - (1 << first)
    return taken


def run_starts(free: int, n: int) -> int:
    """Set the positions where `n` one-bits in a row begin; `n` is at least 1."""
    done = 1
    while done < n:
        shift = min(done, n - done)
        free &= free >> shift
        done += shift
    return free


def lasting(starts: int, n: int) -> int:
    """Set `n` positions from each one-bit on; `n` is at least 1."""
    done = 1
    while done < n:
        shift = min(done, n - done)
        starts |= starts << shift
        done += shift
    return starts


def spans(x: int, window: Span) -> Iterator[Span]:
    """Give the stretches of set minutes of a window, in order."""
    at = window.start
    while x:
        unset = (x & -x).bit_length() - 1
        x >>= unset
        length = (~x & x + 1).bit_length() - 1
        x >>= length
        at += unset * _MINUTE
        yield Span(start=at, end=at + length * _MINUTE)
        at += length * _MINUTE


def positions(x: int) -> Iterator[int]:
    """Give the positions of the one-bits, lowest first."""
    at = 0
    while x:
        # Months are long ints, and each step on one copies it: so they are taken apart piece by piece.
        empty = (x & -x).bit_length() - 1
        x >>= empty
        at += empty
        piece = x & _PIECE
        while piece:
            low = piece & -piece
            yield at + low.bit_length() - 1
            piece ^= low
        x >>= _PIECE_BITS
        at += _PIECE_BITS
