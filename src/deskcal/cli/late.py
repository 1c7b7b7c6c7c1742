"""`deskcal provider late`: how late a provider runs, for every desk to see."""

from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from deskcal.cli.names import provider_of
from deskcal.cli.options import options_of
from deskcal.cli.out import card
from deskcal.cli.session import Session, with_clinic
from deskcal.cli.when import day_of
from deskcal.core.delay import LONGEST
from deskcal.wire.catalog import Provider
from deskcal.wire.delays import Delay, NewDelay


def late(
    context: typer.Context,
    provider: Annotated[str, typer.Argument(help="Name or id.")],
    minutes: Annotated[int, typer.Argument(min=0, max=LONGEST, help="How late; 0 takes the note back.")],
    *,
    on: Annotated[str | None, typer.Option(help="Another day than today: tomorrow, fri, 24 dec.")] = None,
) -> None:
    """Note how late a provider runs; the times booked stand."""

    async def work(session: Session) -> tuple[Provider, Delay]:
        found = await provider_of(session, provider)
        day = day_of(on, ZoneInfo(found.timezone)) if on else None
        return found, await session.client.note_delay(found.id, NewDelay(minutes=minutes, day=day))

    found, delay = with_clinic(context, work)
    card(
        options_of(context),
        delay,
        {"provider": found.name, "date": delay.day, "runs": _words(delay), "noted": delay.noted_at},
    )


def _words(delay: Delay) -> str:
    return f"{delay.minutes} min late" if delay.minutes else "on time"
