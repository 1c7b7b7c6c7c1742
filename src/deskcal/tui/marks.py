"""The marks that stand for states, in ASCII, or as signs that are one column wide in every terminal."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """One sign each."""

    mine: str = "*"
    elsewhere: str = "~"
    closed: str = "."
    arrived: str = "A"
    no_show: str = "D"
    alarm: str = "!"

    @property
    def states(self) -> str:
        """What the signs of times mean, in one line."""
        return (
            f"+ free  2 left  {self.mine} held here  {self.elsewhere} other desk  name booked  | goes on  "
            f"{self.closed * 3} closed  > now"
        )

    @property
    def statuses(self) -> str:
        """What the signs of patients mean."""
        return f"{self.arrived} here S room L left {self.no_show} no-show"

    @property
    def short(self) -> str:
        """Both, where there is little room."""
        return (
            f"+ free  2 left  {self.mine} here  {self.elsewhere} elsewhere  | goes on  "
            f"{self.closed * 3} closed  {self.arrived} S L {self.no_show} status"
        )

    def letters(self) -> Mapping[str, str]:
        """Give the sign of each status that has one."""
        return {"checked_in": self.arrived, "in_progress": "S", "completed": "L", "no_show": self.no_show}


ASCII = Marks()
UNICODE = Marks(
    mine="\N{WHITE CIRCLE WITH UPPER RIGHT QUADRANT}",
    elsewhere="\N{DOTTED CIRCLE}",
    closed="\N{LIGHT SHADE}",
    arrived="\N{CHECK MARK}",
    no_show="\N{BALLOT X}",
    alarm="\N{WARNING SIGN}",
)
MARKS = {"ascii": ASCII, "unicode": UNICODE}
