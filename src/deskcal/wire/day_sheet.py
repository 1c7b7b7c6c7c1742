"""A day on paper: who comes to whom and when, with a box to tick."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from deskcal.core.localtime import zone_label
from deskcal.wire.booking import Appointment

HERE = ("checked_in", "in_progress", "completed")


def day_sheet(heading: str, booked: Sequence[Appointment], rooms: Mapping[UUID, str]) -> str:
    """Write a day as plain text, provider by provider; canceled appointments are left out."""
    coming = [one for one in booked if one.status != "canceled"]
    coming.sort(key=lambda one: (one.provider_name, one.provider_id, one.start))
    lanes = [
        "\n".join(_lane([*group], rooms)) for _, group in groupby(coming, key=lambda one: one.provider_id)
    ]
    return "\n\n".join([heading, *lanes])


def where(one: Appointment, rooms: Mapping[UUID, str]) -> str:
    """Say where it is, or how they meet."""
    return rooms.get(one.room_id, "") if one.room_id else one.mode.replace("_", " ")


def _lane(booked: Sequence[Appointment], rooms: Mapping[UUID, str]) -> Iterator[str]:
    zone = ZoneInfo(booked[0].timezone)
    yield f"{booked[0].provider_name}, times in {zone_label(zone, booked[0].start)}"
    rows = [
        (
            f"[{'x' if one.status in HERE else ' '}]",
            f"{one.start.astimezone(zone):%H:%M}-{one.end.astimezone(zone):%H:%M}",
            one.patient_name,
            one.service_title,
            where(one, rooms),
            one.reference,
            one.status.replace("_", " "),
            one.notes or "",
        )
        for one in booked
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
