"""`deskcal service rule`: what a service asks besides a free provider, and when it may not be booked."""

from typing import Annotated, Any

import msgspec
import typer

from deskcal.cli.exits import Exit, Failure
from deskcal.cli.names import service_of
from deskcal.cli.options import options_of
from deskcal.cli.out import card, table
from deskcal.cli.session import Session, read_id, with_clinic
from deskcal.core.refusals import Invalid
from deskcal.wire.rules import MOST_PRIORITY, NewRule, Rule

app = typer.Typer(help="Rules of a service: add, list, remove.", no_args_is_help=True)

ServiceName = Annotated[str, typer.Argument(help="Title or id.")]


@app.command(epilog="""Example: deskcal service rule add Follow-up max_daily '{"max_per_day": 40}'""")
def add(
    context: typer.Context,
    service: ServiceName,
    type_: Annotated[str, typer.Argument(metavar="TYPE", help="Such as max_daily, min_gap or lead_time.")],
    payload: Annotated[str, typer.Argument(metavar="JSON", help="What the rule says.")],
    *,
    priority: Annotated[int, typer.Option(min=0, max=MOST_PRIORITY, help="The highest speaks first.")] = 100,
) -> None:
    """Give a service a rule; it holds for new bookings at once."""
    request = NewRule(type=type_, payload=_payload(payload), priority=priority)

    async def work(session: Session) -> Rule:
        found = await service_of(session, service)
        return await session.client.add_rule(found.id, request)

    made = with_clinic(context, work)
    card(options_of(context), made, _fields(made))


@app.command("list", epilog="Example: deskcal service rule list Follow-up")
def list_(context: typer.Context, service: ServiceName) -> None:
    """List the rules of a service, the highest priority first."""
    table(
        options_of(context),
        with_clinic(context, lambda session: _rules(session, service)),
        {
            "type": lambda one: one.type,
            "says": lambda one: _said(one.payload),
            "priority": lambda one: one.priority,
            "wrong": lambda one: one.wrong,
            "id": lambda one: one.id,
        },
        none=f"There is no rule yet. Add one: deskcal service rule add \"{service}\" max_daily '{{…}}'",
    )


@app.command(epilog="Example: deskcal service rule remove Follow-up lead_time")
def remove(
    context: typer.Context,
    service: ServiceName,
    rule: Annotated[str, typer.Argument(help="Its id, or its type where only one is of it.")],
) -> None:
    """Take a rule away from a service."""

    async def work(session: Session) -> Rule:
        found = await service_of(session, service)
        fitting = [
            one for one in await session.client.rules(found.id) if one.id == read_id(rule) or one.type == rule
        ]
        if not fitting:
            raise Failure(
                f'{found.title} has no rule "{rule}". See: deskcal service rule list', Exit.NOT_FOUND
            )
        if len(fitting) > 1:
            known = "\n".join(f"  {one.id}  {_said(one.payload)}" for one in fitting)
            raise Failure(f'{found.title} has several rules "{rule}". Use the id:\n{known}', Exit.USAGE)
        return await session.client.remove_rule(found.id, fitting[0].id)

    gone = with_clinic(context, work)
    card(options_of(context), gone, _fields(gone))


async def _rules(session: Session, service: str) -> list[Rule]:
    found = await service_of(session, service)
    return await session.client.rules(found.id)


def _payload(text: str) -> dict[str, Any]:
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except msgspec.MsgspecError as error:
        raise Invalid(
            ("payload", f"""cannot be read ({error}); write it like '{{"max_per_day": 8}}'""")
        ) from error


def _said(payload: dict[str, Any]) -> str:
    return msgspec.json.encode(payload).decode()


def _fields(rule: Rule) -> dict[str, object]:
    return {
        "type": rule.type,
        "says": _said(rule.payload),
        "priority": rule.priority,
        "wrong": rule.wrong,
        "id": rule.id,
    }
