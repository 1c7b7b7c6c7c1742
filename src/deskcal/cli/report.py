"""`deskcal report`: what appointments add up to, as numbers, plots and files."""

import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import typer

from deskcal.cli.names import location_of, provider_of, service_of
from deskcal.cli.options import Options, options_of
from deskcal.cli.out import print_json, table
from deskcal.cli.session import Session, with_clinic
from deskcal.cli.when import day_of
from deskcal.client.reports import Reported
from deskcal.core.rota import DAYS
from deskcal.wire.reports import NoShowRow, PeakHoursReport, Report, UseRow, VolumeRow

app = typer.Typer(name="report", help="What appointments add up to.", no_args_is_help=True)

R = TypeVar("R", bound=Report)
Columns = Mapping[str, Callable[[Any], object]]

First = Annotated[str | None, typer.Option("--from", help="First day; else four weeks before the last.")]
Last = Annotated[str | None, typer.Option("--to", help="Last day; else today.")]
OfProvider = Annotated[str | None, typer.Option("--provider", help="Name or id.")]
AtLocation = Annotated[
    str | None, typer.Option("--location", help="Name or id: of those who work there now.")
]
OfService = Annotated[str | None, typer.Option("--service", help="Name or id.")]
Plot = Annotated[bool, typer.Option("--plot", help="Draw it; in a pipe the numbers come all the same.")]
Csv = Annotated[Path | None, typer.Option("--csv", dir_okay=False, help="Write the rows to a file, too.")]
EXAMPLE = "Example: deskcal report"


@app.command(epilog=f"{EXAMPLE} volume --from 2026-01-01 --to 2026-12-31 --per week --plot")
def volume(
    context: typer.Context,
    *,
    first: First = None,
    last: Last = None,
    provider: OfProvider = None,
    location: AtLocation = None,
    service: OfService = None,
    per: Annotated[Literal["day", "week"], typer.Option(help="What has a row: day or week.")] = "day",
    plot: Plot = False,
    csv: Csv = None,
) -> None:
    """Count what was booked for each day, and what became of it."""
    found = _asked(
        context,
        (first, last, provider, location, service),
        lambda session, of: session.client.volume(of, per=per),
    )
    columns: Columns = {
        "date": lambda row: row.date,
        "booked": lambda row: row.booked,
        "completed": lambda row: row.completed,
        "canceled": lambda row: row.canceled,
        "no-shows": lambda row: row.no_shows,
        "walk-ins": lambda row: row.walk_ins,
    }

    def draw(rows: Sequence[VolumeRow]) -> None:
        _bars(f"booked per {per}", {f"{row.date:%m-%d}": row.booked for row in rows})

    total = found.total
    _shown(context, found, found.rows, columns, csv=csv, draw=draw if plot else None)
    _say(
        context,
        found,
        f"{total.booked} booked: {total.completed} completed, {total.canceled} canceled,"
        f" {total.no_shows} no-shows, {total.walk_ins} walk-ins.",
    )


@app.command("no-shows", epilog=f'{EXAMPLE} no-shows --provider "Dr. Perez"')
def no_shows(
    context: typer.Context,
    *,
    first: First = None,
    last: Last = None,
    provider: OfProvider = None,
    location: AtLocation = None,
    service: OfService = None,
    plot: Plot = False,
    csv: Csv = None,
) -> None:
    """Count who missed what was booked: by provider, weekday, and days since it was booked.

    The rate is of patients who came or should have. What the provider missed, what was canceled, and what
    nobody has marked is beside it.
    """
    found = _asked(
        context, (first, last, provider, location, service), lambda session, of: session.client.no_shows(of)
    )
    columns: Columns = {
        "by": lambda row: row.by.replace("_", " "),
        "what": lambda row: row.name,
        "came": lambda row: row.kept,
        "missed": lambda row: row.missed,
        "rate": lambda row: _percent(row.rate),
        "by provider": lambda row: row.missed_by_provider,
        "canceled": lambda row: row.canceled,
        "unmarked": lambda row: row.unmarked,
    }

    def draw(rows: Sequence[NoShowRow]) -> None:
        for by in ("provider", "weekday", "lead_time"):
            rates = {row.name: 100 * (row.rate or 0) for row in rows if row.by == by}
            _bars(f"% missed by {by.replace('_', ' ')}", rates)

    _shown(context, found, found.rows, columns, csv=csv, draw=draw if plot else None)
    for row in found.rows[:1]:
        _say(
            context,
            found,
            f"{row.missed} of {row.kept + row.missed} missed{_percent(row.rate, ', ')}. Left out:"
            f" {row.missed_by_provider} missed by the provider, {row.canceled} canceled,"
            f" {row.unmarked} unmarked.",
        )


