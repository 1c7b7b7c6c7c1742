"""`edit` and `retire`: what changes of a thing, and the end of it."""

from collections.abc import Awaitable, Callable
from typing import Any, Literal
from zoneinfo import ZoneInfo

import typer

from deskcal.cli.names import location_of
from deskcal.cli.options import options_of
from deskcal.cli.out import print_json
from deskcal.cli.session import Session, with_clinic
from deskcal.cli.standing import standing
from deskcal.core.refusals import Invalid
from deskcal.wire.booking import Appointment
from deskcal.wire.catalog import Provider, Service
from deskcal.wire.resources import Equipment, Location, Retired, Room

Thing = Location | Room | Equipment | Service | Provider


def changes(**options: object) -> dict[str, Any]:
    """Take the options that were given; an empty one takes away what is there. Raises Invalid for none."""
    given = {name: None if value == "" else value for name, value in options.items() if value is not None}
    if not given:
        raise Invalid(("options", "say what is to change; --help lists what can"))
    return given


def several(texts: list[str] | None) -> frozenset[str] | None:
    """Take an option that may stand several times; None where it was not given, nothing for an empty one."""
    return None if texts is None else frozenset(filter(None, texts))


def unless_zero(number: int | None) -> object:
    """Take a number of which 0 takes away what is there."""
    return "" if number == 0 else number


async def place(session: Session, location: str | None) -> object:
    """Find the location of an option; one that is empty or was not given stays so."""
    return (await location_of(session, location)).id if location else location


def retire(
    context: typer.Context,
    things: Literal["locations", "rooms", "equipment", "services", "providers"],
    find: Callable[[Session], Awaitable[Thing]],
) -> None:
    """Retire a thing, asking first; prints the appointments that still need it."""
    options = options_of(context)

    async def work(session: Session) -> tuple[str, ZoneInfo, list[Appointment]]:
        found = await find(session)
        name = found.title if isinstance(found, Service) else found.name
        options.insist(f"Nothing new is booked with {name} after this, for good. Retire it?")
        return name, session.zone, await session.client.retire(things, found.id)

    name, zone, found = with_clinic(context, work)
    if options.json:
        print_json(Retired(appointments=found))
        return
    options.say(f"{name} is retired. Times shown in {zone.key}.")
    standing(options, found, zone, why=f"still need {name}")
