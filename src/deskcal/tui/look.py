"""How a desk looks and which keys it has, as it was started."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from deskcal.tui.marks import ASCII, Marks


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Without a theme the desk takes the one that was chosen last. `problems` are said when it opens."""

    theme: str | None = None
    marks: Marks = ASCII
    keys: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


USUAL = Look()
