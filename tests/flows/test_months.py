"""Months and weeks are the sum of their days, whatever happens in between."""

import random
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from types import MappingProxyType

import pytest

from deskcal.core.access import INSTALLATION
from deskcal.core.aggregates import Severity, Stretch, Summary
from deskcal.core.clinic import Closure, Location, Provider
from deskcal.core.localtime import local_day
from deskcal.core.refusals import Refusal
from deskcal.core.rota import parse_words
from deskcal.core.slot import Slot, SlotState
from deskcal.core.span import Span
from deskcal.flows import aggregates, book, calendar, closures, hold, providers, resources, rules
from deskcal.flows.aggregates import Asked, dates, window_of
from deskcal.flows.board import Board, View
from deskcal.store.database import Database
from house import House, build_house

FREE = {SlotState.AVAILABLE, SlotState.LIMITED}
EIGHT_DAYS = 8


@dataclass(kw_only=True)
class Clinic:
    """A clinic over the days in which its clocks go back, with a provider in another zone, and its time."""

    house: House
    database: Database
    board: Board
    away: Location
    days: list[date]
    now: datetime
    tokens: list[str] = field(default_factory=list)

    async def view(self, board: Board) -> View:
        return await board.view(self.house.clinic.id, window_of(self.days), self.now)

    def questions(self) -> list[Asked]:
        house = self.house
        return [
            Asked(),
            Asked(service_id=house.exam.id),
            Asked(service_id=house.group.id),
            Asked(provider_id=house.chen.id),
            Asked(location_id=self.away.id, service_id=house.group.id),
        ]

    async def act(self, chance: random.Random) -> None:
        """Let a desk do something, or let time pass."""
        house, asking = self.house, self.house.asking(self.now)
        what = chance.choice(("hold", "hold", "hold", "book", "book", "release", "wait"))
        service = chance.choice((house.consult, house.exam, house.group))
        provider = chance.choice((house.perez, house.chen))
        hour = chance.choice((0, 1, 2, 18, 21, 22, 23) if chance.random() < 0.3 else (9, 10, 11))
        start = house.at(hour, chance.choice((0, 30)), day=chance.choice(self.days[:4]))
        with suppress(Refusal):
            match what:
                case "hold":
                    wish = hold.Wish(
                        provider_id=provider.id,
                        service_id=service.id,
                        start=start,
                        patient_id=None,
                        room_id=None,
                        client=None,
                    )
                    placed = await hold.place(self.board, asking, wish, seconds=120)
                    self.tokens.append(placed.token)
                case "book":
                    order = book.Order(
                        patient_id=chance.choice(house.patients).id,
                        provider_id=provider.id,
                        service_id=service.id,
                        start=start,
                        end=None,
                        room_id=None,
                        mode=None,
                        notes=None,
                        seen_at=None,
                    )
                    await book.book(self.board, asking, order)
                case "release" if self.tokens:
                    await hold.release(self.database, asking, self.tokens.pop())
                case _:
                    self.now += timedelta(minutes=chance.choice((1, 3, 45)))


async def make_clinic(database: Database) -> Clinic:
    house = await build_house(database)
    asking = house.asking()
    away = await resources.add_location(database, asking, name="Coast", timezone="America/Los_Angeles")
    offered = MappingProxyType(dict.fromkeys((house.group.id, house.consult.id, house.exam.id)))
    coast = await providers.add(
        database,
        asking,
        Provider(id=INSTALLATION, name="Dr. Coast", timezone="", location_id=away.id, prices=offered),
    )
    for provider, words in ((coast, "00:00-09:00,18:00-24:00"), (house.chen, "00:00-12:00,18:00-24:00")):
        hours = parse_words(["daily", words])
        await providers.set_hours(database, asking, provider.id, hours, first=None, last=None)
    for type_, payload in (("max_daily", {"max_per_day": 2}), ("min_gap", {"min_gap_minutes": 660})):
        await rules.add(database, asking, house.group.id, type_=type_, payload=payload, priority=100)
    change = next(
        day
        for day in dates(asking.now.date() + timedelta(days=30), 366)
        if local_day(day, house.perez.zone).minutes > 1440
    )
    closed = change + timedelta(days=2)
    shut = Closure(id=INSTALLATION, first=closed, last=closed, reason="Holiday")
    await closures.close(database, asking, [shut], dry_run=False)
    first = change - timedelta(days=4)
    return Clinic(
        house=house,
        database=database,
        board=Board(database),
        away=away,
        days=dates(first, EIGHT_DAYS),
        now=house.at(8, day=first).astimezone(UTC),
    )