@app.command(epilog=f"{EXAMPLE} utilization --from 2026-01-01 --to 2026-12-31 --csv use.csv")
def utilization(
    context: typer.Context,
    *,
    first: First = None,
    last: Last = None,
    provider: OfProvider = None,
    location: AtLocation = None,
    service: OfService = None,
    plot: Plot = False,
    csv: Csv = None,
) -> None:
    """Measure what is booked of what each provider has open.

    Open is what hours, windows and closures leave. What overlaps counts once, and without buffers; a no-show
    counts unless its time was given to others. What lies outside of open hours is beside it.
    """
    found = _asked(
        context,
        (first, last, provider, location, service),
        lambda session, of: session.client.utilization(of),
    )
    columns: Columns = {
        "date": lambda row: row.date,
        "provider": lambda row: row.provider_name,
        "open": lambda row: row.open_minutes,
        "booked": lambda row: row.booked_minutes,
        "rate": lambda row: _percent(row.rate),
        "outside": lambda row: row.outside_minutes,
    }

    def draw(rows: Sequence[UseRow]) -> None:
        opened: dict[str, int] = {}
        booked: dict[str, int] = {}
        for row in rows:
            opened[row.provider_name] = opened.get(row.provider_name, 0) + row.open_minutes
            booked[row.provider_name] = booked.get(row.provider_name, 0) + row.booked_minutes
        _bars("% booked", {name: 100 * booked[name] / minutes for name, minutes in opened.items() if minutes})

    _shown(context, found, found.rows, columns, csv=csv, draw=draw if plot else None)
    total, left = found.total, found.left_out
    _say(
        context,
        found,
        f"{total.booked_minutes} of {total.open_minutes} open minutes booked{_percent(total.rate, ', ')};"
        f" {total.outside_minutes} outside of hours. Left out: {left.canceled} canceled, {left.freed} given"
        f" to others after a no-show, {left.retired} with retired providers.",
    )


@app.command("peak-hours", epilog=f"{EXAMPLE} peak-hours --service Consultation --plot")
def peak_hours(
    context: typer.Context,
    *,
    first: First = None,
    last: Last = None,
    provider: OfProvider = None,
    location: AtLocation = None,
    service: OfService = None,
    plot: Plot = False,
    csv: Csv = None,
) -> None:
    """Count what starts in each hour of each weekday."""
    found = _asked(
        context, (first, last, provider, location, service), lambda session, of: session.client.peak_hours(of)
    )
    columns: Columns = {
        "weekday": lambda row: DAYS[row.weekday],
        "hour": lambda row: f"{row.hour:02}:00",
        "booked": lambda row: row.booked,
    }
    _shown(
        context,
        found,
        found.rows,
        columns,
        csv=csv,
        draw=(lambda _: _heat(found)) if plot else None,
    )
    _say(context, found, f"{found.total} appointments start then. Left out: {found.canceled} canceled.")


def _asked(
    context: typer.Context,
    words: tuple[str | None, ...],
    ask: Callable[[Session, Reported], Awaitable[R]],
) -> R:
    """Ask for a report of what the options name."""
    first, last, provider, location, service = words

    async def work(session: Session) -> R:
        zone = session.zone
        return await ask(
            session,
            Reported(
                first=day_of(first, zone, field="from") if first else None,
                last=day_of(last, zone, field="to") if last else None,
                provider_id=(await provider_of(session, provider)).id if provider else None,
                location_id=(await location_of(session, location)).id if location else None,
                service_id=(await service_of(session, service)).id if service else None,
            ),
        )

    return with_clinic(context, work)


def _shown(
    context: typer.Context,
    found: Report,
    rows: Sequence[Any],
    columns: Columns,
    *,
    csv: Path | None,
    draw: Callable[[Sequence[Any]], None] | None,
) -> None:
    """Print a report as it is wanted, and write its rows to a file."""
    from deskcal.cli.csv_cells import csv_text
    from deskcal.cli.whole_file import whole_text

    options = options_of(context)
    if csv is not None:
        with whole_text(csv) as file:
            file.write(csv_text([[*columns], *([read(row) for read in columns.values()] for row in rows)]))
    if options.json:
        print_json(found)
    elif draw is not None and rows and sys.stdout.isatty():
        draw(rows)
    else:
        table(options, rows, columns, none="Nothing was booked then.")


def _say(context: typer.Context, found: Report, words: str) -> None:
    options: Options = options_of(context)
    options.say(f"{found.from_} to {found.to}: {words}")


def _percent(rate: float | None, before: str = "") -> str:
    return "" if rate is None else f"{before}{rate:.1%}"


def _bars(title: str, heights: Mapping[str, float]) -> None:
    from deskcal.cli.plots import bars

    bars(title, [*heights], [*heights.values()])


def _heat(found: PeakHoursReport) -> None:
    from deskcal.cli.plots import heat

    hours = range(min(row.hour for row in found.rows), max(row.hour for row in found.rows) + 1)
    cells = {(row.weekday, row.hour - hours[0]): row.booked for row in found.rows}
    heat([day[:3] for day in DAYS], [f"{hour:02}" for hour in hours], cells)
