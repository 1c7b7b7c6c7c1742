"""The views last shown, with their age, so that the desk can open before the server answers, or without."""

import asyncio
import sqlite3
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TypeVar

import msgspec

from deskcal.wire.shape import Shape

ShapeT = TypeVar("ShapeT", bound=Shape)
MOST = 60
OLDEST = timedelta(days=8)
_KEEP = """
insert into views values (?, ?, ?, ?, ?)
on conflict (scope, kind, key) do update set as_of = excluded.as_of, body = excluded.body
"""
_BOUND = """
delete from views where as_of < ?1 or (scope, kind, key) in (
    select scope, kind, key from views where scope = ?2 and kind = ?3 order by as_of desc limit -1 offset ?4
)
"""


class Views:
    """The newest sixty of a kind, none older than eight days. `keep` only notes; `flush` writes."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.scope = ""
        self._connection = connection
        self._noted: dict[tuple[str, str, str], tuple[Shape, datetime]] = {}

    def keep(self, kind: str, key: str, shown: Shape, as_of: datetime) -> None:
        """Remember what is shown. Costs no more than a note until the next flush."""
        if self.scope:
            self._noted.pop((self.scope, kind, key), None)
            self._noted[self.scope, kind, key] = (shown, as_of)

    async def flush(self) -> None:
        """Write what was noted, off the event loop."""
        if self._noted:
            await asyncio.to_thread(self.flush_now)

    def flush_now(self) -> None:
        """Write what was noted; a full disk costs the snapshot, not the desk."""
        noted, self._noted = self._noted, {}
        with suppress(sqlite3.Error):
            for (scope, kind, key), (shown, as_of) in noted.items():
                body = msgspec.json.encode(shown)
                self._connection.execute(_KEEP, (scope, kind, key, as_of.timestamp(), body))
                oldest = (as_of - OLDEST).timestamp()
                self._connection.execute(_BOUND, (oldest, scope, kind, MOST))

    def read(self, kind: str, key: str, shape: type[ShapeT]) -> ShapeT | None:
        """Find a view; one in a form that this deskcal does not know is none."""
        shown, _ = self._noted.get((self.scope, kind, key), (None, None))
        if isinstance(shown, shape):
            return shown
        found = self._connection.execute(
            "select body from views where scope = ? and kind = ? and key = ?", (self.scope, kind, key)
        ).fetchone()
        with suppress(msgspec.DecodeError):
            return msgspec.json.decode(found[0], type=shape) if found else None
        return None

    def every(self, kind: str, shape: type[ShapeT]) -> list[ShapeT]:
        """Read all of a kind, the newest first."""
        noted = [key for scope, noted, key in reversed(self._noted) if (scope, noted) == (self.scope, kind)]
        stored = self._connection.execute(
            "select key from views where scope = ? and kind = ? order by as_of desc", (self.scope, kind)
        )
        keys = dict.fromkeys([*noted, *(key for [key] in stored.fetchall())])
        return [found for key in keys if (found := self.read(kind, key, shape))]
