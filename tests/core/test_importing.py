"""What a mapping makes of a row, and what is read from its texts."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskcal.core.booking import Status
from deskcal.core.import_row import read_person, read_provider, read_visit
from deskcal.core.importing import FIELDS, FieldMap, ImportKind, Line, Terms
from deskcal.core.localtime import find_zone
from deskcal.core.refusals import Invalid, NonexistentTime

NEW_YORK = find_zone("America/New_York")
VISITS = Terms(kind=ImportKind.APPOINTMENTS, spread=(480, 1020))
VISIT = {"patient": "7", "provider": "Dr. Perez", "service": "Consult", "start": "2026-03-09 09:30"}


def visit(**texts: str) -> Line:
    return Line(number=1, values={name: text for name, text in (VISIT | texts).items() if text})


def test_columns_templates_constants_and_values() -> None:
    """A field is a column, columns put together, a constant, or a text translated; empty ones are missing."""
    mapping = FieldMap(
        columns={"patient": "{Id}/{Age}", "status": "No-show", "time": "Time"},
        constants={"service": "Consult"},
        values={"status": {"Yes": "no_show"}},
    ).fitted(ImportKind.APPOINTMENTS, ["Id", "Age", "No-show", "Time", "Provider"])
    read = mapping.read({"Id": "7", "Age": "30", "No-show": " Yes ", "Time": " ", "Provider": "Dr. Li"})
    assert read == {"service": "Consult", "patient": "7/30", "status": "no_show", "provider": "Dr. Li"}


def test_what_is_typed_goes_over_the_file() -> None:
    """`FIELD=COLUMN` and `FIELD:=value` replace what a mapping file says of the field."""
    said = FieldMap(columns={"name": "A", "phone": "B"}, constants={"email": "x@y"})
    typed = said.over(["name:=Nobody", "email=C", "phone=D=E"])
    assert (typed.columns, typed.constants) == ({"phone": "D=E", "email": "C"}, {"name": "Nobody"})


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["nmae=Name"], "did you mean name?"),
        (["name=Nome"], "did you mean Name?"),
        (["name={First} {Name}"], 'no column "First"'),
        (["name"], "FIELD=COLUMN"),
        ([], "Columns: Name X, Name"),
    ],
)
def test_a_mapping_that_does_not_fit(words: list[str], hint: str) -> None:
    """An unknown field or column is named together with the nearest one and those that there are."""
    header = ["Name X", "Name"] if words else ["Name X", "Name "]
    with pytest.raises(Invalid, match="map") as refused:
        FieldMap().over(words).fitted(ImportKind.PATIENTS, header if words else ["Name X", "Name Y"])
    assert hint.replace("Name X, Name", "Name X, Name Y") in str(refused.value)


def test_reading_a_person() -> None:
    """A birth date is read as the mapping says it is written."""
    terms = Terms(kind=ImportKind.PATIENTS, dates={"date_of_birth": "%d/%m/%Y"})
    values = {"name": "Maria Lopez", "date_of_birth": "12/03/1984", "external_id": "7"}
    assert read_person(Line(number=1, values=values), terms).date_of_birth == date(1984, 3, 12)
    with pytest.raises(Invalid, match="%d/%m/%Y"):
        read_person(Line(number=1, values=values | {"date_of_birth": "1984-03-12"}), terms)


def test_reading_a_provider() -> None:
    """Services stand apart by semicolons, hours are the words of set-hours."""
    terms = Terms(kind=ImportKind.PROVIDERS)
    values = {"name": "Dr. Li", "services": "Consult; Exam;;Consult", "hours": "mon-fri 09:00-17:00"}
    found = read_provider(Line(number=1, values=values), terms)
    assert (found.services, len(found.openings)) == (("Consult", "Exam"), 5)


def test_reading_when() -> None:
    """A start is on the wall clock of the provider, or at its offset; a mere date wants any time."""
    summer, winter = datetime(2026, 7, 9, 13, 30, tzinfo=UTC), datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
    assert read_visit(visit(start="2026-07-09 09:30"), VISITS).instant(NEW_YORK) == summer
    assert read_visit(visit(start="2026-03-02T14:30:00Z"), VISITS).instant(NEW_YORK) == winter
    assert read_visit(visit(start="", date="2026-03-02", time="9:30"), VISITS).instant(NEW_YORK) == winter
    assert read_visit(visit(start="2026-03-02"), VISITS).instant(NEW_YORK) is None
    with pytest.raises(NonexistentTime):
        read_visit(visit(start="2026-03-08 02:30"), VISITS).instant(NEW_YORK)


@pytest.mark.parametrize(
    ("texts", "field"),
    [
        ({"patient": ""}, "patient"),
        ({"provider": ""}, "provider"),
        ({"start": ""}, "start"),
        ({"start": "tomorrow"}, "start"),
        ({"start": "0001-01-01 00:00"}, "start"),
        ({"start": "2026-02-30 09:00"}, "start"),
        ({"start": "", "date": "2026-03-02", "time": "noon"}, "time"),
        ({"status": "gone"}, "status"),
        ({"duration": "0"}, "duration"),
        ({"patient": "7\0"}, "patient"),
        ({"provider": "x" * 201}, "provider"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_read(texts: dict[str, str], field: str) -> None:
    """What is wrong with a row is said of the field that it is wrong with."""
    with pytest.raises(Invalid) as refused:
        read_visit(visit(**texts), VISITS)
    assert [name for name, _ in refused.value.fields] == [field]


def test_a_day_without_a_time_needs_hours_to_spread_over() -> None:
    """Without them a row with a date alone is refused."""
    with pytest.raises(Invalid, match="time"):
        read_visit(visit(start="2026-03-02"), Terms(kind=ImportKind.APPOINTMENTS))


def test_the_status_fits_the_time() -> None:
    """The past is completed unless told otherwise; what is to come is neither completed nor missed."""
    now = datetime(2026, 3, 5, tzinfo=UTC)
    past, coming = datetime(2026, 3, 4, tzinfo=UTC), datetime(2026, 3, 6, tzinfo=UTC)
    plain, missed = read_visit(visit(), VISITS), read_visit(visit(status="no_show"), VISITS)
    assert plain.status_at(past, now) is Status.COMPLETED
    assert plain.status_at(coming, now) is Status.SCHEDULED
    assert missed.status_at(past, now) is Status.NO_SHOW
    with pytest.raises(Invalid):
        missed.status_at(coming, now)


@given(kind=st.sampled_from(ImportKind), texts=st.data())
def test_any_row_is_read_or_refused(kind: ImportKind, texts: st.DataObject) -> None:
    """Whatever stands in a row, it is read or refused with a field; nothing else comes of it."""
    some = st.text("0139:-/TZ+;, xé\0", min_size=1, max_size=12) | st.sampled_from(
        ["2026-03-02", "09:30", "9-17", "mon-fri 09:00-17:00"]
    )
    values = texts.draw(st.dictionaries(st.sampled_from(FIELDS[kind]), some))
    line, terms = Line(number=1, values=values), Terms(kind=kind, spread=(480, 1020))
    readers = {
        ImportKind.PATIENTS: read_person,
        ImportKind.PROVIDERS: read_provider,
        ImportKind.APPOINTMENTS: read_visit,
    }
    try:
        readers[kind](line, terms)
    except Invalid as refusal:
        assert refusal.fields  # noqa: PT017  a row that can be read is as good