def summed(view: View, asked: Asked, day: date) -> Summary:
    """Sum up a date from its day view, slot by slot."""
    lanes = calendar.desk_day(
        view,
        on=day,
        service_id=asked.service_id,
        provider_id=asked.provider_id,
        location_id=asked.location_id,
    )
    slots = [slot for lane in lanes for slot in lane.slots]
    coming = [slot for slot in slots if slot.span.start >= view.now]
    free = [slot for slot in slots if slot.state in FREE]
    booked = [
        start
        for page in view.pages
        for (provider_id, service_id), times in page.visits.items()
        for start, _ in times
        for lane in lanes
        if provider_id == lane.provider.id and asked.service_id in {None, service_id}
        if datetime.fromtimestamp(start * 60, lane.provider.zone).date() == day
    ]
    return Summary(
        day=day,
        available=len(free),
        booked=len(booked),
        limited=0 < len(free) <= 0.2 * len(coming),
        full=bool(coming) and not free,
        closed=not slots,
    )


def check_week(found: list[Stretch], coming: list[Slot]) -> None:
    """Compare the stretches of a week with the slots of its days."""
    assert all(one.span.end <= other.span.start for one, other in pairwise(found))
    for one in found:
        inside = [slot for slot in coming if one.span.start <= slot.span.start < one.span.end]
        free = [slot for slot in inside if slot.state in FREE]
        assert inside
        assert one.available == len(free)
        assert set(one.provider_ids) == {slot.provider_id for slot in free}
        assert (one.severity is Severity.FULL) == (not free)
    assert sum(one.available for one in found) == sum(slot.state in FREE for slot in coming)
    assert all(any(one.span.start <= slot.span.start < one.span.end for one in found) for slot in coming)


@pytest.mark.parametrize("seed", range(2))
async def test_a_month_is_the_sum_of_its_days(seed: int, database: Database) -> None:
    """Counts kept from before equal the slots of day views read anew, after every change and as time goes."""
    clinic, chance = await make_clinic(database), random.Random(seed)  # noqa: S311  the same clinic each time
    for _ in range(40):
        await clinic.act(chance)
        kept = await clinic.view(clinic.board)
        anew = await clinic.view(Board(database))
        for asked in clinic.questions():
            found = aggregates.summaries(kept, clinic.days, asked)
            assert found == [summed(anew, asked, day) for day in clinic.days]


async def test_a_week_is_made_of_its_slots(database: Database) -> None:
    """Every slot to come lies in one stretch, and each stretch says what is free in it, and with whom."""
    clinic, chance = await make_clinic(database), random.Random(7)  # noqa: S311  the same
    zone = clinic.house.perez.zone
    whole = Span(
        start=local_day(clinic.days[0], zone).start,
        end=local_day(clinic.days[6], zone).end,
    )
    for _ in range(25):
        await clinic.act(chance)
        view = await clinic.view(clinic.board)
        for asked in clinic.questions():
            lanes = [
                lane
                for day in clinic.days
                for lane in calendar.desk_day(
                    view,
                    on=day,
                    service_id=asked.service_id,
                    provider_id=asked.provider_id,
                    location_id=asked.location_id,
                )
            ]
            slots = [slot for lane in lanes for slot in lane.slots]
            coming = [slot for slot in slots if whole.start <= slot.span.start < whole.end]
            coming = [slot for slot in coming if slot.span.start >= view.now]
            check_week(aggregates.spans(view, clinic.days[:7], asked), coming)


async def test_own_bookings_only(database: Database) -> None:
    """Whoever asks for their own bookings has only these counted, and sees the same slots."""
    clinic = await make_clinic(database)
    house, day = clinic.house, clinic.days[0]
    mine = replace(house.desk, patient_id=house.patients[0].id)
    for patient, hour in ((house.patients[0], 10), (house.patients[1], 13)):
        order = book.Order(
            patient_id=patient.id,
            provider_id=house.perez.id,
            service_id=house.consult.id,
            start=house.at(hour, day=day),
            end=None,
            room_id=None,
            mode=None,
            notes=None,
            seen_at=None,
        )
        await book.book(clinic.board, house.asking(clinic.now), order)
    view = await clinic.view(clinic.board)
    own = await aggregates.own_visits(database, mine, clinic.days)
    by_desk = await aggregates.own_visits(database, house.desk, clinic.days)
    [all_, *_] = aggregates.summaries(view, clinic.days, Asked())
    [few, *_] = aggregates.summaries(view, clinic.days, Asked(), own=own)
    assert (all_.booked, few.booked, len(by_desk)) == (2, 1, 2)
    assert few == replace(all_, booked=1)
    [other, *_] = aggregates.summaries(view, clinic.days, Asked(service_id=house.exam.id), own=own)
    assert other.booked == 0
