"""`deskcal patient`: who comes."""

from typing import Annotated

import typer

from deskcal.cli.names import patient_of
from deskcal.cli.options import Options, options_of
from deskcal.cli.out import card, table
from deskcal.cli.session import Session, with_clinic
from deskcal.cli.when import birth_of
from deskcal.wire.people import NewPatient, Patient

app = typer.Typer(help="Patients: add, find, show.", no_args_is_help=True)
MOST = 200


@app.command(epilog='Example: deskcal patient add "Elena Novak" --dob 1984-03-12 --phone "(212) 555-0142"')
def add(
    context: typer.Context,
    name: str,
    *,
    dob: Annotated[str, typer.Option(help="Date of birth, such as 1984-03-12.")],
    phone: Annotated[str | None, typer.Option(help="As they give it.")] = None,
    email: Annotated[str | None, typer.Option(help="For reminders.")] = None,
) -> None:
    """Add a patient."""
    request = NewPatient(name=name, date_of_birth=birth_of(dob), phone=phone, email=email)

    async def work(session: Session) -> Patient:
        return await session.client.add_patient(request)

    _card(options_of(context), with_clinic(context, work))


@app.command(epilog='Example: deskcal patient find "lopez 1984"')
def find(
    context: typer.Context,
    query: Annotated[list[str], typer.Argument(help="Parts of name, phone or birth date, in any order.")],
) -> None:
    """Find patients; the first 200 by name."""

    async def work(session: Session) -> list[Patient]:
        page = await session.client.patients(" ".join(query), limit=MOST)
        if page.next_cursor is not None:
            session.options.say(f"There are more than {MOST}. Add a birth year or another name.")
        return page.items

    table(
        options_of(context),
        with_clinic(context, work),
        {
            "name": lambda one: one.name,
            "born": lambda one: one.date_of_birth,
            "phone": lambda one: one.phone,
            "email": lambda one: one.email,
            "id": lambda one: one.id,
        },
        none='Nobody is found so. Fewer letters find more; to add: deskcal patient add "NAME" --dob DATE',
    )


@app.command(epilog='Example: deskcal patient show "Maria Lopez 1984"')
def show(context: typer.Context, patient: Annotated[str, typer.Argument(help="Name or id.")]) -> None:
    """Show a patient."""
    _card(options_of(context), with_clinic(context, lambda session: patient_of(session, patient)))


def _card(options: Options, patient: Patient) -> None:
    card(
        options,
        patient,
        {
            "name": patient.name,
            "id": patient.id,
            "born": patient.date_of_birth,
            "phone": patient.phone,
            "email": patient.email,
        },
    )
