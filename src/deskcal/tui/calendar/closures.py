"""Why days are closed."""

from datetime import date

from deskcal.tui.desk import Desk
from deskcal.wire.closures import Closure


class Closures:
    """The clinic's closures: asked for once, and again after news that may concern them."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._known: list[Closure] = []
        self._fresh = False

    async def load(self) -> None:
        """Fetch them, unless nothing has changed. Raises ClientError."""
        if not self._fresh:
            with self._desk.asking() as link:
                self._known = await link.closures()
            self._fresh = True

    def expire(self) -> None:
        """Ask again the next time; until then the reasons stay."""
        self._fresh = False

    def reason(self, day: date) -> str:
        """Give why a date is closed, empty where no closure says so."""
        return next((one.reason for one in self._known if one.first <= day <= one.last), "")
