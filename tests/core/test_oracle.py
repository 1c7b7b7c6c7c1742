"""Slots and verdicts against the oracle: any clinic, in any zone, on any day."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from types import MappingProxyType
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.oracle import Clinic
from core.oracle_hours import Around
from core.random_clinics import SERVICE, clinics
from core.zones import ZONES, change_days
from deskcal.core import bitmap
from deskcal.core.clinic import Provider, Service
from deskcal.core.hours import hours_of, open_bits
from deskcal.core.lane import slots
from deskcal.core.localtime import local_day
from deskcal.core.ranking import TimeOfDay, ranked, soonest
from deskcal.core.rota import parse_words
from deskcal.core.slot import SlotState
from deskcal.core.verdict import gate, reasons

FREE = {SlotState.AVAILABLE, SlotState.LIMITED}
ALWAYS = parse_words(["daily", "00:00-24:00"])


def check(clinic: Clinic) -> None:
    """Compare all slots with the oracle; all providers are looked at in one survey."""
    survey = clinic.survey()
    for provider in clinic.providers:
        found = slots(survey, survey.of(provider))
        assert [(slot.span.start, slot.state, slot.remaining) for slot in found] == clinic.states(provider)
        for slot in found:
            assert (slot.state is SlotState.UNAVAILABLE) == bool(slot.reason)
            assert (slot.state is SlotState.RESERVED) == bool(slot.hold)


@settings(deadline=None, max_examples=60)
@given(clinic=clinics())
def test_slots_are_what_counting_minutes_says(clinic: Clinic) -> None:
    """Every slot is there, in order, once, in its state and with the places that are left."""
    check(clinic)


@pytest.mark.prove
@settings(deadline=None, max_examples=5000)
@given(clinic=clinics())
def test_slots_of_many_clinics(clinic: Clinic) -> None:
    """So it is in thousands of clinics."""
    check(clinic)


@settings(deadline=None, max_examples=40)
@given(clinic=clinics(), odd=st.integers(0, 2000))
def test_a_slot_is_free_if_nothing_speaks_against_it(clinic: Clinic, odd: int) -> None:
    """Each free slot has no reason against it, each other one has; so has any minute between the slots."""
    survey = clinic.survey()
    for provider in clinic.providers:
        starts = survey.of(provider)
        minutes = {*bitmap.positions(starts.offered), odd % clinic.window.minutes}
        for minute in minutes:
            span = starts.span(minute)
            fits = clinic.offers(provider) and clinic.is_open(provider, span.start)
            free = fits and clinic.state(provider, span.start)[0] in FREE
            assert free == (not reasons(survey, provider=provider, span=span))
            assert starts.free >> minute & 1 == (free and starts.offered >> minute & 1)


@settings(deadline=None, max_examples=25)
@given(clinic=clinics())
def test_every_slot_passes_the_gate(clinic: Clinic) -> None:
    """What is shown as a slot is on the grid and inside the hours, whoever has taken it."""
    survey = clinic.survey()
    for provider in clinic.providers:
        for slot in slots(survey, survey.of(provider)):
            gate(provider=provider, service=clinic.service, span=slot.span, now=slot.span.start, on_grid=True)


@settings(deadline=None, max_examples=25)
@given(clinic=clinics(), prefer=st.none() | st.sampled_from(TimeOfDay))
def test_searches_leave_no_free_slot_out(clinic: Clinic, prefer: TimeOfDay | None) -> None:
    """The best slots of all providers are all free slots, each once, the best or the soonest first."""
    survey = clinic.survey()
    free = sorted(
        (start, provider.name)
        for provider in clinic.providers
        for start, state, _ in clinic.states(provider)
        if state in FREE
    )
    for search in (
        ranked(survey, clinic.providers, prefer=prefer, limit=5000),
        soonest(survey, clinic.providers, prefer=prefer, limit=5000),
    ):
        assert sorted((one.span.start, one.starts.provider.name) for one in search) == free
    best = ranked(survey, clinic.providers, prefer=prefer, limit=5000)
    assert all(0 <= one.score <= 100 for one in best)
    assert [one.score for one in best] == sorted((one.score for one in best), reverse=True)


@settings(deadline=None, max_examples=30)
@given(clinic=clinics())
def test_free_plus_busy_is_open(clinic: Clinic) -> None:
    """Minute by minute, all that is open is either free or taken, and nothing else is."""
    minute = Service(id=SERVICE, title="A minute", duration_minutes=1, slot_step_minutes=1)
    prices = MappingProxyType({SERVICE: None})
    for each in clinic.providers:
        provider = replace(each, is_available=True, is_approved=True, prices=prices, daily_maximum=None)
        now = clinic.window.start - timedelta(days=1)
        survey = replace(clinic, service=minute, now=now).survey()
        starts = survey.of(provider)
        taken = starts.offered & ~(starts.unbooked & starts.unheld)
        assert starts.free & taken == 0
        assert starts.free | taken == open_bits(hours_of(provider), clinic.window)


@settings(deadline=None, max_examples=25)
@given(clinic=clinics())
def test_labels_stay_on_the_grid(clinic: Clinic) -> None:
    """With one opening from midnight each slot's minute on the wall clock is a multiple of the step."""
    prices = MappingProxyType({SERVICE: None})
    provider = replace(clinic.providers[0], openings=ALWAYS, windows=(), closures=(), prices=prices)
    service = replace(clinic.service, slot_step_minutes=15, duration_minutes=15)
    survey = replace(clinic, service=service).survey()
    for slot in slots(survey, survey.of(provider)):
        assert slot.span.start.astimezone(provider.zone).minute % 15 == 0


@pytest.mark.prove
@pytest.mark.parametrize("name", ZONES)
def test_all_clock_changes(name: str) -> None:
    """In every zone, on each day of a clock change from 2025 to 2030, the slots are what the oracle says."""
    split = parse_words(["daily", "00:00-01:15,01:15-02:30,02:50-23:20"])
    for day in change_days(name):
        for openings, step, minutes in ((ALWAYS, 30, 30), (split, 20, 45)):
            provider = Provider(
                id=UUID(int=1),
                name="Dr. Perez",
                timezone=name,
                openings=openings,
                prices=MappingProxyType({SERVICE: None}),
            )
            clinic = Clinic(
                providers=(provider,),
                service=Service(
                    id=SERVICE, title="Check-up", duration_minutes=minutes, slot_step_minutes=step
                ),
                rooms=(),
                equipment=(),
                hours={provider.id: Around(hours=hours_of(provider), times=(), day=day)},
                bookings=(),
                window=local_day(day, provider.zone),
                now=datetime.combine(day, time(12), UTC),
            )
            survey = clinic.survey()
            found = slots(survey, survey.of(provider))
            assert [(slot.span.start, slot.state, slot.remaining) for slot in found] == clinic.states(
                provider
            )
