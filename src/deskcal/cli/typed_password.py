"""Passwords that people type: never shown, never an argument."""

import sys

import typer

from deskcal.cli.exits import Exit, Failure


def typed_password(what: str, *, stdin: bool, twice: bool = False) -> str:
    """Ask on the terminal, or read the next line of stdin. Raises Failure where neither is possible."""
    if stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise Failure(
            f"{what} is asked for on a terminal. Without one, pipe it in and add --password-stdin.",
            Exit.USAGE,
        )
    password: str = typer.prompt(what, hide_input=True, confirmation_prompt=twice, err=True)
    return password
