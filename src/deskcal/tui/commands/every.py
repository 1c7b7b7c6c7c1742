"""All commands of the desk in one list, for whoever shows them all."""

from collections.abc import Iterator

from deskcal.tui.command import Command
from deskcal.tui.commands import (
    anywhere,
    appointment,
    calendar,
    deciding,
    holding,
    lists,
    patients,
    queue,
    table,
    waitlist,
)

MODULES = (holding, lists, patients, queue, table, deciding, waitlist, appointment, calendar, anywhere)


def every_command(below: type[Command] = Command) -> Iterator[type[Command]]:
    """Give every command, in the order in which each module defines them."""
    for command in below.__subclasses__():
        if command.keys or command.action:
            yield command
        yield from every_command(command)
