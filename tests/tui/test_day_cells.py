from datetime import timedelta
from uuid import UUID

import pytest
from rich.style import Style

from deskcal.tui.booking.hold import Hold, Stage
from deskcal.tui.calendar.cells import Cell, State, cell_words
from deskcal.tui.calendar.day import DayModel, SlotNews, model_of, with_news
from deskcal.tui.calendar.strips import STYLED, frame_of, row_strip
from tui.played_book import number
from tui.played_clinic import PlayedClinic

PLAIN = dict.fromkeys(STYLED, Style())


async def lane(
    clinic: PlayedClinic, *, zoom: int = 30, hold: Hold | None = None, service: int = 0
) -> DayModel:
    day = clinic.clock.now.astimezone(clinic.zone).date()
    fetched = await clinic.calendar_day(day, service_id=number(2, service), provider_id=number(1, 1))
    return model_of(fetched, zoom=zoom, desk="Desk 2", hold=hold)


def words(model: DayModel, clinic: PlayedClinic, label: str, *, private: bool = False, width: int = 8) -> str:
    return cell_words(cell(model, label), width, clinic.clock.now, private=private)


def cell(model: DayModel, label: str) -> Cell:
    row = next(n for n, row in enumerate(model.rows) if row.label == label)
    return model.columns[0][row]


async def test_each_state_has_words_of_its_own(clinic: PlayedClinic) -> None:
    """Free, held here and elsewhere, booked, arrived and closed read differently without colours."""
    clinic.other_desk(1, 15)
    clinic.book(1, 16, patient=4, status="checked_in")
    clinic.book(1, 17, patient=0).until = clinic.clock.now + timedelta(seconds=107)
    clinic.busy[-1].by = "Desk 2"
    model = await lane(clinic)
    assert words(model, clinic, "11:00") == "+ 30m"
    assert words(model, clinic, "15:00") == "~1:12 D3"
    assert words(model, clinic, "17:00") == "*1:47 me"
    assert words(model, clinic, "16:00") == "A Wei L"
    assert words(model, clinic, "08:00") == "......."


async def test_long_appointment_goes_on(clinic: PlayedClinic) -> None:
    """An appointment of an hour has its name on the first row and a mark on the one after."""
    model = await lane(clinic)
    assert words(model, clinic, "10:00") == "  Okoye"
    assert words(model, clinic, "10:00", width=11) == "  Okoye T"
    assert words(model, clinic, "10:30") == "  |"
    assert cell(model, "10:30").state is State.BOOKED


async def test_long_slot_goes_on(clinic: PlayedClinic) -> None:
    """On short rows a slot is free along its whole length, and any of its rows holds it."""
    model = await lane(clinic, zoom=15)
    assert words(model, clinic, "11:15") == "  |"
    assert cell(model, "11:15").free[0].start == clinic.at(11)


async def test_coarse_rows_count(clinic: PlayedClinic) -> None:
    """On hour rows free starts are counted, beside names too."""
    clinic.book(1, 14, patient=2)
    model = await lane(clinic, zoom=60)
    assert words(model, clinic, "11:00") == "+ 2 free"
    assert words(model, clinic, "14:00", width=11) == "  Novak +1"


async def test_group_sessions_say_what_is_left(clinic: PlayedClinic) -> None:
    """A group session with two places left says so and can be held, though people are booked in it."""
    for patient in range(4):
        clinic.book(1, 13, patient=patient, length=60)
    model = await lane(clinic, service=2)
    assert words(model, clinic, "13:00") == "2 left"
    assert len(cell(model, "13:00").free) == 1


async def test_privacy(clinic: PlayedClinic) -> None:
    """While the screen is private a name is its initials."""
    assert words(await lane(clinic), clinic, "10:00", private=True) == "  T.O."


async def test_hold_of_this_desk(clinic: PlayedClinic) -> None:
    """This desk's wish shows at once, before any answer."""
    slot = cell(await lane(clinic), "11:00").free[0]
    model = await lane(clinic, hold=Hold(slot=slot))
    assert words(model, clinic, "11:00") == "*pending"
    released = await lane(clinic, hold=Hold(slot=slot, stage=Stage.RELEASED))
    assert words(released, clinic, "11:00") == "+ 30m"


@pytest.mark.parametrize(("status", "expected"), [("reserved", "~1:00 D3"), ("booked", "  taken")])
async def test_news_at_once(clinic: PlayedClinic, status: str, expected: str) -> None:
    """An event blocks every slot that its stretch touches, buffers included, and no other."""
    model = await lane(clinic)
    news = SlotNews(
        timeslot_id="x",
        provider_id=number(1, 1),
        date=model.fetched.date,
        busy_start=clinic.at(11, 15),
        busy_end=clinic.at(11, 45),
        status="reserved" if status == "reserved" else "booked",
        held_until=clinic.clock.now + timedelta(minutes=1),
        held_by="Desk 3",
    )
    after = model_of(with_news(model.fetched, news), zoom=30, desk="Desk 2")
    assert words(after, clinic, "11:00") == words(after, clinic, "11:30") == expected
    assert words(after, clinic, "12:00") == "+ 30m"
    news.provider_id = UUID(int=5)
    assert with_news(model.fetched, news) == model.fetched


async def test_tally_counts_a_hold_once(clinic: PlayedClinic) -> None:
    """However many slots a hold blocks, it is one hold."""
    hold = clinic.book(1, 15, patient=0, length=60)
    hold.until, hold.by = clinic.clock.now + timedelta(seconds=60), "Desk 3"
    model = await lane(clinic)
    assert (model.tally.elsewhere, model.tally.here) == (1, 0)


async def test_line_of_the_grid(clinic: PlayedClinic) -> None:
    """A row is time, now mark, cells and gaps, with the cursor's brackets in the gaps."""
    model = await lane(clinic)
    frame = frame_of(model, width=30, screen_width=120, cursor=0, first=0)
    row = next(n for n, row in enumerate(model.rows) if row.label == "11:00")
    now = clinic.at(11, 10)
    plain = row_strip(model, row, frame, PLAIN, now=now, cursor=0, private=False)
    assert plain.text == "11:00>[+ 30m              ]   "
