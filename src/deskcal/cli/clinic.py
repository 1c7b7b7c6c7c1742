"""`deskcal clinic`: the clinics of an installation."""

from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from deskcal.cli import closures
from deskcal.cli.edits import changes
from deskcal.cli.options import Options, options_of
from deskcal.cli.out import card, table
from deskcal.cli.rezoning import agreed
from deskcal.cli.session import NO_CLINIC, Session, choose_clinic, with_clinic, with_server
from deskcal.cli.when import said
from deskcal.wire.catalog import Clinic, ClinicChange, NewClinic

app = typer.Typer(help="Clinics: make, list, show, edit, close on days.", no_args_is_help=True)
for command, example in (
    (closures.close, 'deskcal clinic close "24 dec" "25 dec" --reason Christmas --dry-run'),
    (closures.reopen, 'deskcal clinic reopen "25 dec"'),
    (closures.holidays, "deskcal clinic holidays US-NY 2027 --dry-run"),
    (closures.closures, "deskcal clinic closures"),
):
    app.command(epilog=f"Example: {example}")(command)


@app.command(epilog='Example: deskcal clinic create "Hillside" --timezone America/Chicago')
def create(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="What people call it.")],
    *,
    timezone: Annotated[str, typer.Option(help="IANA name, such as America/New_York.")],
    slug: Annotated[str | None, typer.Option(help="Short name for --clinic; else made of the name.")] = None,
) -> None:
    """Make a clinic."""
    request = NewClinic(name=name, timezone=timezone, slug=slug)
    made = with_server(context, lambda client: client.create_clinic(request))
    _card(options_of(context), made)
    options_of(context).say(f'Next: deskcal --clinic {made.slug} provider add "Dr. Perez"')


@app.command("list", epilog="Example: deskcal clinic list")
def list_(context: typer.Context) -> None:
    """List the clinics that your token may see."""
    table(
        options_of(context),
        with_server(context, lambda client: client.clinics()),
        {
            "slug": lambda clinic: clinic.slug,
            "name": lambda clinic: clinic.name,
            "time zone": lambda clinic: clinic.timezone,
            "id": lambda clinic: clinic.id,
        },
        none=NO_CLINIC,
    )


@app.command(epilog="Example: deskcal clinic show riverside")
def show(
    context: typer.Context,
    clinic: Annotated[str | None, typer.Argument(help="Id or slug; else the one of --clinic.")] = None,
) -> None:
    """Show a clinic."""
    options = options_of(context)
    found = with_server(context, lambda client: client.clinics())
    _card(options, choose_clinic(found, clinic or options.settings().clinic))


@app.command(epilog="Example: deskcal clinic edit --limited-percent 25")
def edit(
    context: typer.Context,
    *,
    name: Annotated[str | None, typer.Option(help="What people call it from now on.")] = None,
    limited_percent: Annotated[
        int | None, typer.Option(min=0, max=100, help="Free slots at which a day is shown as limited.")
    ] = None,
) -> None:
    """Change the clinic of --clinic."""
    request = ClinicChange(**changes(name=name, limited_percent=limited_percent))

    async def work(session: Session) -> Clinic:
        clinic = session.clinic
        return await session.client.change_clinic(clinic.id, request, version=clinic.version)

    _card(options_of(context), with_clinic(context, work))


@app.command("set-timezone", epilog="Example: deskcal clinic set-timezone America/Chicago --preview")
def set_timezone(
    context: typer.Context,
    timezone: Annotated[str, typer.Argument(help="IANA name, such as America/New_York.")],
    *,
    preview: Annotated[bool, typer.Option("--preview", help="Say what it would do, and do nothing.")] = False,
) -> None:
    """Move the clinic of --clinic to another time zone.

    Hours and windows stay on the wall clock, the one there from now on; appointments stay at their moment.
    """

    async def work(session: Session) -> Clinic | None:
        clinic, client = session.clinic, session.client
        foreseen = await client.preview_timezone("clinics", clinic.id, timezone)
        if not agreed(session, foreseen, clinic.name, preview=preview):
            return None
        request = ClinicChange(timezone=timezone)
        return await client.change_clinic(clinic.id, request, version=clinic.version)

    if changed := with_clinic(context, work):
        _card(options_of(context), changed)


def _card(options: Options, clinic: Clinic) -> None:
    card(
        options,
        clinic,
        {
            "name": clinic.name,
            "slug": clinic.slug,
            "id": clinic.id,
            "time zone": clinic.timezone,
            "limited at": f"{clinic.limited_percent} % free",
            "time there": said(datetime.now(UTC), ZoneInfo(clinic.timezone)),
        },
    )
