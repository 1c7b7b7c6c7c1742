from collections import defaultdict

from deskcal.tui.commands.every import every_command

COMMANDS = [command.binding() for command in every_command() if command.keys]


def test_every_command_can_be_given_another_key() -> None:
    """Each command has an id of its own, words, and a group: keymap, help and palette need all three."""
    actions = defaultdict(set)
    for command in COMMANDS:
        assert command.id
        assert command.description
        assert command.group
        actions[command.id].add(command.action.rpartition(".")[2])
    assert {identity: meant for identity, meant in actions.items() if len(meant) > 1} == {}
