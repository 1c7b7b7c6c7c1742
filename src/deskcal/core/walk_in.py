"""Walk-ins: what holds for somebody who stands at the desk."""

from dataclasses import replace

from deskcal.core.clinic import Service
from deskcal.core.rules import LeadTime

STEP_MINUTES = 5


def as_walk_in(service: Service) -> Service:
    """Give a service as walk-ins get it: every five minutes, and however short before.

    A lead time is there so that nobody books from afar what the clinic cannot prepare for; whoever takes in
    a patient at the desk has decided that it can. Every other rule holds.
    """
    rules = tuple(rule for rule in service.rules if not isinstance(rule, LeadTime))
    return replace(service, slot_step_minutes=STEP_MINUTES, rules=rules)
