"""History: appointments of the past, as they come from another system."""

from dataclasses import replace

from deskcal.core.clinic import Service


def as_history(service: Service) -> Service:
    """Give a service as it stands in the past: neither rules nor rooms are judged after the fact.

    The provider and the patient were in one place nevertheless.
    """
    return replace(
        service,
        buffer_before_minutes=0,
        buffer_after_minutes=0,
        room_type=None,
        room_features=frozenset(),
        equipment_type=None,
        rules=(),
    )
