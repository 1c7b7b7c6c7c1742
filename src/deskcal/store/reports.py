"""Appointments counted, each on the local date and hour of the place where it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, LiteralString
from uuid import UUID

from psycopg.types.multirange import TimestamptzMultirange
from psycopg.types.range import TimestamptzRange

from deskcal.core.report import LEAD_DAYS, Attendance, By, Counts, LeftOut, Period, Step, Use, name_of
from deskcal.core.span import Span
from deskcal.store.database import ReadTx
from deskcal.store.listing import LONGEST

EAST, WEST = timedelta(hours=14), timedelta(hours=12)
"""How far from UTC the first and the last place on earth are on a date."""

LOCAL: LiteralString = "(a.starts_at at time zone a.timezone)"

WEEKDAY: LiteralString = "extract(isodow from " + LOCAL + ")::int - 1"
HOUR: LiteralString = "extract(hour from " + LOCAL + ")::int"
DAYS_AHEAD: LiteralString = LOCAL + "::date - (a.created_at at time zone a.timezone)::date"

FROM: LiteralString = " from appointments a "

WITH_PROVIDER: LiteralString = FROM + "join providers d on d.clinic_id = a.clinic_id and d.id = a.provider_id"

WHERE: LiteralString = """
where a.clinic_id = %(clinic_id)s and a.starts_at >= %(earliest)s and a.starts_at < %(behind)s
"""

ON_DATES: LiteralString = " and " + LOCAL + "::date between %(first)s and %(last)s"

GROUPS: Mapping[int, By] = {7: By.ALL, 3: By.PROVIDER, 5: By.WEEKDAY, 6: By.LEAD_TIME}
"""By the bits of grouping(provider_id, weekday, lead), which are set for what a row does not tell."""

USED: LiteralString = "a.status <> 'canceled' and a.freed_at is null"

# What goes over midnight is cut there, as open hours are.
PIECES: LiteralString = """
, generate_series((a.starts_at at time zone a.timezone)::date::timestamp,
    ((a.ends_at - interval '1 us') at time zone a.timezone)::date, interval '1 day') day,
  lateral (select greatest(a.starts_at, day at time zone a.timezone) begins,
    least(a.ends_at, (day + interval '1 day') at time zone a.timezone) ends) piece
"""

MINUTES: LiteralString = (
    "(select coalesce(sum(extract(epoch from upper(r) - lower(r))), 0)::int / 60 from unnest(SPANS) r)"
)
USES: tuple[LiteralString, ...] = ("hours", "booked * hours", "booked - hours")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which appointments are counted; None leaves none out. A location's are those of who works there now."""

    period: Period
    provider_id: UUID | None = None
    location_id: UUID | None = None
    service_id: UUID | None = None


CONDITIONS: Mapping[str, LiteralString] = {
    "provider_id": " and a.provider_id = %(provider_id)s",
    "location_id": " and a.provider_id in (select id from providers"
    " where clinic_id = %(clinic_id)s and location_id = %(location_id)s)",
    "service_id": " and a.service_id = %(service_id)s",
}


def _where(wanted: Wanted) -> LiteralString:
    return WHERE + "".join(text for name, text in CONDITIONS.items() if getattr(wanted, name) is not None)


def _params(wanted: Wanted) -> dict[str, Any]:
    first, last = wanted.period.first, wanted.period.last
    return {
        "first": first,
        "last": last,
        "earliest": datetime.combine(first, time(), UTC) - EAST,
        "behind": datetime.combine(last + timedelta(days=1), time(), UTC) + WEST,
        "provider_id": wanted.provider_id,
        "location_id": wanted.location_id,
        "service_id": wanted.service_id,
    }


def statement(wanted: Wanted, step: Step) -> tuple[LiteralString, dict[str, Any]]:
    """Give the statement that counts appointments by local date, with its parameters."""
    query = (
        "select date_trunc(%(step)s, " + LOCAL + ")::date, count(*),"
        " count(*) filter (where a.status = 'completed'), count(*) filter (where a.status = 'canceled'),"
        " count(*) filter (where a.status = 'no_show'), count(*) filter (where a.walk_in)"
        + (FROM + _where(wanted) + ON_DATES)
        + " group by 1"
    )
    return query, _params(wanted) | {"step": step}


