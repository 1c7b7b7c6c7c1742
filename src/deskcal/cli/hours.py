"""`deskcal provider set-hours`: a week in words or as a file, and what falls outside it."""

from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
import typer

from deskcal.cli.names import provider_of
from deskcal.cli.options import options_of
from deskcal.cli.out import lines, print_json
from deskcal.cli.session import Session, with_clinic
from deskcal.cli.standing import standing
from deskcal.cli.when import day_of
from deskcal.core.refusals import Invalid
from deskcal.core.rota import DAYS, from_weekly_form, parse_words, to_weekly_form
from deskcal.wire.booking import Appointment
from deskcal.wire.catalog import Schedule, WorkingDay


def set_hours(
    context: typer.Context,
    provider: Annotated[str, typer.Argument(help="Name or id.")],
    spec: Annotated[
        list[str] | None, typer.Argument(help="Days and hours, as often as needed; days not named are off.")
    ] = None,
    *,
    from_: Annotated[str | None, typer.Option("--from", help="First date; else for good.")] = None,
    until: Annotated[str | None, typer.Option(help="Last date, inclusive; else for good.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would fall outside, only.")] = False,
    json_file: Annotated[
        Path | None, typer.Option(help="The weekly form of the HTTP API, instead of words.")
    ] = None,
) -> None:
    """Replace a provider's hours; prints them, and the appointments that fall outside now.

    Those appointments stay booked. Times are on the wall clock where the provider works.
    """
    week = _week(spec, json_file)

    async def work(session: Session) -> tuple[str, ZoneInfo, dict[str, Any]]:
        found = await provider_of(session, provider)
        zone = ZoneInfo(found.timezone)
        week.valid_from = day_of(from_, zone, field="from") if from_ else week.valid_from
        week.valid_until = day_of(until, zone, field="until") if until else week.valid_until
        week.dry_run = dry_run
        return found.name, zone, await session.client.set_schedule(found.id, week)

    name, zone, answer = with_clinic(context, work)
    options = options_of(context)
    if options.json:
        print_json(answer)
        return
    lines(week_lines(week))
    outside = msgspec.convert(answer["appointmentsOutside"], list[Appointment])
    bounds = [
        f"{word} {day}" for word, day in (("from", week.valid_from), ("until", week.valid_until)) if day
    ]
    works = "would work so" if dry_run else "works so"
    options.say(f"{' '.join([name, works, *bounds])}. Times shown in {zone.key}.")
    standing(options, outside, zone, why=f"{'would be' if dry_run else 'are'} outside these hours now")


def week_lines(week: Schedule) -> list[tuple[str, str]]:
    """Say each day of a week: monday, 09:00-12:00,13:00-17:00."""
    form = {day: msgspec.to_builtins(_day(week, day)) for day in DAYS}
    hours: dict[str, list[str]] = {day: [] for day in DAYS}
    for opening in from_weekly_form(form):
        ends = (f"{minute // 60:02}:{minute % 60:02}" for minute in (opening.opens, opening.closes))
        hours[DAYS[opening.weekday]].append("-".join(ends))
    return [(day, ",".join(spans) or "off") for day, spans in hours.items()]


def _day(week: Schedule, day: str) -> WorkingDay:
    found: WorkingDay = getattr(week, day)
    return found


def _week(spec: list[str] | None, json_file: Path | None) -> Schedule:
    if bool(spec) == bool(json_file):
        raise Invalid(("hours", "give words such as mon-fri 09:00-17:00, or --json-file, not both"))
    if json_file is None:
        return msgspec.convert(to_weekly_form(parse_words(spec or ())), Schedule)
    try:
        week = msgspec.json.decode(json_file.read_bytes(), type=Schedule)
        week_lines(week)
    except (OSError, msgspec.MsgspecError) as error:
        raise Invalid(("json-file", f"{json_file} cannot be used: {error}")) from error
    return week
