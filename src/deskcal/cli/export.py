"""`deskcal export`: what a clinic has, taken elsewhere page by page, in files that are whole or not there."""

from collections.abc import AsyncIterator, Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Literal

import typer

from deskcal.cli import export_forms
from deskcal.cli.appointments import pages
from deskcal.cli.exits import Exit, Failure
from deskcal.cli.export_forms import Texts
from deskcal.cli.names import provider_of
from deskcal.cli.options import options_of
from deskcal.cli.progress import Bars
from deskcal.cli.session import Session, with_clinic
from deskcal.cli.when import day_of
from deskcal.cli.whole_file import whole_text
from deskcal.core.localtime import midnight
from deskcal.wire.booking import Appointment
from deskcal.wire.people import Patient
from deskcal.wire.realtime import LogEntry

app = typer.Typer(help="Take appointments, patients or the log elsewhere.", no_args_is_help=True)

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
A_DAY = timedelta(days=1)
BOM = "\ufeff"

First = Annotated[str | None, typer.Option("--from", help="First day; else from the beginning.")]
Last = Annotated[str | None, typer.Option("--to", help="Last day; else to the end.")]
Out = Annotated[
    Path | None, typer.Option("-o", "--out", dir_okay=False, help="Where to; else, or with -, stdout.")
]
Bom = Annotated[bool, typer.Option("--bom", help="Begin a CSV so that Excel reads its letters right.")]


@app.command(epilog="Example: deskcal export appointments --from 2026-01-01 --to 2026-12-31 -o visits.csv")
def appointments(
    context: typer.Context,
    *,
    first: First = None,
    last: Last = None,
    provider: Annotated[str | None, typer.Option(help="Name or id; else of everybody.")] = None,
    canceled: Annotated[
        bool, typer.Option("--canceled", help="Also canceled ones, which no import takes.")
    ] = False,
    form: Annotated[
        Literal["csv", "jsonl", "ics"], typer.Option("--format", help="What is written.")
    ] = "csv",
    out: Out = None,
    bom: Bom = False,
) -> None:
    """Export appointments by start; `deskcal import appointments` reads the CSV.

    An ics names no patient, as other calendars are not the clinic's.
    """

    async def found(session: Session) -> AsyncIterator[list[Appointment]]:
        who = await provider_of(session, provider) if provider else None
        between = _period(session, first, last)
        async for page in pages(session, between=between, provider_id=who.id if who else None):
            yield [one for one in page if canceled or one.status != "canceled"]

    def written(session: Session) -> Texts:
        if form == "ics":
            return export_forms.ics(session.clinic, found(session))
        if form == "jsonl":
            return export_forms.jsonl(found(session))
        return export_forms.visits_csv(session, found(session))

    _export(context, "appointments", written, out, bom=bom and form == "csv")


@app.command(epilog="Example: deskcal export patients --bom -o patients.csv")
def patients(
    context: typer.Context,
    *,
    form: Annotated[Literal["csv", "jsonl"], typer.Option("--format", help="What is written.")] = "csv",
    out: Out = None,
    bom: Bom = False,
) -> None:
    """Export all patients by name, for admins; `deskcal import patients` reads the CSV."""

    async def found(session: Session) -> AsyncIterator[list[Patient]]:
        page = await session.client.exported_patients()
        yield page.items
        while page.next_cursor is not None:
            page = await session.client.exported_patients(page.next_cursor)
            yield page.items

    def written(session: Session) -> Texts:
        everybody = found(session)
        return export_forms.jsonl(everybody) if form == "jsonl" else export_forms.patients_csv(everybody)

    _export(context, "patients", written, out, bom=bom and form == "csv")


@app.command(epilog="Example: deskcal export log --from 2026-11-01 --format jsonl -o log.jsonl")
def log(
    context: typer.Context,
    *,
    first: First = None,
    last: Last = None,
    form: Annotated[Literal["csv", "jsonl"], typer.Option("--format", help="What is written.")] = "jsonl",
    out: Out = None,
    bom: Bom = False,
) -> None:
    """Export the clinic's log by number: ids and times, no names.

    Days are those on which something happened; all of the log is read for them.
    """

    async def found(session: Session) -> AsyncIterator[list[LogEntry]]:
        begins, ends = _period(session, first, last)
        start, behind = midnight(begins, session.zone), midnight(ends + A_DAY, session.zone)
        page = await session.client.log()
        while page:
            yield [one for one in page if start <= one.occurred_at < behind]
            page = await session.client.log(since=page[-1].seq)

    def written(session: Session) -> Texts:
        entries = found(session)
        return export_forms.jsonl(entries) if form == "jsonl" else export_forms.log_csv(entries)

    _export(context, "entries", written, out, bom=bom and form == "csv")


def _period(session: Session, first: str | None, last: str | None) -> tuple[date, date]:
    begins = day_of(first, session.zone, field="from") if first else EARLIEST
    ends = day_of(last, session.zone, field="to") if last else LATEST
    if ends < begins:
        raise Failure(f"--to {ends} is before --from {begins}.", Exit.USAGE)
    return begins, ends


def _export(
    context: typer.Context, what: str, written: Callable[[Session], Texts], out: Path | None, *, bom: bool
) -> None:
    """Write text as it comes, and tell how far it is."""
    options = options_of(context)

    async def work(session: Session) -> None:
        done = 0
        with Bars(options, done="written") as bars, whole_text(out) as file:
            file.write(BOM if bom else "")
            async for many, text in written(session):
                file.write(text)
                done += many
                bars.tell(what, done, None)
            bars.tell(what, done, done)

    with_clinic(context, work)
