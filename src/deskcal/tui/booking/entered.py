"""What somebody put into a hold panel."""

from dataclasses import dataclass
from uuid import UUID

from deskcal.wire.people import Patient


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What was put into a panel: the patient, or the text that is to find them, and the reason.

    `parked` is the draft, or the deed in the queue, that it was taken up from.
    """

    patient: Patient | None = None
    text: str = ""
    reason: str = ""
    parked: UUID | None = None

    @property
    def is_typed(self) -> bool:
        """Whether something would be lost that nobody can pick again."""
        return bool(self.reason or self.text)
