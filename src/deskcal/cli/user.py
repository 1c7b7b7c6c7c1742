"""`deskcal user`: who signs in with a password."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, TypeVar
from uuid import UUID

import typer

from deskcal.cli.exits import Exit, Failure
from deskcal.cli.login import begin
from deskcal.cli.names import patient_of, provider_of, user_of
from deskcal.cli.options import Options, options_of
from deskcal.cli.out import card, table
from deskcal.cli.session import Session, find_server, with_clinic, with_server
from deskcal.cli.typed_password import typed_password
from deskcal.server.folder import read_sign_in
from deskcal.wire.people import RoleName
from deskcal.wire.users import NewUser, PasswordChange, User, UserChange

if TYPE_CHECKING:
    from deskcal.client.http import Client

app = typer.Typer(help="Users: add, list, disable, enable, set-password.", no_args_is_help=True)

T = TypeVar("T")

WHO = typer.Argument(help="E-mail address or id.")
OPS = typer.Option("--ops", help="One of the installation, not of a clinic.")


@app.command(epilog="Example: deskcal user add ida@example.org --role front_desk")
def add(
    context: typer.Context,
    email: Annotated[str, typer.Argument(help="What they sign in with.")],
    *,
    role: Annotated[RoleName, typer.Option(help="What they may do; ops are of no clinic.")],
    name: Annotated[str | None, typer.Option(help="What people call them.")] = None,
    provider: Annotated[str | None, typer.Option(help="Who they are, for role provider: name or id.")] = None,
    patient: Annotated[str | None, typer.Option(help="Who they are, for role patient: name or id.")] = None,
) -> None:
    """Add somebody who works here, or a patient; give them a password next."""

    async def work(session: Session) -> User:
        whose = await patient_of(session, patient) if patient else None
        who = await provider_of(session, provider) if provider else None
        request = NewUser(
            email=email,
            role=role,
            name=name,
            provider_id=who.id if who else None,
            patient_id=whose.id if whose else None,
        )
        return await session.client.add_user(request)

    options = options_of(context)
    if role == "ops":
        request = NewUser(email=email, role=role, name=name)
        made = with_server(context, lambda client: client.add_user(request))
    else:
        made = with_clinic(context, work)
    _card(options, made)
    options.say(f"They cannot sign in yet. Give them a password: deskcal user set-password {made.email}")


@app.command("list", epilog="Example: deskcal user list")
def list_(context: typer.Context, *, ops: Annotated[bool, OPS] = False) -> None:
    """List who may sign in, by e-mail address."""
    table(
        options_of(context),
        _asked(context, lambda client: client.users(), ops=ops),
        {
            "email": lambda one: one.email,
            "role": lambda one: one.role,
            "name": lambda one: one.name,
            "disabled": lambda one: one.disabled_at.date() if one.disabled_at else None,
            "id": lambda one: one.id,
        },
        none="There is no user yet. Add one: deskcal user add EMAIL --role admin",
    )


@app.command(epilog="Example: deskcal --yes user disable maria@example.org")
def disable(context: typer.Context, user: Annotated[str, WHO], *, ops: Annotated[bool, OPS] = False) -> None:
    """Let somebody sign in no more, and end their sessions; asks first unless --yes."""
    options_of(context).insist(f"{user} is signed out everywhere, and cannot come back. Disable them?")
    _switch(context, user, ops=ops, disabled=True)


@app.command(epilog="Example: deskcal user enable maria@example.org")
def enable(context: typer.Context, user: Annotated[str, WHO], *, ops: Annotated[bool, OPS] = False) -> None:
    """Let somebody sign in again."""
    _switch(context, user, ops=ops, disabled=False)


@app.command("set-password", epilog="Example: deskcal user set-password maria@example.org --password-stdin")
def set_password(
    context: typer.Context,
    user: Annotated[str | None, typer.Argument(help="E-mail address or id; else your own.")] = None,
    *,
    ops: Annotated[bool, OPS] = False,
    password_stdin: Annotated[
        bool,
        typer.Option(
            "--password-stdin", help="Read it from stdin; for your own, the old one on the line before."
        ),
    ] = False,
) -> None:
    """Set a password of at least ten characters, which ends the sessions of its user."""
    options = options_of(context)
    me = with_server(context, lambda client: client.me())
    if user is None and me.email is None:
        raise Failure("You are no user: a token has no password. Say whose it is to be.", Exit.USAGE)
    own = user is None or user.lower() in {(me.email or "").lower(), me.sub}
    old = typed_password("Old password", stdin=password_stdin) if own else None
    password = typed_password("New password", stdin=password_stdin, twice=True)
    request = PasswordChange(password=password, old_password=old)

    async def work(client: "Client") -> User:
        id_ = UUID(me.sub) if user is None or own else (await user_of(client, user)).id
        return await client.set_password(id_, request)

    changed = with_server(context, work) if own else _asked(context, work, ops=ops)
    if own and read_sign_in(options.settings().data_dir):
        clinic = str(me.clinic_id) if me.clinic_id else None
        asyncio.run(begin(options, find_server(options).url, changed.email, password, clinic=clinic))
    _card(options, changed)
    options.say(f"The password of {changed.email} is set. They sign in with it: deskcal login")


def _switch(context: typer.Context, user: str, *, ops: bool, disabled: bool) -> None:
    async def work(client: "Client") -> User:
        found = await user_of(client, user)
        return await client.change_user(found.id, UserChange(disabled=disabled), version=found.version)

    _card(options_of(context), _asked(context, work, ops=ops))


def _asked(context: typer.Context, work: Callable[["Client"], Awaitable[T]], *, ops: bool) -> T:
    """Ask about the users of the clinic, or of the installation."""
    return with_server(context, work) if ops else with_clinic(context, lambda session: work(session.client))


def _card(options: Options, user: User) -> None:
    card(
        options,
        user,
        {
            "email": user.email,
            "id": user.id,
            "role": user.role,
            "name": user.name,
            "provider": user.provider_id,
            "patient": user.patient_id,
            "disabled": user.disabled_at,
        },
    )
