"""How much of a date or of half an hour can still be booked: the words that month and week share."""

from enum import StrEnum


class Fullness(StrEnum):
    """From the best on. Each has a word or mark of its own, and a colour that repeats it."""

    FREE = "free"
    FEW = "few"
    FULL = "full"
    CLOSED = "closed"
    OVER = "over"
    UNKNOWN = "unknown"
