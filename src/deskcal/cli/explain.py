"""`deskcal explain`: why a provider has the free slots of a day, step by step."""

from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from deskcal.cli.names import provider_of, service_of
from deskcal.cli.options import options_of
from deskcal.cli.out import lines, print_json, table
from deskcal.cli.session import Session, with_clinic
from deskcal.cli.when import day_of
from deskcal.wire.explain import Explanation


def explain(
    context: typer.Context,
    provider: Annotated[str, typer.Argument(help="Name or id.")],
    service: Annotated[str, typer.Argument(help="Title or id.")],
    date: Annotated[
        str, typer.Argument(help="A day where the provider works: today, fri, +3 or 2026-03-09.")
    ],
    *,
    sql: Annotated[bool, typer.Option("--sql", help="The plan of the SQL too.")] = False,
) -> None:
    """Explain a day's free slots.

    Prints each step: what it read and from where, how many slots that took away and left, and how many
    microseconds it took.
    """

    async def work(session: Session) -> Explanation:
        who, what = await provider_of(session, provider), await service_of(session, service)
        day = day_of(date, ZoneInfo(who.timezone))
        return await session.client.explain(provider_id=who.id, service_id=what.id, start=day, end=day)

    found = with_clinic(context, work)
    options = options_of(context)
    if options.json:
        print_json(found)
        return
    table(
        options,
        found.steps,
        {
            "step": lambda step: step.name,
            "from": lambda step: step.source,
            "read": lambda step: step.read,
            "removed": lambda step: step.removed,
            "left": lambda step: step.left,
            "microseconds": lambda step: step.micros,
        },
        none="There are no steps.",
    )
    if sql:
        lines([line] for statement in found.sql for line in (f"{statement.name}:", *statement.plan))
