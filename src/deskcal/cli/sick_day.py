"""`deskcal provider sick-day`: where the patients of a provider who is away go, and whom to call."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

import typer

from deskcal.cli.exits import Exit, Failure
from deskcal.cli.names import provider_of
from deskcal.cli.options import Options, options_of
from deskcal.cli.out import print_json, table
from deskcal.cli.session import Session, read_id, with_clinic
from deskcal.cli.watching import followed
from deskcal.cli.when import day_of, said, said_span
from deskcal.wire.plans import ApplyPlan, NewSickDay, Plan, PlanItem, PlanPlace

GOING_ON = {"waiting", "moving_back"}
UNSETTLED = GOING_ON | {"no_place", "refused", "skipped", "not_moved_back"}


def sick_day(
    context: typer.Context,
    provider: Annotated[str, typer.Argument(help="Name or id.")],
    date: Annotated[str, typer.Argument(help="The local day: today, fri, 24 dec or 2026-12-24.")],
    *,
    plan: Annotated[bool, typer.Option("--plan", help="Hold new places and show them: the default.")] = False,
    show: Annotated[str | None, typer.Option(metavar="PLAN", help="Show a plan again.")] = None,
    apply: Annotated[str | None, typer.Option(metavar="PLAN", help="Move the patients there.")] = None,
    undo: Annotated[str | None, typer.Option(metavar="PLAN", help="Move them back.")] = None,
    give_up: Annotated[str | None, typer.Option(metavar="PLAN", help="Free the places again.")] = None,
    only: Annotated[
        list[str] | None, typer.Option(metavar="REF", help="With --apply: only these, such as B-20001.")
    ] = None,
    besides: Annotated[
        list[str] | None, typer.Option("--except", metavar="REF", help="With --apply: all but these.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="With --apply: only show who would go.")] = False,
    days: Annotated[int, typer.Option(min=1, max=60, help="How many days later will do.")] = 14,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", dir_okay=False, help="Write the call list there as CSV.")
    ] = None,
) -> None:
    """Give the patients of a provider who is away new places: held at once, taken with --apply.

    Applying gives the provider the day off, and prints whom to call. Exits 3 when somebody has no place.
    """
    way, id_ = _way(plan=plan, show=show, apply=apply, undo=undo, give_up=give_up)
    if way != "apply" and (only or besides or dry_run):
        raise Failure("--only, --except and --dry-run go with --apply PLAN.", Exit.USAGE)

    async def work(session: Session) -> Plan:
        who = await provider_of(session, provider)
        day = day_of(date, ZoneInfo(who.timezone))
        if way == "plan":
            return await session.client.plan_sick_day(who.id, NewSickDay(date=str(day), days=days))
        found = await session.client.plan(_read_plan(id_))
        if (found.provider_id, found.date) != (who.id, day):
            raise Failure(f"That plan is for {found.provider_name} on {found.date}.", Exit.USAGE)
        found.items = _chosen(found.items, only, besides)
        return found if dry_run else await _done(session, way, found)

    found = with_clinic(context, work)
    options = options_of(context)
    _print(options, found)
    if out is not None:
        _write(out, found)
        options.say(f"Written to {out}.")
    if way == "plan":
        _say_next(options, found)
    if way in {"apply", "undo"} and any(item.state in UNSETTLED for item in found.items):
        raise typer.Exit(Exit.REFUSED)


def _way(*, plan: bool, **ways: str | None) -> tuple[str, str]:
    """Tell what is to be done, and to which plan."""
    asked = [(way, id_) for way, id_ in ways.items() if id_ is not None]
    if len(asked) + plan > 1:
        raise Failure("Do one thing at a time: --plan, --show, --apply, --undo or --give-up.", Exit.USAGE)
    return asked[0] if asked else ("plan", "")


async def _done(session: Session, way: str, plan: Plan) -> Plan:
    """Do to a plan what is asked for; gives it as it is after that."""
    client = session.client
    if way == "apply":
        session.options.insist(f"{plan.provider_name} gets {plan.date} off, and patients are moved. Go on?")
        request = ApplyPlan(items=[item.appointment_id for item in plan.items])
        return await _ended(session, await client.apply_plan(plan.id, request))
    if way == "undo":
        session.options.insist("Everybody is moved back whose time is still free. Go on?")
        return await _ended(session, await client.undo_plan(plan.id))
    if way == "give_up":
        await client.discard_plan(plan.id)
    return await client.plan(plan.id)


def _read_plan(text: str) -> UUID:
    id_ = read_id(text)
    if id_ is None:
        raise Failure(f'"{text}" is not the id of a plan; making the plan prints it.', Exit.USAGE)
    return id_


def _chosen(
    items: Sequence[PlanItem], only: Sequence[str] | None, besides: Sequence[str] | None
) -> list[PlanItem]:
    """Take the items of these references, or all but those. Raises Failure for one that is not there."""
    known = {item.reference for item in items}
    wanted, unwanted = (
        {f"B-{ref.upper().removeprefix('B-')}" for ref in refs or ()} for refs in (only, besides)
    )
    if strange := sorted((wanted | unwanted) - known):
        there = ", ".join(sorted(known))
        raise Failure(f"{', '.join(strange)} is not in this plan. There is: {there}", Exit.NOT_FOUND)
    return [
        item for item in items if item.reference not in unwanted and (not wanted or item.reference in wanted)
    ]


async def _ended(session: Session, plan: Plan) -> Plan:
    """Wait for the jobs that work on a plan."""
    for job_id in {item.job_id for item in plan.items if item.job_id and item.state in GOING_ON}:
        await followed(session, await session.client.job(job_id))
    return await session.client.plan(plan.id)


def _print(options: Options, plan: Plan) -> None:
    if options.json:
        print_json(plan)
        return
    table(
        options,
        plan.items,
        {
            "state": lambda item: item.state.replace("_", " "),
            "reference": lambda item: item.reference,
            "patient": lambda item: item.patient_name,
            "phone": lambda item: item.phone,
            "service": lambda item: item.service_title,
            "was": lambda item: _place(item.before, plan),
            "is to be": lambda item: _place(item.after, plan) if item.after else None,
            "because": lambda item: item.reason,
        },
        none=f"{plan.provider_name} has no appointment on {plan.date} that is still to come.",
    )


def _say_next(options: Options, plan: Plan) -> None:
    until = said(plan.expires_at, ZoneInfo(plan.timezone))
    held = sum(item.state == "held" for item in plan.items)
    options.say(f"{held} of {len(plan.items)} have a new place, held until {until}.")
    options.say(f'Next: deskcal provider sick-day "{plan.provider_name}" {plan.date} --apply {plan.id}')


def _write(out: Path, plan: Plan) -> None:
    """Write a line for each call to make, with headings."""
    with out.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(
            ["reference", "patient", "phone", "service", "was", "is to be", "changed", "state", "because"]
        )
        for item in plan.items:
            rows.writerow(
                [
                    item.reference,
                    item.patient_name,
                    item.phone,
                    item.service_title,
                    _place(item.before, plan),
                    _place(item.after, plan) if item.after else "",
                    " ".join(item.changed),
                    item.state,
                    item.reason,
                ]
            )


def _place(place: PlanPlace, plan: Plan) -> str:
    when = said_span(place.start, place.end, ZoneInfo(plan.timezone))
    return " ".join(
        [when, f"with {place.provider_name}", *([f"in {place.room_name}"] if place.room_name else [])]
    )