async def counts(tx: ReadTx, wanted: Wanted, step: Step) -> dict[date, Counts]:
    """Count what was booked for each day or week; those without any are left out."""
    query, params = statement(wanted, step)
    return {
        day: Counts(booked=booked, completed=done, canceled=gone, no_shows=missed, walk_ins=walked_in)
        for day, booked, done, gone, missed, walked_in in await tx.rows(query, **params)
    }


async def attendance(tx: ReadTx, wanted: Wanted) -> list[Attendance]:
    """Count who came and who did not: of all, by provider, by weekday, and by days since the booking."""
    rows = await tx.rows(
        "select grouping(provider_id, weekday, lead) as bits, provider_id, name, weekday, lead,"
        " count(*) filter (where status in ('checked_in', 'in_progress', 'completed')),"
        " count(*) filter (where status = 'no_show' and missed_by is distinct from 'provider'),"
        " count(*) filter (where status = 'no_show' and missed_by = 'provider'),"
        " count(*) filter (where status = 'canceled'),"
        " count(*) filter (where status in ('scheduled', 'confirmed'))"
        " from (select a.provider_id, d.name, a.status, a.missed_by, " + WEEKDAY + " as weekday,"
        " width_bucket("
        + DAYS_AHEAD
        + ", %(leads)s::int[]) as lead"
        + (WITH_PROVIDER + _where(wanted) + ON_DATES + ") visits")
        + " group by grouping sets ((), (provider_id, name), (weekday), (lead))"
        + " order by bits desc, name, provider_id, weekday, lead",
        **_params(wanted),
        leads=list(LEAD_DAYS),
    )
    found = []
    for bits, provider_id, name, weekday, lead, kept, missed, by_provider, canceled, unmarked in rows:
        by = GROUPS[bits]
        found.append(
            Attendance(
                by=by,
                provider_id=provider_id,
                name=name_of(by, provider=name, weekday=weekday, lead=lead),
                kept=kept,
                missed=missed,
                missed_by_provider=by_provider,
                canceled=canceled,
                unmarked=unmarked,
            )
        )
    return found


async def use(
    tx: ReadTx, wanted: Wanted, provider_id: UUID, opened: Mapping[date, Sequence[Span]]
) -> dict[date, Use]:
    """Measure how much of what a provider has open on each date is booked."""
    params = _params(wanted)
    rows = await tx.rows(
        "select day, "
        + ", ".join(MINUTES.replace("SPANS", spans) for spans in USES)
        + " from unnest(%(days)s::date[], %(hours)s::tstzmultirange[]) opened(day, hours)"
        + " left join (select day::date, range_agg(tstzrange(begins, ends)) as booked"
        + (FROM + PIECES + _where(wanted) + " and begins < ends and " + USED)
        + " and a.provider_id = %(provider)s group by 1) taken using (day)",
        **(params | {"earliest": params["earliest"] - LONGEST}),
        provider=provider_id,
        days=list(opened),
        hours=[
            TimestamptzMultirange(TimestamptzRange(span.start, span.end) for span in spans)
            for spans in opened.values()
        ],
    )
    return {day: Use(opened=minutes, booked=inside, outside=out) for day, minutes, inside, out in rows}


async def left_out(tx: ReadTx, wanted: Wanted) -> LeftOut:
    """Count what is in no use of any provider."""
    row = await tx.row(
        "select count(*) filter (where a.status = 'canceled'),"
        " count(*) filter (where a.status <> 'canceled' and a.freed_at is not null),"
        " count(*) filter (where "
        + USED
        + " and d.retired_at is not null)"
        + (WITH_PROVIDER + _where(wanted) + ON_DATES),
        **_params(wanted),
    )
    canceled, freed, retired = row or (0, 0, 0)
    return LeftOut(canceled=canceled, freed=freed, retired=retired)


async def starts(tx: ReadTx, wanted: Wanted) -> dict[tuple[int, int], int]:
    """Count what starts in each hour of each weekday, canceled ones left out; 0 is Monday."""
    rows = await tx.rows(
        "select "
        + WEEKDAY
        + ", "
        + HOUR
        + ", count(*)"
        + (FROM + _where(wanted) + ON_DATES)
        + " and a.status <> 'canceled' group by 1, 2 order by 1, 2",
        **_params(wanted),
    )
    return {(weekday, hour): many for weekday, hour, many in rows}
