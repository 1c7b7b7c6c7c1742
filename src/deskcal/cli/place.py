"""`deskcal location` and `deskcal room`: where a clinic works."""

from typing import Annotated

import typer

from deskcal.cli.edits import changes, place, retire, several, unless_zero
from deskcal.cli.names import location_of, room_of
from deskcal.cli.options import Options, options_of
from deskcal.cli.out import card, table
from deskcal.cli.rezoning import agreed
from deskcal.cli.session import Session, with_clinic
from deskcal.core.refusals import Invalid
from deskcal.wire.resources import Location, LocationChange, NewLocation, NewRoom, Room, RoomChange

locations = typer.Typer(help="Locations of a clinic: add, list, show, edit, retire.", no_args_is_help=True)
rooms = typer.Typer(help="Rooms: add, list, show, edit, retire.", no_args_is_help=True)


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


@locations.command("edit", epilog='Example: deskcal location edit "West wing" --name "West building"')
def edit_location(
    context: typer.Context,
    location: Annotated[str, typer.Argument(help="Name or id.")],
    *,
    name: Annotated[str | None, typer.Option(help="What people call it.")] = None,
    timezone: Annotated[str | None, typer.Option(help="IANA name; '' for the clinic's.")] = None,
    preview: Annotated[
        bool, typer.Option("--preview", help="Say what another zone would do, and do nothing.")
    ] = False,
) -> None:
    """Change a location.

    In another time zone hours are read on the wall clock there; appointments stay at their moment.
    """
    request = LocationChange(**changes(name=name, timezone=timezone))
    if preview and timezone is None:
        raise Invalid(("preview", "it shows what another --timezone would do; say which"))

    async def work(session: Session) -> Location | None:
        found = await location_of(session, location)
        if timezone is not None:
            foreseen = await session.client.preview_timezone("locations", found.id, timezone or None)
            if not agreed(session, foreseen, found.name, preview=preview):
                return None
        return await session.client.change_location(found.id, request, version=found.version)

    if changed := with_clinic(context, work):
        _location_card(options_of(context), changed)


@locations.command("retire", epilog='Example: deskcal --yes location retire "Old building"')
def retire_location(
    context: typer.Context, location: Annotated[str, typer.Argument(help="Name or id.")]
) -> None:
    """Retire a location with its rooms and equipment; prints the appointments that need them and stay."""
    retire(context, "locations", lambda session: location_of(session, location))


@rooms.command("add", epilog='Example: deskcal room add "Exam 4" --type exam')
def add_room(
    context: typer.Context,
    name: str,
    *,
    type_: Annotated[str, typer.Option("--type", help="What services ask for by --room-type.")] = "exam",
    location: Annotated[str | None, typer.Option(help="Where it is, by name or id.")] = None,
    feature: Annotated[
        list[str] | None, typer.Option(help="Something it has, that services ask for; as often as needed.")
    ] = None,
    capacity: Annotated[int | None, typer.Option(min=1, max=500, help="How many patients fit in.")] = None,
) -> None:
    """Add a room."""

    async def work(session: Session) -> Room:
        where = await location_of(session, location) if location else None
        return await session.client.add_room(
            NewRoom(
                name=name,
                type=type_,
                location_id=where.id if where else None,
                features=frozenset(feature or ()),
                capacity=capacity,
            )
        )

    _room_card(options_of(context), with_clinic(context, work))


@rooms.command("list", epilog="Example: deskcal room list")
def list_rooms(context: typer.Context) -> None:
    """List the clinic's rooms by name."""
    table(
        options_of(context),
        with_clinic(context, lambda session: session.client.rooms()),
        {
            "name": lambda one: one.name,
            "type": lambda one: one.type,
            "features": lambda one: ", ".join(one.features),
            "places": lambda one: one.capacity,
            "id": lambda one: one.id,
        },
        none='There is no room yet. Add one: deskcal room add "Exam 1" --type exam',
    )


@rooms.command("show", epilog='Example: deskcal room show "Exam 1"')
def show_room(context: typer.Context, room: Annotated[str, typer.Argument(help="Name or id.")]) -> None:
    """Show a room."""
    _room_card(options_of(context), with_clinic(context, lambda session: room_of(session, room)))


@rooms.command("edit", epilog='Example: deskcal room edit "Exam 1" --feature sink --capacity 2')
def edit_room(
    context: typer.Context,
    room: Annotated[str, typer.Argument(help="Name or id.")],
    *,
    name: Annotated[str | None, typer.Option(help="What people call it.")] = None,
    type_: Annotated[str | None, typer.Option("--type", help="What services ask for by --room-type.")] = None,
    location: Annotated[str | None, typer.Option(help="Where it is, by name or id; '' for nowhere.")] = None,
    feature: Annotated[
        list[str] | None, typer.Option(help="All that it has, one by one; '' for nothing.")
    ] = None,
    capacity: Annotated[
        int | None, typer.Option(min=0, max=500, help="How many patients fit in; 0 where nobody counts.")
    ] = None,
) -> None:
    """Change a room; appointments in it stay."""

    async def work(session: Session) -> Room:
        found = await room_of(session, room)
        where = await place(session, location)
        request = RoomChange(
            **changes(
                name=name,
                type=type_,
                location_id=where,
                features=several(feature),
                capacity=unless_zero(capacity),
            )
        )
        return await session.client.change_room(found.id, request, version=found.version)

    _room_card(options_of(context), with_clinic(context, work))


@rooms.command("retire", epilog='Example: deskcal --yes room retire "Broom closet"')
def retire_room(context: typer.Context, room: Annotated[str, typer.Argument(help="Name or id.")]) -> None:
    """Retire a room; prints the appointments that need it and stay."""
    retire(context, "rooms", lambda session: room_of(session, room))


def _location_card(options: Options, location: Location) -> None:
    card(options, location, {"name": location.name, "time zone": location.timezone, "id": location.id})


def _room_card(options: Options, room: Room) -> None:
    fields = {
        "name": room.name,
        "type": room.type,
        "features": ", ".join(room.features) or None,
        "places": room.capacity,
        "location": room.location_id,
        "id": room.id,
    }
    card(options, room, fields)
