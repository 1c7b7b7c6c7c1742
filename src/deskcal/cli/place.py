"""`deskcal location` and `deskcal room`: where a clinic works."""

from typing import Annotated

import typer

from deskcal.cli.names import location_of, room_of
from deskcal.cli.options import Options, options_of
from deskcal.cli.out import card, table
from deskcal.cli.session import Session, with_clinic
from deskcal.wire.catalog import Location, NewLocation, NewRoom, Room

locations = typer.Typer(help="Locations of a clinic: add, list, show.", no_args_is_help=True)
rooms = typer.Typer(help="Rooms: add, list, show.", no_args_is_help=True)


@locations.command("add", epilog='Example: deskcal location add "West wing"')
def add_location(
    context: typer.Context,
    name: str,
    *,
    timezone: Annotated[str | None, typer.Option(help="IANA name; else the clinic's.")] = None,
) -> None:
    """Add a location."""

    async def work(session: Session) -> Location:
        return await session.client.add_location(NewLocation(name=name, timezone=timezone))

    _location_card(options_of(context), with_clinic(context, work))


@locations.command("list", epilog="Example: deskcal location list")
def list_locations(context: typer.Context) -> None:
    """List the clinic's locations by name."""
    table(
        options_of(context),
        with_clinic(context, lambda session: session.client.locations()),
        {"name": lambda one: one.name, "time zone": lambda one: one.timezone, "id": lambda one: one.id},
        none='There is no location yet. Add one: deskcal location add "West wing"',
    )


@locations.command("show", epilog='Example: deskcal location show "West wing"')
def show_location(
    context: typer.Context, location: Annotated[str, typer.Argument(help="Name or id.")]
) -> None:
    """Show a location."""
    found = with_clinic(context, lambda session: location_of(session, location))
    _location_card(options_of(context), found)


@rooms.command("add", epilog='Example: deskcal room add "Exam 4" --type exam')
def add_room(
    context: typer.Context,
    name: str,
    *,
    type_: Annotated[str, typer.Option("--type", help="What services ask for by --room-type.")] = "exam",
    location: Annotated[str | None, typer.Option(help="Where it is, by name or id.")] = None,
) -> None:
    """Add a room."""

    async def work(session: Session) -> Room:
        where = await location_of(session, location) if location else None
        return await session.client.add_room(
            NewRoom(name=name, type=type_, location_id=where.id if where else None)
        )

    _room_card(options_of(context), with_clinic(context, work))


@rooms.command("list", epilog="Example: deskcal room list")
def list_rooms(context: typer.Context) -> None:
    """List the clinic's rooms by name."""
    table(
        options_of(context),
        with_clinic(context, lambda session: session.client.rooms()),
        {"name": lambda one: one.name, "type": lambda one: one.type, "id": lambda one: one.id},
        none='There is no room yet. Add one: deskcal room add "Exam 1" --type exam',
    )


@rooms.command("show", epilog='Example: deskcal room show "Exam 1"')
def show_room(context: typer.Context, room: Annotated[str, typer.Argument(help="Name or id.")]) -> None:
    """Show a room."""
    _room_card(options_of(context), with_clinic(context, lambda session: room_of(session, room)))


def _location_card(options: Options, location: Location) -> None:
    card(options, location, {"name": location.name, "time zone": location.timezone, "id": location.id})


def _room_card(options: Options, room: Room) -> None:
    fields = {"name": room.name, "type": room.type, "location": room.location_id, "id": room.id}
    card(options, room, fields)
