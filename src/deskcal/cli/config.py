"""`deskcal config`: what can be set in the file of this machine's desks."""

import typer

from deskcal.cli.options import options_of
from deskcal.cli.out import print_json

app = typer.Typer(help="Show what desk.toml in the data folder can set.", no_args_is_help=True)


@app.command(epilog="Example: deskcal config keys")
def keys(context: typer.Context) -> None:
    """Print every command of the desk with its key, as desk.toml takes them.

    Copy the lines that are to be different into that file, and give them other keys there.
    """
    from deskcal.tui.desk_toml import NAME
    from deskcal.tui.keymap import keys_toml, named_commands

    options = options_of(context)
    if options.json:
        print_json([{"id": one.id(), "keys": one.keys, "words": one.words()} for one in named_commands()])
        return
    for line in keys_toml():
        typer.echo(line)
    options.say(f"The desk reads {options.settings().data_dir / NAME}.")
