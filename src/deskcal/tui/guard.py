"""No key is lost and none arrives early: each acts on what the keys before it have opened."""

import asyncio
from contextlib import suppress
from typing import TypeVar

from textual.app import App
from textual.events import Event, Key
from textual.widget import Widget

ReturnT = TypeVar("ReturnT")
SETTLE = 1.0


class TypeAhead(App[ReturnT]):
    """An app whose commands run in the order of the keys.

    A key that is text goes to the field that has the focus. Any other runs its command here and now, so that
    what it opens is there, with the focus in place, before the next key is looked at.
    """

    async def on_event(self, event: Event) -> None:
        if isinstance(event, Key) and not event.is_forwarded and await self._ran(event):
            return
        await super().on_event(event)

    async def _ran(self, event: Key) -> bool:
        mounted: asyncio.Event = self.screen._mounted_event  # noqa: SLF001  nothing public
        if not mounted.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(mounted.wait(), SETTLE)
        focused = self.focused
        if focused is not None:
            if focused.check_consume_key(event.key, event.character):
                return False
            if focused.message_queue_size:
                await _caught_up(focused)
        return await self._check_bindings(event.key, priority=True) or await self._check_bindings(event.key)


async def _caught_up(field: Widget) -> None:
    """Wait until the field has taken all text typed before; a field about to go does not answer."""
    done = asyncio.Event()
    if field.call_later(done.set):
        with suppress(TimeoutError):
            await asyncio.wait_for(done.wait(), SETTLE)
