"""`deskcal token`: keys for people and programs."""

import re
from typing import Annotated

import typer

from deskcal.cli.exits import Exit, Failure
from deskcal.cli.names import patient_of
from deskcal.cli.options import options_of
from deskcal.cli.out import print_json, table
from deskcal.cli.session import Session, read_id, with_clinic, with_server
from deskcal.core.refusals import Invalid
from deskcal.wire.people import ApiKey, NewApiKey, RoleName

app = typer.Typer(help="Tokens: create, list, revoke.", no_args_is_help=True)
DAYS = {"d": 1, "w": 7, "y": 365}


@app.command(epilog="Example: deskcal token create --role front_desk --expires 30d")
def create(
    context: typer.Context,
    *,
    role: Annotated[RoleName, typer.Option(help="What it may do.")],
    patient: Annotated[str | None, typer.Option(help="Whose it is, for role patient: name or id.")] = None,
    expires: Annotated[str, typer.Option(help="After so many days (30d), weeks (4w) or years (1y).")] = "30d",
) -> None:
    """Make a token and print it, this once."""
    days = _days(expires)

    async def work(session: Session) -> ApiKey:
        whose = await patient_of(session, patient) if patient else None
        request = NewApiKey(role=role, patient_id=whose.id if whose else None, expires_in_days=days)
        return await session.client.create_key(request)

    if role == "ops":
        made = with_server(
            context, lambda client: client.create_key(NewApiKey(role=role, expires_in_days=days))
        )
    else:
        made = with_clinic(context, work)
    if options_of(context).json:
        print_json(made)
    else:
        typer.echo(made.token)
        options_of(context).say(f"It is good until {made.expires_at:%Y-%m-%d}. Keep it safe.")


@app.command("list", epilog="Example: deskcal token list")
def list_(context: typer.Context) -> None:
    """List the clinic's tokens, without their texts."""
    table(
        options_of(context),
        with_clinic(context, lambda session: session.client.keys()),
        {
            "id": lambda one: one.id,
            "role": lambda one: one.role,
            "name": lambda one: one.name,
            "until": lambda one: one.expires_at.date(),
            "revoked": lambda one: one.revoked_at.date() if one.revoked_at else None,
        },
        none="There is no token yet. Make one: deskcal token create --role front_desk",
    )


@app.command(epilog="Example: deskcal --yes token revoke 0198d6f2-6c1e-7d3a-9b57-1f0c2a4e8d90")
def revoke(
    context: typer.Context, token: Annotated[str, typer.Argument(help="Its id, from the list.")]
) -> None:
    """Make a token worthless; asks first on a terminal unless --yes stands before the command."""
    id_ = read_id(token)
    if id_ is None:
        raise Failure("A token is revoked by its id. See: deskcal token list", Exit.USAGE)
    options = options_of(context)
    options.insist(f"Nobody can use the token {id_} after this. Revoke it?")
    with_clinic(context, lambda session: session.client.revoke_key(id_))
    if options.json:
        print_json({"id": id_, "revoked": True})
    options.say(f"The token {id_} is revoked.")


def _days(text: str) -> int:
    match = re.fullmatch(r"([1-9][0-9]{0,3})([dwy])", text)
    if match is None:
        raise Invalid(("expires", f'"{text}" is not a length of time; write 30d, 4w or 1y'))
    return int(match[1]) * DAYS[match[2]]
