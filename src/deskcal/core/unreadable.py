"""A kept rule that cannot be read any more: nothing is booked against it until an admin mends it."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from deskcal.core import bitmap
from deskcal.core.refusals import Invalid
from deskcal.core.rule import Case, Rule
from deskcal.core.rules import read_rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable(Rule):
    """It refuses every start; `kept_type` and `payload` are as they are kept, `wrong` says what is wrong."""

    type = "unreadable"
    kept_type: str
    payload: Mapping[str, object]
    wrong: str

    def refused(self, case: Case) -> int:
        return bitmap.full(case.window)

    def reason(self, case: Case) -> tuple[str, str | None]:
        message = f"the rule {self.kept_type} of {case.service.title} cannot be read"
        return message, "ask an admin to remove that rule and to write it anew"


def restored(type_: str, payload: Mapping[str, object], *, id: UUID, priority: int) -> Rule:  # noqa: A002  the field's name
    """Read a rule as it is kept; Unreadable in place of Invalid."""
    try:
        return read_rule(type_, payload, id=id, priority=priority)
    except Invalid as refusal:
        return Unreadable(id=id, priority=priority, kept_type=type_, payload=payload, wrong=str(refusal))
