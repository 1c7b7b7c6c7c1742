"""`deskcal replay-projection`: whether boards say what the log and the database say."""

from datetime import date
from typing import Annotated

import typer

from deskcal.cli.exits import Exit
from deskcal.cli.names import provider_of
from deskcal.cli.options import Options, options_of
from deskcal.cli.out import lines, print_json
from deskcal.cli.progress import Bars
from deskcal.cli.session import Session, with_clinic
from deskcal.cli.when import day_of
from deskcal.wire.operating import Drift, Replayed, ReplayRequest

DAYS_AT_ONCE = 14


def replay_projection(
    context: typer.Context,
    *,
    provider: Annotated[str | None, typer.Option(help="Report of one only, by name or id.")] = None,
    first: Annotated[
        str | None, typer.Option("--from", help="First day; else the first on which anything was taken.")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", help="Last day; else the last of all.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Compare only; nothing is changed.")] = False,
) -> None:
    """Rebuild boards from the log and the database, and say where these and the live board differ.

    Unless --check is given, every server process then reads the days anew. Ends with 0 where all say the
    same, else with 3. Interrupt it at will: what was compared is done.
    """
    options = options_of(context)

    async def work(session: Session) -> list[Replayed]:
        zone = session.zone
        who = await provider_of(session, provider) if provider else None
        request = ReplayRequest(
            provider_id=who.id if who else None,
            from_=day_of(first, zone, field="from") if first else None,
            to=day_of(last, zone, field="to") if last else None,
            check=check,
            days=DAYS_AT_ONCE,
        )
        found: list[Replayed] = []
        with Bars(options, done="compared") as bars:
            while not found or found[-1].next_from:
                if found:
                    request.from_, request.to = found[-1].next_from, found[-1].until
                found.append(await session.client.replay(request))
                bars.tell("days", _days(found[0].from_, found[-1].to), _days(found[0].from_, found[-1].until))
        return found

    found = with_clinic(context, work)
    whole = _together(found)
    if options.json:
        print_json(whole)
    else:
        lines(_row(one) for one in whole.drift)
        _tell(options, whole)
    if not whole.same:
        raise typer.Exit(Exit.REFUSED)


def _together(found: list[Replayed]) -> Replayed:
    return Replayed(
        seq=found[-1].seq,
        from_=found[0].from_,
        to=found[-1].to,
        until=found[-1].until,
        next_from=None,
        same=all(one.same for one in found),
        repaired=found[-1].repaired,
        live_days=sum(one.live_days for one in found),
        lost=found[-1].lost,
        drift=[drift for one in found for drift in one.drift],
    )


def _row(one: Drift) -> list[str]:
    end = f"{one.end:%H:%M}".replace("00:00", "24:00")
    return [
        f"{one.date}",
        one.kind,
        one.name or str(one.resource_id or ""),
        f"{one.start:%H:%M}-{end} UTC{one.start:%z}",
        one.what,
        f"in {', '.join(one.said_by)}",
        f"not in {', '.join(one.not_by)}",
    ]


def _tell(options: Options, whole: Replayed) -> None:
    said = f"{whole.from_} to {whole.to}, as of seq {whole.seq}"
    if whole.lost:
        options.say(f"The log lacks {', '.join(map(str, whole.lost))}. Restore it from a backup.")
    if whole.same:
        options.say(f"Log, database and live board say the same: {said}.")
    elif any("live" in one.said_by + one.not_by for one in whole.drift):
        done = "Every server process reads these days anew." if whole.repaired else "Nothing was changed."
        options.say(f"{len(whole.drift)} differences: {said}. {done}")
    if any({"log", "occupancy"} <= {*one.said_by, *one.not_by} and _apart(one) for one in whole.drift):
        options.say(
            "Where log and occupancy differ somebody changed the database by hand. Bookings are judged by"
            " occupancy; look at each, and book, move or cancel until both agree."
        )


def _apart(one: Drift) -> bool:
    return ("log" in one.said_by) != ("occupancy" in one.said_by)


def _days(first: date, last: date) -> int:
    return (last - first).days + 1
