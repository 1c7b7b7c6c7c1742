"""Quitting with a hold open: one question, asked only then."""

from deskcal.tui.question import Question


class Leave(Question):
    """Answers True to release the hold and quit."""

    def __init__(self, what: str) -> None:
        super().__init__("Quit?", f"You still hold {what}. Enter releases it and quits, esc goes back.")
