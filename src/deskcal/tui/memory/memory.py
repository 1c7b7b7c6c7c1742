"""What one desk remembers of one clinic: the views last shown, drafts, the queue and its own settings."""

import sqlite3
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from deskcal.tui.memory.drafts import Drafts
from deskcal.tui.memory.file import forgetting, remembering
from deskcal.tui.memory.intents import Intents
from deskcal.tui.memory.views import Views
from deskcal.wire.catalog import Clinic, Service
from deskcal.wire.resources import Room
from deskcal.wire.shape import Shape

CATALOGUE = "catalogue"


class Catalogue(Shape, kw_only=True):
    """What a day is drawn with, besides the day itself."""

    clinic: Clinic
    services: list[Service]
    rooms: list[Room]
    providers: dict[UUID, str]


class Memory:
    """Keyed by server and clinic, so that two of them never mix. `words` is what to tell people first."""

    def __init__(self, folder: Path | None = None, *, url: str = "", clinic_id: UUID | None = None) -> None:
        """Open it; without a folder it ends with the desk. Without a clinic, the last one at that server."""
        self.folder = folder
        self._url = url.rstrip("/")
        self._connection, self.words = remembering(folder) if folder else (forgetting(), "")
        self.views = Views(self._connection)
        self.drafts = Drafts(self._connection)
        self.intents = Intents(self._connection)
        known = str(clinic_id) if clinic_id else self._setting(self._url, "clinic")
        if known:
            self._turn_to(known)

    def serves(self, clinic_id: UUID) -> None:
        """Turn to the clinic that the server named."""
        if not self.views.scope.endswith(f" {clinic_id}"):
            self._turn_to(str(clinic_id))
        self._set(self._url, "clinic", str(clinic_id))

    @property
    def catalogue(self) -> Catalogue | None:
        return self.views.read(CATALOGUE, "", Catalogue)

    def setting(self, name: str) -> str | None:
        """Give what the desk was set to when it ran last."""
        return self._setting(self.views.scope, name)

    def set(self, name: str, value: str) -> None:
        self._set(self.views.scope, name, value)

    def forget(self, parked: UUID) -> None:
        """Drop a draft, or a deed in the queue, that came to its end another way."""
        self.drafts.discard(parked)
        self.intents.discard(parked)

    def close(self) -> None:
        """Write what is left to write."""
        self.views.flush_now()
        self._connection.close()

    def _turn_to(self, clinic: str) -> None:
        self.views.scope = self.drafts.scope = self.intents.scope = f"{self._url} {clinic}"

    def _setting(self, scope: str, name: str) -> str | None:
        found = self._connection.execute(
            "select value from settings where scope = ? and name = ?", (scope, name)
        ).fetchone()
        return str(found[0]) if found else None

    def _set(self, scope: str, name: str, value: str) -> None:
        with suppress(sqlite3.Error):
            self._connection.execute(
                "insert into settings values (?, ?, ?) on conflict (scope, name) do update "
                "set value = excluded.value",
                (scope, name, value),
            )
