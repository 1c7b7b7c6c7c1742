"""`deskcal calendar`: an appointment as a file for anybody's calendar."""

from pathlib import Path
from typing import Annotated

import typer

from deskcal.cli.managing import Named
from deskcal.cli.names import appointment_of
from deskcal.cli.options import options_of
from deskcal.cli.session import Session, with_clinic


def calendar(
    context: typer.Context,
    appointment: Named,
    *,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", dir_okay=False, help="Where to; else stdout.")
    ] = None,
) -> None:
    """Write an appointment as a calendar file (.ics), to send or to import; it names no patient."""

    async def work(session: Session) -> bytes:
        made = await appointment_of(session, appointment)
        return await session.client.calendar_file(made.id)

    written = with_clinic(context, work)
    if out is None:
        typer.echo(written, nl=False)
        return
    out.write_bytes(written)
    options_of(context).say(f"Written to {out}.")
