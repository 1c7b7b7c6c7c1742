"""Imports taken back: whole, but for what somebody has touched since."""

from datetime import UTC, datetime

import pytest

from deskcal.core.booking import Status
from deskcal.core.refusals import InvalidStatusChange
from deskcal.core.span import Span
from deskcal.flows import people
from deskcal.flows.import_undoing import undo
from deskcal.flows.progress import Progress, progress
from deskcal.store.database import Database
from flows.importing import ALL, Importer, counted, outcomes, visits
from house import House


@pytest.fixture
def importer(database: Database, house: House) -> Importer:
    return Importer(database, house)


async def test_taken_back(importer: Importer, house: House, database_url: str) -> None:
    """An import that is taken back leaves everything as before, on the board too, and may be taken again."""
    span = Span.of_minutes(house.at(9), 30)
    before = counted(database_url)
    row = {"patient": "7", "patient_name": "New Patient", "location": "West", "provider": "Dr. Noor"}
    rows = (importer.visit(house.at(9)), importer.visit("2020-03-02 09:00") | row | {"service": "Massage"})
    terms = visits(create=ALL, outside_hours=True)
    assert outcomes(await importer.take(terms, *rows)) == ["accepted", "accepted"]
    seen = await importer.board.view(house.clinic.id, span, datetime.now(UTC))
    assert seen.booked(house.perez.id, span).bit_count() == 30
    assert importer.batch is not None
    taken = counted(database_url)
    judged = await undo(importer.board, importer.asking, importer.batch, dry_run=True)
    assert (judged.gone["appointment"], judged.gone["patient"], counted(database_url) == taken) == (
        2,
        1,
        True,
    )
    undone = await undo(importer.board, importer.asking, importer.batch, dry_run=False)
    assert (undone.more, undone.stays, undone.gone) == (False, [], judged.gone)
    assert counted(database_url) == before
    seen = await importer.board.view(house.clinic.id, span, datetime.now(UTC))
    assert seen.booked(house.perez.id, span) == 0
    with pytest.raises(InvalidStatusChange):
        await undo(importer.board, importer.asking, importer.batch, dry_run=False)
    assert outcomes(await importer.take(terms, *rows)) == ["accepted", "accepted"]


async def test_what_was_touched_stays(importer: Importer, house: House) -> None:
    """An appointment that somebody has changed stays when its import is taken back, with its patient."""
    rows = [
        importer.visit(house.at(9), patient_name="New Patient"),
        importer.visit(house.at(10), patient_name="Other Patient"),
    ]
    [kept, other] = await importer.take(visits(create=ALL), *rows)
    assert kept.id
    assert other.id
    assert importer.batch
    await progress(importer.board, house.asking(), kept.id, Progress(status=Status.CONFIRMED), version=None)
    undone = await undo(importer.board, importer.asking, importer.batch, dry_run=False)
    assert {(one.kind, one.kept_because) for one in undone.stays} == {
        ("appointment", "changed since"),
        ("patient", "needed by others now"),
    }
    assert undone.gone == {"appointment": 1, "patient": 1}
    found = await people.search(
        importer.board.database, importer.asking.actor, query="patient", after=None, limit=9
    )
    assert [one.name for one in found] == ["New Patient"]
