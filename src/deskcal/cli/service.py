"""`deskcal service`: what can be booked."""

from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal

import typer

from deskcal.cli.names import service_of
from deskcal.cli.options import Options, options_of
from deskcal.cli.out import card, money, table
from deskcal.cli.session import Session, with_clinic
from deskcal.core.refusals import Invalid
from deskcal.wire.catalog import NewService, Service

app = typer.Typer(help="Services: add, list, show.", no_args_is_help=True)


@app.command(epilog='Example: deskcal service add "Check-up" --duration 30 --price 80.00 --room-type exam')
def add(
    context: typer.Context,
    title: str,
    *,
    duration: Annotated[int, typer.Option(min=1, max=1440, help="Minutes.")],
    buffer_before: Annotated[int, typer.Option(min=0, max=1440, help="Minutes kept free before.")] = 0,
    buffer_after: Annotated[int, typer.Option(min=0, max=1440, help="Minutes kept free after.")] = 0,
    step: Annotated[
        int | None, typer.Option(min=1, max=1440, help="Minutes between starts; else the duration.")
    ] = None,
    capacity: Annotated[int, typer.Option(min=1, max=500, help="Seats of a group session.")] = 1,
    price: Annotated[str, typer.Option(help="Such as 80.00.")] = "0",
    modality: Annotated[
        Literal["in_person", "telehealth"], typer.Option(help="Where it happens.")
    ] = "in_person",
    room_type: Annotated[str | None, typer.Option(help="Type of room it needs; else none.")] = None,
) -> None:
    """Add a service; providers offer it once they are given it."""
    request = NewService(
        title=title,
        duration_minutes=duration,
        buffer_before_minutes=buffer_before,
        buffer_after_minutes=buffer_after,
        slot_step_minutes=step,
        capacity=capacity,
        price_cents=_cents(price),
        modality=modality,
        room_type=room_type,
    )

    async def work(session: Session) -> Service:
        return await session.client.add_service(request)

    _card(options_of(context), with_clinic(context, work))


@app.command("list", epilog="Example: deskcal service list")
def list_(context: typer.Context) -> None:
    """List the clinic's services by title."""
    table(
        options_of(context),
        with_clinic(context, lambda session: session.client.services()),
        {
            "title": lambda one: one.title,
            "minutes": lambda one: one.duration_minutes,
            "price": lambda one: money(one.price_cents, one.currency),
            "where": lambda one: one.room_type or one.modality,
            "id": lambda one: one.id,
        },
        none='There is no service yet. Add one: deskcal service add "Consultation" --duration 30',
    )


@app.command(epilog="Example: deskcal service show Consultation")
def show(context: typer.Context, service: Annotated[str, typer.Argument(help="Title or id.")]) -> None:
    """Show a service."""
    _card(options_of(context), with_clinic(context, lambda session: service_of(session, service)))


def _card(options: Options, service: Service) -> None:
    policy = service.cancellation_policy
    card(
        options,
        service,
        {
            "title": service.title,
            "id": service.id,
            "minutes": service.duration_minutes,
            "buffer before": service.buffer_before_minutes,
            "buffer after": service.buffer_after_minutes,
            "starts every": service.slot_step_minutes,
            "seats": service.capacity,
            "price": money(service.price_cents, service.currency),
            "modality": service.modality,
            "room type": service.room_type,
            "cancel free until": f"{policy.free_until_hours} h before",
            "fee after that": money(policy.fee_cents, service.currency),
        },
    )


def _cents(price: str) -> int:
    try:
        cents = Decimal(price) * 100
    except InvalidOperation:
        cents = Decimal("NaN")
    if not cents.is_finite() or cents < 0 or cents != int(cents):
        raise Invalid(("price", f'"{price}" is not a price; write it like 80.00'))
    return int(cents)
