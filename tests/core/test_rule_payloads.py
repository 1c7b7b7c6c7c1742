"""Payloads of rules: one form is kept, and what cannot be used is refused by name."""

from collections.abc import Sequence
from uuid import UUID

import pytest

from deskcal.core.refusals import Invalid
from deskcal.core.rule import Rule
from deskcal.core.rules import TYPES, payload_of, read_rule

PEREZ, STONE = UUID(int=2), UUID(int=3)


def rule(type_: str, /, **payload: object) -> Rule:
    return read_rule(type_, payload, id=UUID(int=9), priority=100)


PAYLOADS: Sequence[tuple[str, dict[str, object], dict[str, object] | None]] = (
    ("allowed_provider", {"providerIds": [str(STONE), f" {STONE} "]}, {"provider_ids": [str(STONE)]}),
    ("required_equipment_type", {"equipmentType": " xray "}, {"equipment_type": "xray"}),
    ("required_equipment_type", {"equipment_type": "xray", "min_units": 3}, None),
    ("min_gap", {"minGapMinutes": 15}, {"min_gap_minutes": 15}),
    ("room_type", {"roomType": "exam"}, {"room_types": ["exam"]}),
    ("room_type", {"room_types": ["lab", "exam"]}, {"room_types": ["exam", "lab"]}),
    ("max_daily", {"maxPerDay": 8}, {"max_per_day": 8}),
    ("lead_time", {"minHours": 2, "maxDays": 0}, {"min_minutes": 120, "max_days": 0}),
    ("lead_time", {"no_same_day": True}, None),
    ("lead_time", {"min_minutes": 45, "no_same_day": False}, {"min_minutes": 45}),
    (
        "blackout_dates",
        {
            "dates": ["2026-12-25", {"start": "2026-07-01", "end": "2026-07-14"}, "2026-12-25"],
            "reason": " away ",
        },
        {"dates": [{"start": "2026-07-01", "end": "2026-07-14"}, "2026-12-25"], "reason": "away"},
    ),
)


@pytest.mark.parametrize(("type_", "payload", "kept"), PAYLOADS)
def test_payload(type_: str, payload: dict[str, object], kept: dict[str, object] | None) -> None:
    """What was written is kept as the contract spells it (None: as it is), and reads back the same."""
    read = read_rule(type_, payload, id=UUID(int=9), priority=7)
    assert payload_of(read) == (kept or payload)
    assert read_rule(type_, payload_of(read), id=read.id, priority=read.priority) == read
    assert (read.id, read.priority) == (UUID(int=9), 7)


def test_every_type_has_a_payload() -> None:
    """The payloads above are of all types that there are."""
    assert {type_ for type_, _, _ in PAYLOADS} == set(TYPES)


WHOLE = "write a whole number from 1 on"
EMPTY = "write a text that is not empty"
DATES = 'write each as "YYYY-MM-DD" or as {"start": "YYYY-MM-DD", "end": "YYYY-MM-DD"}'


@pytest.mark.parametrize(
    ("type_", "payload", "wrong"),
    [
        ("max_daily", {}, {"max_per_day": WHOLE}),
        ("max_daily", {"max_per_day": 0}, {"max_per_day": WHOLE}),
        ("max_daily", {"max_per_day": True}, {"max_per_day": WHOLE}),
        ("max_daily", {"maxPerDay": 8.0}, {"max_per_day": WHOLE}),
        ("max_daily", {"max_per_day": None}, {"max_per_day": WHOLE}),
        (
            "max_daily",
            {"most": 8},
            {"most": "is not known here; write max_per_day", "max_per_day": WHOLE},
        ),
        ("min_gap", {"min_gap_minutes": 721}, {"min_gap_minutes": "write a whole number from 1 to 720"}),
        ("room_type", {}, {"room_types": "write a list of texts, at least one"}),
        ("room_type", {"room_type": "  "}, {"room_type": EMPTY}),
        ("room_type", {"room_types": "exam"}, {"room_types": "write a list of texts, at least one"}),
        ("room_type", {"room_types": ["exam", 7]}, {"room_types": EMPTY}),
        (
            "room_type",
            {"room_type": "exam", "roomTypes": ["lab"]},
            {"roomTypes": "says again what another key says; write one of them"},
        ),
        (
            "required_equipment_type",
            {"min_units": 0},
            {"equipment_type": EMPTY, "min_units": "write a whole number from 1 to 100"},
        ),
        ("allowed_provider", {"provider_ids": []}, {"provider_ids": "write a list of ids, at least one"}),
        (
            "allowed_provider",
            {"provider_ids": ["perez"]},
            {"provider_ids": f'"perez" is not an id; write it like {UUID(int=1)}'},
        ),
        ("lead_time", {"no_same_day": 1}, {"no_same_day": "write true or false"}),
        ("lead_time", {"max_days": -1}, {"max_days": "write a whole number from 0 to 3660"}),
        (
            "lead_time",
            {"min_hours": 2, "min_minutes": 120},
            {"min_minutes": "says again what another key says; write one of them"},
        ),
        ("blackout_dates", {"dates": [20260309]}, {"dates": DATES}),
        ("blackout_dates", {"dates": [{"start": "2026-03-09"}]}, {"dates": DATES}),
        (
            "blackout_dates",
            {"dates": [{"start": "2026-03-09", "end": "2026-03-10", "x": 1}]},
            {"dates": DATES},
        ),
        (
            "blackout_dates",
            {"dates": ["2026-02-29"], "reason": ""},
            {
                "dates": '"29" is not a day in 2026-02-29; February 2026 ends on 28',
                "reason": EMPTY,
            },
        ),
        (
            "blackout_dates",
            {"dates": [{"start": "2026-03-10", "end": "2026-03-09"}]},
            {"dates": "2026-03-09 is before 2026-03-10; write the first date as start"},
        ),
    ],
)
def test_bad_payload(type_: str, payload: dict[str, object], wrong: dict[str, str]) -> None:
    """Every key that is wrong or missing is named, with what to write."""
    with pytest.raises(Invalid) as refusal:
        rule(type_, **payload)
    assert dict(refusal.value.fields) == {f"payload.{key}": message for key, message in wrong.items()}


@pytest.mark.parametrize("payload", [{}, {"no_same_day": False}])
def test_lead_time_that_says_nothing(payload: dict[str, object]) -> None:
    """A lead time needs at least one of its terms."""
    with pytest.raises(Invalid) as refusal:
        rule("lead_time", **payload)
    message = "write min_minutes or min_hours, max_days, or no_same_day as true"
    assert refusal.value.fields == (("payload", message),)


def test_unknown_type() -> None:
    """Who mistypes a type is told all of them; the provider's own maximum is none."""
    with pytest.raises(Invalid) as refusal:
        rule("daily_maximum", most=3)
    ((field, message),) = refusal.value.fields
    assert field == "type"
    assert message == (
        '"daily_maximum" is not a type of rule; write allowed_provider, blackout_dates, lead_time, max_daily,'
        " min_gap, required_equipment_type, room_type"
    )
