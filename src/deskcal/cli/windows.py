"""`deskcal provider time-off` and `windows`: when a provider is away, or there besides the weekly hours."""

from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from deskcal.cli.exits import Exit, Failure
from deskcal.cli.names import provider_of
from deskcal.cli.options import options_of
from deskcal.cli.out import card, print_json, table
from deskcal.cli.session import Session, read_id, with_clinic
from deskcal.cli.standing import standing
from deskcal.cli.when import day_of
from deskcal.wire.windows import NewWindow, Window, WindowChanged

ProviderName = Annotated[str, typer.Argument(help="Name or id.")]


def time_off(
    context: typer.Context,
    provider: ProviderName,
    start: Annotated[str, typer.Argument(help="First day off: tomorrow, fri, +3, 24 dec or 2026-12-24.")],
    end: Annotated[str | None, typer.Argument(help="Last day off; else the first.")] = None,
    *,
    reason: Annotated[str | None, typer.Option(help="For staff; patients never see it.")] = None,
    rrule: Annotated[str | None, typer.Option(help="How it recurs, such as FREQ=WEEKLY;BYDAY=FR.")] = None,
) -> None:
    """Give a provider whole local days off; prints the appointments that clash, which stay booked."""

    async def work(session: Session) -> tuple[ZoneInfo, WindowChanged]:
        found = await provider_of(session, provider)
        zone = ZoneInfo(found.timezone)
        first = day_of(start, zone, field="start")
        request = NewWindow(
            kind="unavailable",
            start=str(first),
            end=str(day_of(end, zone, field="end") if end else first),
            all_day=True,
            recurrence_rule=rrule,
            reason=reason,
        )
        return zone, await session.client.add_window("providers", found.id, request)

    _changed(context, *with_clinic(context, work), why="fall on these days")


def windows(
    context: typer.Context,
    provider: ProviderName,
    *,
    remove: Annotated[str | None, typer.Option(help="Remove the window of this id.")] = None,
) -> None:
    """List a provider's windows and time off by start, or remove one."""
    id_ = read_id(remove) if remove else None
    if remove and id_ is None:
        raise Failure("A window is removed by its id. See: deskcal provider windows PROVIDER", Exit.USAGE)

    async def work(session: Session) -> tuple[ZoneInfo, list[Window] | WindowChanged]:
        found = await provider_of(session, provider)
        zone = ZoneInfo(found.timezone)
        if id_ is not None:
            return zone, await session.client.remove_window("providers", found.id, id_)
        return zone, await session.client.windows("providers", found.id)

    zone, found = with_clinic(context, work)
    if isinstance(found, WindowChanged):
        _changed(context, zone, found, why="are outside the hours now")
        return
    table(
        options_of(context),
        found,
        {
            "kind": lambda one: one.kind,
            "from": lambda one: one.start,
            "to": lambda one: one.end,
            "recurs": lambda one: one.recurrence_rule,
            "reason": lambda one: one.reason,
            "id": lambda one: one.id,
        },
        none=f'There are none. Add days off: deskcal provider time-off "{provider}" mon fri',
    )


def _changed(context: typer.Context, zone: ZoneInfo, done: WindowChanged, *, why: str) -> None:
    options, window = options_of(context), done.window
    if options.json:
        print_json(done)
        return
    fields = {
        "kind": window.kind,
        "from": window.start,
        "to": window.end,
        "recurs": window.recurrence_rule,
        "reason": window.reason,
        "id": window.id,
    }
    card(options, window, fields)
    standing(options, done.appointments, zone, why=why)
