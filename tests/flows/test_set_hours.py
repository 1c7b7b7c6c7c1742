"""Hours that hold for some dates only."""

from datetime import date

import pytest

from deskcal.core.clinic import Opening
from deskcal.core.refusals import Invalid, NotFound
from deskcal.core.rota import parse_words
from deskcal.flows import book, providers
from deskcal.flows.board import Board
from deskcal.store.database import Database
from flows.test_managing import booked
from house import House


def on(openings: tuple[Opening, ...], day: date) -> list[tuple[int, int]]:
    """List the hours that hold on a date."""
    return sorted(
        (one.opens, one.closes)
        for one in openings
        if one.weekday == day.weekday()
        and (one.valid_from is None or one.valid_from <= day)
        and (one.valid_until is None or day <= one.valid_until)
    )


async def test_a_fortnight_of_other_hours_leaves_the_rest_alone(database: Database, house: House) -> None:
    """Hours set for some dates replace what held on them, before and after stays as it was."""
    first, last = date(2027, 2, 1), date(2027, 2, 14)
    found, _ = await providers.set_hours(
        database,
        house.asking(),
        house.perez.id,
        parse_words(["daily", "08:00-12:00"]),
        first=first,
        last=last,
    )
    assert on(found.openings, date(2027, 1, 31)) == [(540, 1020)]
    assert on(found.openings, first) == [(480, 720)]
    assert on(found.openings, last) == [(480, 720)]
    assert on(found.openings, date(2027, 2, 15)) == [(540, 1020)]


async def test_new_hours_say_which_appointments_fall_outside(database: Database, house: House) -> None:
    """Who set the hours is told of the appointments that no longer fit, and they stay."""
    order = book.Order(
        patient_id=house.patients[0].id,
        provider_id=house.perez.id,
        service_id=house.consult.id,
        start=house.at(16),
        end=None,
        room_id=None,
        mode=None,
        notes=None,
        seen_at=None,
    )
    booked = await book.book(Board(database), house.asking(), order)
    _, outside = await providers.set_hours(
        database, house.asking(), house.perez.id, parse_words(["daily", "09:00-12:00"]), first=None, last=None
    )
    assert [made.id for made in outside] == [booked.id]


async def test_a_dry_run_says_it_and_changes_nothing(database: Database, house: House) -> None:
    """Who only asks is told of the appointments that would fall outside; the hours stay."""
    made = await booked(Board(database), house, house.at(16))
    found, outside = await providers.set_hours(
        database,
        house.asking(),
        house.perez.id,
        parse_words(["daily", "09:00-12:00"]),
        first=None,
        last=None,
        dry_run=True,
    )
    assert [one.id for one in outside] == [made.id]
    assert on(found.openings, house.day) == [(540, 720)]
    still = await providers.find(database, house.desk, house.perez.id)
    assert on(still.openings, house.day) == [(540, 1020)]


async def test_dates_the_wrong_way_round_are_refused(database: Database, house: House) -> None:
    """The last date cannot be before the first."""
    with pytest.raises(Invalid, match="before the first"):
        await providers.set_hours(
            database, house.asking(), house.perez.id, (), first=date(2027, 2, 2), last=date(2027, 2, 1)
        )


async def test_hours_of_nobody_are_not_found(database: Database, house: House) -> None:
    """A provider of no such id has no hours to set."""
    with pytest.raises(NotFound):
        await providers.set_hours(database, house.asking(), house.clinic.id, (), first=None, last=None)
