"""`deskcal day-sheet`: a day on paper, for when the screen is away."""

from typing import Annotated
from uuid import UUID

import typer

from deskcal.cli.appointments import every
from deskcal.cli.names import provider_of
from deskcal.cli.options import options_of
from deskcal.cli.out import print_json
from deskcal.cli.session import Session, with_clinic
from deskcal.cli.when import day_of
from deskcal.wire import day_sheet as paper
from deskcal.wire.booking import Appointment


def day_sheet(
    context: typer.Context,
    date: Annotated[str, typer.Argument(help="today, fri, +3 or 2026-03-09.")] = "today",
    *,
    provider: Annotated[str | None, typer.Option(help="Name or id; else everybody.")] = None,
) -> None:
    """Print the appointments of a day for each provider, with a box to tick."""

    async def work(session: Session) -> tuple[str, dict[UUID, str], list[Appointment]]:
        who = await provider_of(session, provider) if provider else None
        day = day_of(date, session.zone)
        found = await every(session, day=day, provider_id=who.id if who else None)
        rooms = {room.id: room.name for room in await session.client.rooms()}
        coming = [one for one in found if one.status != "canceled"]
        return f"{session.clinic.name}, {day:%A %Y-%m-%d}", rooms, coming

    heading, rooms, found = with_clinic(context, work)
    options = options_of(context)
    if options.json:
        print_json(found)
        return
    typer.echo(paper.day_sheet(heading, found, rooms))
    if not found:
        options.say("Nobody comes that day.")
