"""Hot statements use their indexes, whatever the tables grow to."""

from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

import psycopg
import pytest

from deskcal.store import holds, log, occupancy
from house import House

NOW = datetime(2026, 11, 23, tzinfo=UTC)

A_YEAR = """
insert into occupancy (clinic_id, resource_id, during, session_key, appointment_id)
select %(clinic_id)s, ('00000000-0000-0000-0000-' || lpad(r::text, 12, '0'))::uuid,
  tstzrange(t, t + interval '30 minutes'), nextval('session_keys'), gen_random_uuid()
from generate_series(1, 20) r,
  generate_series('2026-01-01'::timestamptz, '2026-12-31'::timestamptz, interval '6 hours') t
"""

HOT: dict[str, tuple[LiteralString, dict[str, Any], str]] = {
    "what is taken around a day": (
        occupancy.BUSY,
        {"start": NOW - timedelta(days=2), "end": NOW + timedelta(days=3)},
        "occupancy_during",
    ),
    "what stands in the way": (
        occupancy.IN_WAY,
        {"start": NOW, "end": NOW + timedelta(hours=1), "resources": [UUID(int=1), UUID(int=2)]},
        "occupancy_no_overlap",
    ),
    "a hold by its token": (
        holds.COLUMNS + " and token_hash = %(hash)s",
        {"hash": b"x"},
        "holds_clinic_id_token_hash_key",
    ),
    "the log from a number on": (
        log.READ + " order by seq limit %(limit)s",
        {"since": 5, "limit": 100},
        "_pkey on log_2",
    ),
}


@pytest.mark.parametrize("name", HOT)
async def test_hot_statements_use_their_index(name: str, house: House, database_url: str) -> None:
    """With a year of bookings of twenty resources, what is read often is read through its index."""
    query, params, index = HOT[name]
    async with await psycopg.AsyncConnection.connect(database_url) as connection:
        await connection.execute(A_YEAR, {"clinic_id": house.clinic.id})
        await connection.execute("analyze occupancy")
        await connection.execute("set enable_seqscan = off")
        cursor = await connection.execute(
            b"explain (format text) " + query.encode(), {"clinic_id": house.clinic.id, **params}
        )
        plan = "\n".join(line for (line,) in await cursor.fetchall())
    assert index in plan, plan
