"""The desk in lines: what it knows between one line and the next, and how a line is understood."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from deskcal.client.errors import ClientError, Unreachable
from deskcal.client.told import Live, Lost, Told
from deskcal.core.words import folded
from deskcal.tui.booking.hold import Hold, Stage
from deskcal.tui.booking.holding import Holding
from deskcal.tui.calendar.day import SlotNews
from deskcal.tui.calendar.day_store import DayStore
from deskcal.tui.desk import Desk
from deskcal.tui.memory.file import NotKept
from deskcal.tui.plain.words import left_words, news_words, slot_words
from deskcal.wire.realtime import Event

if TYPE_CHECKING:
    from deskcal.wire.booking import Appointment
    from deskcal.wire.calendar import Timeslot

SOON = 20
Take = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """A command in words: what it is called, what may follow, what it does. `does` has its help."""

    names: tuple[str, ...]
    does: Callable[["Face", str], Awaitable[None]]
    takes: str = ""

    @property
    def help(self) -> str:
        words = " ".join(filter(None, (" or ".join(self.names), self.takes)))
        return f"{words}: {(self.does.__doc__ or '').splitlines()[0].rstrip('.')}"


@dataclass(kw_only=True)
class Face:
    """One desk that prints. `say` writes a line; `question` takes the next line, whatever it is.

    `seen` are the appointments that were said, for when nobody answers.
    """

    desk: Desk
    say: Callable[[str], None]
    spells: Sequence[Spell] = ()
    holding: Holding | None = None
    question: Callable[[str], Awaitable[None]] | None = None
    is_over: bool = False
    seen: dict[UUID, "Appointment"] = field(default_factory=dict)
    store: DayStore = field(init=False)
    _choices: Mapping[int, Take] = field(default_factory=dict)
    _news: dict[object, str] = field(default_factory=dict)
    _own: set[str] = field(default_factory=set)
    _away: bool = False

    def __post_init__(self) -> None:
        self.store = DayStore(self.desk, lambda: None)

    @property
    def hold(self) -> Hold | None:
        """The hold, while it is open."""
        return self.holding.hold if self.holding and self.holding.hold.is_open else None

    async def take(self, line: str) -> None:
        """Do what a line says; what cannot be done is said."""
        line = " ".join(line.split())
        question, self.question = self.question, None
        try:
            if question is not None:
                await question(line)
            elif line.isdigit():
                await self._take_choice(int(line))
            elif line:
                await self._spelled(line)
        except Unreachable:
            self.tell("The server does not answer.", alarm=True)
        except (ClientError, NotKept) as error:
            self.tell(str(error), alarm=True)

    def tell(self, words: str, *, alarm: bool = False) -> None:
        """Say a result, and keep it for `messages`."""
        self.desk.say(words, alarm=alarm)
        self.say(words)

    def offer(self, lines: Sequence[tuple[str, Take | None]]) -> None:
        """Say lines; those that can be taken begin with their number."""
        taking = [take for _, take in lines if take]
        self._choices = dict(enumerate(taking, 1))
        number = 0
        for words, take in lines:
            number += take is not None
            self.say(f"{number}: {words}" if take else words)

    def own(self, slot: "Timeslot") -> None:
        """Know a slot for one that this desk itself holds or books, so that it is no news here."""
        self._own.add(slot.id)

    def told(self, told: Told) -> None:
        """Note news for before the next prompt: of slots in the day that was said, and of the connection."""
        match told:
            case Event(type="timeslot.updated", payload=payload):
                self._slot_told(msgspec.convert(payload, SlotNews))
                self.store.tell(told)
            case Lost() if not self._away:
                self._away = True
                self._news["line"] = (
                    "The server does not answer. What you decide of appointments waits in the queue."
                )
            case Live() if self._away:
                self._away = False
                self._news["line"] = "The server answers again."

    def _slot_told(self, news: SlotNews) -> None:
        day = self.store.fetched
        words = news_words(news, day.providers, self.desk) if day and day.date == news.date else None
        ours = news.timeslot_id in self._own and news.held_by in {None, self.desk.name}
        if words and not ours:
            self._news[news.provider_id, news.busy_start] = words

    def before_prompt(self) -> None:
        """Say what came meanwhile, and when the hold is about to end."""
        news, self._news = self._news, {}
        for words in news.values():
            self.say(words)
        if self.holding and self.holding.lapse(self.desk.now()):
            self.tell(
                f"The hold on {slot_words(self.holding.hold.slot, self.desk)} ran out. renew holds it again."
            )
        elif (hold := self.hold) and hold.stage is Stage.HELD and hold.seconds_left(self.desk.now()) <= SOON:
            self.say(
                f"Your hold ends soon: {left_words(hold.seconds_left(self.desk.now()))}. renew adds time."
            )

    async def release(self) -> None:
        """Give back what is held."""
        if self.holding:
            await self.holding.release()

    async def _take_choice(self, number: int) -> None:
        if take := self._choices.get(number):
            await take()
        else:
            self.say(
                f"There is no {number} to take."
                + (f" 1 to {len(self._choices)} can be." if self._choices else "")
            )

    async def _spelled(self, line: str) -> None:
        plain = folded(line)
        named = [(name, spell) for spell in self.spells for name in spell.names]
        for name, spell in sorted(named, key=lambda one: -len(one[0])):
            if plain == name or plain.startswith(f"{name} "):
                await spell.does(self, line[len(name) :].strip())
                return
        self.say(f'There is no command "{line.split(maxsplit=1)[0]}". help lists them all.')
