"""`deskcal walk-in`: somebody stands at the desk without an appointment."""

from typing import Annotated
from uuid import uuid4
from zoneinfo import ZoneInfo

import typer

from deskcal.cli.instead import instead
from deskcal.cli.names import patient_of, provider_of, service_of
from deskcal.cli.options import options_of
from deskcal.cli.out import print_json
from deskcal.cli.session import Session, with_clinic
from deskcal.cli.when import said_span
from deskcal.client.errors import Refused
from deskcal.wire.booking import Appointment
from deskcal.wire.series import NewWalkIn


def walk_in(
    context: typer.Context,
    patient: Annotated[str, typer.Argument(help="Name or id; a birth year tells namesakes apart.")],
    service: Annotated[str, typer.Argument(help="Title or id.")],
    provider: Annotated[str | None, typer.Argument(help="Name or id; else whoever can soonest.")] = None,
) -> None:
    """Book the next possible time of today, and check the patient in.

    Exits 3 when nobody has time left today, with the nearest free times.
    """

    async def work(session: Session) -> Appointment:
        whom, what = await patient_of(session, patient), await service_of(session, service)
        who = await provider_of(session, provider) if provider else None
        request = NewWalkIn(patient_id=whom.id, service_id=what.id, provider_id=str(who.id) if who else "any")
        try:
            return await session.client.walk_in(session.clinic.id, request, key=str(uuid4()))
        except Refused as refused:
            for line in instead(refused.problem.alternatives or [], session.zone):
                refused.add_note(line)
            raise

    made = with_clinic(context, work)
    if options_of(context).json:
        print_json(made)
        return
    when = said_span(made.start, made.end, ZoneInfo(made.timezone))
    typer.echo(f"{made.patient_name} is checked in: {made.service_title} with {made.provider_name}, {when}.")
