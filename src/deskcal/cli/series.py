"""`deskcal series` and `book --repeat`: appointments that recur."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import typer

from deskcal.cli.exits import Exit, Failure
from deskcal.cli.names import patient_of, provider_of, room_of, service_of
from deskcal.cli.options import options_of
from deskcal.cli.out import lines, money, print_json, table
from deskcal.cli.session import Session, read_id, with_clinic
from deskcal.cli.when import day_of, said, said_span, start_of
from deskcal.client.errors import Refused
from deskcal.wire.booking import Appointment, Canceled
from deskcal.wire.calendar import RefusedStart
from deskcal.wire.series import CancelSeriesRequest, NewSeries, SeriesBooked, SeriesJudged, SeriesShown

app = typer.Typer(name="series", help="Appointments that recur.", no_args_is_help=True)

SeriesId = Annotated[str, typer.Argument(help="Its id.")]


@app.command(epilog="Example: deskcal series show 0198d6f2-6c1e-7d3a-9b57-1f0c2a4e8d90")
def show(context: typer.Context, series: SeriesId) -> None:
    """Show the appointments of a series by start, canceled ones too."""
    id_ = _id_of(series)

    async def work(session: Session) -> SeriesShown:
        return await session.client.series(id_)

    found = with_clinic(context, work)
    options = options_of(context)
    if options.json:
        print_json(found)
        return
    options.say(f"{found.series.rule} from {found.series.start:%Y-%m-%d %H:%M}, {found.series.timezone}")
    _rows(context, found.appointments)


@app.command(
    epilog='Example: deskcal series cancel 0198d6f2-6c1e-7d3a-9b57-1f0c2a4e8d90 --from "1 dec" --reason moves'
)
def cancel(
    context: typer.Context,
    series: SeriesId,
    *,
    since: Annotated[
        str | None, typer.Option("--from", help="First day: fri, +3, 24 dec or 2026-12-24; else now.")
    ] = None,
    reason: Annotated[str | None, typer.Option(help="Why.")] = None,
    waive_fee: Annotated[bool, typer.Option("--waive-fee", help="Take no fee: the clinic cancels.")] = False,
) -> None:
    """Cancel the rest of a series; prints each appointment with its fee."""
    id_, options = _id_of(series), options_of(context)
    options.insist("Cancel the rest of this series?")

    async def work(session: Session) -> list[Canceled]:
        zone = ZoneInfo((await session.client.series(id_)).series.timezone)
        request = CancelSeriesRequest(
            since=str(day_of(since, zone, field="from")) if since else None,
            reason=reason,
            waive_fee=waive_fee,
        )
        return await session.client.cancel_series(id_, request, key=str(uuid4()))

    table(
        options,
        with_clinic(context, work),
        {
            "when": lambda one: _when(one.appointment),
            "patient": lambda one: one.appointment.patient_name,
            "provider": lambda one: one.appointment.provider_name,
            "fee": lambda one: money(one.fee_cents, one.appointment.currency),
            "reference": lambda one: one.appointment.reference,
        },
        none="Nothing was canceled.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """What was typed for a booking that recurs, names and times still as words."""

    patient: str
    service: str
    provider: str
    start: str
    room: str | None
    rule: str
    skip: bool
    dry_run: bool

    async def request(self, session: Session) -> tuple[NewSeries, ZoneInfo]:
        """Find what the words mean, and the zone that the times are in."""
        whom, what = await patient_of(session, self.patient), await service_of(session, self.service)
        who = await provider_of(session, self.provider)
        where = await room_of(session, self.room) if self.room else None
        zone = ZoneInfo(who.timezone)
        request = NewSeries(
            patient_id=whom.id,
            service_id=what.id,
            provider_id=who.id,
            start=start_of(self.start, zone).isoformat(),
            recurrence_rule=self.rule,
            room_id=where.id if where else None,
            on_conflict="skip" if self.skip else "fail",
            dry_run=self.dry_run,
        )
        return request, zone


def book_series(context: typer.Context, repeat: Repeat) -> None:
    """Book a series; prints its appointments, and what could not be had."""

    async def work(session: Session) -> SeriesBooked:
        request, zone = await repeat.request(session)
        try:
            return await session.client.book_series(session.clinic.id, request, key=str(uuid4()))
        except Refused as refused:
            for one in refused.problem.verdicts or ():
                if not one.available:
                    refused.add_note(_against(one, zone))
            raise

    done = with_clinic(context, work)
    options = options_of(context)
    if options.json:
        print_json(done)
        return
    _rows(context, done.booked)
    zone = ZoneInfo(done.series.timezone)
    options.say(f"Booked {len(done.booked)}. Series {done.series.id}.")
    for one in done.refused:
        options.say(_against(one, zone))


def judge_series(context: typer.Context, repeat: Repeat) -> None:
    """Print what would come of a series, and end refused where some of it cannot be had."""

    async def work(session: Session) -> tuple[SeriesJudged, ZoneInfo]:
        request, zone = await repeat.request(session)
        return await session.client.judge_series(session.clinic.id, request), zone

    found, zone = with_clinic(context, work)
    options = options_of(context)
    if options.json:
        print_json(found)
    else:
        lines(
            [said_span(one.start, one.end, zone), "can be booked"]
            if one.available
            else [said_span(one.start, one.end, zone), _why(one)]
            for one in found.verdicts
        )
    if not all(one.available for one in found.verdicts):
        raise typer.Exit(Exit.REFUSED)


def _against(one: RefusedStart, zone: ZoneInfo) -> str:
    return f"  {said(one.start, zone)}  {_why(one)}"


def _why(one: RefusedStart) -> str:
    return "; ".join(f"{why.message} ({why.fix})" if why.fix else why.message for why in one.reasons)


def _rows(context: typer.Context, made: Sequence[Appointment]) -> None:
    table(
        options_of(context),
        made,
        {
            "when": _when,
            "patient": lambda one: one.patient_name,
            "provider": lambda one: one.provider_name,
            "service": lambda one: one.service_title,
            "status": lambda one: one.status,
            "reference": lambda one: one.reference,
            "id": lambda one: one.id,
        },
        none="This series has no appointments.",
    )


def _id_of(text: str) -> UUID:
    id_ = read_id(text)
    if id_ is None:
        raise Failure("A series is named by its id. See: deskcal show APPOINTMENT", Exit.USAGE)
    return id_


def _when(appointment: Appointment) -> str:
    return said_span(appointment.start, appointment.end, ZoneInfo(appointment.timezone))
