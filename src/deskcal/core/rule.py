"""What a rule of a service is: it says at which minutes a booking may not start, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Literal
from uuid import UUID

from deskcal.core.needs import Needs
from deskcal.core.slot import Visit
from deskcal.core.span import Span

if TYPE_CHECKING:
    from deskcal.core.clinic import Provider, Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a rule judges: one provider and service, for every start in a window of whole minutes.

    `visits` has all bookings that the rule counts, held ones too: of this service with anybody or of this
    provider with any service, that start on a local day that the window touches, or up to a day before or
    after. The booking that is judged is not among them.
    """

    provider: "Provider"
    service: "Service"
    window: Span
    now: datetime
    visits: Sequence[Visit] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Base of the rules. `id` and `priority` are of its row; the highest priority speaks first."""

    type: ClassVar[str]
    counts: ClassVar[bool] = False
    """Tells whether it looks at other bookings: a writer takes a lock before judging by it."""
    counts_of: ClassVar[Literal["provider", "service"]] = "provider"
    """Whose bookings it looks at."""

    id: UUID
    priority: int = 100

    def needs(self, needs: Needs) -> Needs:
        """Add what a booking needs by this rule."""
        return needs

    def refused(self, case: Case) -> int:  # noqa: ARG002  a rule that only needs something looks at no case
        """Set the minutes of the window at which a booking may not start: bit i is minute i."""
        return 0

    def reason(self, case: Case) -> tuple[str, str | None]:
        """Say why it refuses a start in this window, and what would help."""
        raise NotImplementedError

    def reach(self, service: "Service") -> int:  # noqa: ARG002  most rules end with the day
        """Give the minutes before and after the local day of a start in which bookings matter too."""
        return 0
