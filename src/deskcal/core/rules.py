"""The rules that a service can be given: a new one is one more class here."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from deskcal.core import bitmap
from deskcal.core.localtime import midnight, moment, whole_days
from deskcal.core.needs import Needs
from deskcal.core.payload import Days, dates, flag, ids, read_payload, text, texts, whole, write_payload
from deskcal.core.refusals import Invalid
from deskcal.core.rule import Case, Rule
from deskcal.core.span import Span

if TYPE_CHECKING:
    from deskcal.core.clinic import Service

_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)
_YEAR_HOURS = 366 * 24


_kept: dict[str, type[Rule]] = {}
TYPES: Mapping[str, type[Rule]] = MappingProxyType(_kept)
"""The rules that a service can be given, by type."""

RuleT = TypeVar("RuleT", bound=Rule)


def _keep(rule: type[RuleT]) -> type[RuleT]:
    """Let services have rules of this class; fields with readers in their metadata are its payload."""
    _kept[rule.type] = rule
    return rule


@_keep
@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedProvider(Rule):
    """Only some providers give the service."""

    type = "allowed_provider"
    provider_ids: frozenset[UUID] = field(metadata={"provider_ids": ids})

    def refused(self, case: Case) -> int:
        return 0 if case.provider.id in self.provider_ids else bitmap.full(case.window)

    def reason(self, case: Case) -> tuple[str, str | None]:
        who, title = case.provider.name, case.service.title
        return f"{who} is not among the providers allowed for {title}", "choose another provider"


@_keep
@dataclass(frozen=True, slots=True, kw_only=True)
class RoomType(Rule):
    """It takes a room of one of these types, besides what else is asked of the room."""

    type = "room_type"
    room_types: frozenset[str] = field(
        metadata={"room_types": texts, "room_type": lambda value, where: frozenset({text(value, where)})}
    )

    def needs(self, needs: Needs) -> Needs:
        asked = self.room_types if needs.room_types is None else needs.room_types
        return replace(needs, room_types=asked & self.room_types)


@_keep
@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredEquipmentType(Rule):
    """It takes so many units of equipment, or what the service itself asks for, if that is more."""

    type = "required_equipment_type"
    equipment_type: str = field(metadata={"equipment_type": text})
    min_units: int = field(default=1, metadata={"min_units": whole(1, 100)})

    def needs(self, needs: Needs) -> Needs:
        units = max(self.min_units, needs.units.get(self.equipment_type, 0))
        return replace(needs, units=MappingProxyType({**needs.units, self.equipment_type: units}))


@_keep
@dataclass(frozen=True, slots=True, kw_only=True)
class MaxDaily(Rule):
    """At most so many bookings of the service, with anybody, on a local day of the provider."""

    type = "max_daily"
    counts = True
    counts_of = "service"
    max_per_day: int = field(metadata={"max_per_day": whole(1)})

    def refused(self, case: Case) -> int:
        return _on_full_days(case, _of_service(case), self.max_per_day)

    def reason(self, case: Case) -> tuple[str, str | None]:
        message = _limit(case, _of_service(case), case.service.title, self.max_per_day)
        return message, "choose another day"


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyMaximum(Rule):
    """At most so many bookings of a provider on a local day, of all services. Its id is the provider's."""

    type = "daily_maximum"
    counts = True
    most: int

    def refused(self, case: Case) -> int:
        return _on_full_days(case, _of_provider(case), self.most)

    def reason(self, case: Case) -> tuple[str, str | None]:
        message = _limit(case, _of_provider(case), case.provider.name, self.most)
        return message, "choose another day or another provider"


@_keep
@dataclass(frozen=True, slots=True, kw_only=True)
class MinGap(Rule):
    """A pause between two bookings of the service with one provider. Who joins a group session needs none."""

    type = "min_gap"
    counts = True
    min_gap_minutes: int = field(metadata={"min_gap_minutes": whole(1, 720)})

    def refused(self, case: Case) -> int:
        service, provider = case.service.id, case.provider.id
        taken = [
            visit.span
            for visit in case.visits
            if visit.provider_id.int == provider.int and visit.service_id == service
        ]
        # Exactly the gap is enough, on either side.
        before, after = self.reach(case.service) - 1, self.min_gap_minutes
        near = bitmap.union((span.padded(before=before, after=after) for span in taken), case.window)
        if case.service.capacity > 1:
            near &= ~bitmap.union((Span.of_minutes(span.start, 1) for span in taken), case.window)
        return near

    def reason(self, case: Case) -> tuple[str, str | None]:
        start, zone = case.window.start, case.provider.zone
        near = self.refused(replace(case, window=Span(start=start, end=start + _DAY)))
        ahead = (~near & (near + 1)).bit_length() - 1
        gap, title, who = _many(self.min_gap_minutes, "minute"), case.service.title, case.provider.name
        message = f"{title} with {who} needs {gap} between two bookings, and another one is too near"
        return message, f"the next start with enough time is {moment(start + ahead * _MINUTE, zone)}"

    def reach(self, service: "Service") -> int:
        return service.duration_minutes + self.min_gap_minutes


@_keep
@dataclass(frozen=True, slots=True, kw_only=True)
class LeadTime(Rule):
    """Booked so many minutes ahead, not on the local day of now, or not on days that are too far off."""

    type = "lead_time"
    min_minutes: int = field(
        default=0,
        metadata={
            "min_minutes": whole(1, _YEAR_HOURS * 60),
            "min_hours": lambda value, where: whole(1, _YEAR_HOURS)(value, where) * 60,
        },
    )
    max_days: int | None = field(default=None, metadata={"max_days": whole(0, 3660)})
    no_same_day: bool = field(default=False, metadata={"no_same_day": flag})

    def __post_init__(self) -> None:
        if not self.min_minutes and self.max_days is None and not self.no_same_day:
            raise Invalid(("payload", "write min_minutes or min_hours, max_days, or no_same_day as true"))

    def refused(self, case: Case) -> int:
        bookable = _before(self._closes(case), case.window) & ~_before(self._opens(case), case.window)
        return bitmap.full(case.window) & ~bookable

    def reason(self, case: Case) -> tuple[str, str | None]:
        zone, opens, closes = case.provider.zone, self._opens(case), self._closes(case)
        terms = []
        if case.window.start >= closes:
            terms.append(f"at most {_many(self.max_days or 0, 'day')} ahead")
            last = (closes - _MINUTE).astimezone(zone)
            fix = f"choose {last:%A %Y-%m-%d} ({zone.key}) or an earlier day"
        else:
            hours, rest = divmod(self.min_minutes, 60)
            if self.min_minutes:
                ahead = _many(self.min_minutes, "minute") if rest else _many(hours, "hour")
                terms.append(f"at least {ahead} ahead")
            if self.no_same_day:
                terms.append("not on the same day")
            first = (opens + _MINUTE - datetime.resolution).replace(second=0, microsecond=0)
            fix = f"choose {moment(first, zone)} or later"
        return f"{case.service.title} is booked {' and '.join(terms)}", fix

    def _opens(self, case: Case) -> datetime:
        soonest = [case.window.start]
        if self.min_minutes:
            soonest.append(case.now.astimezone(UTC) + self.min_minutes * _MINUTE)
        if self.no_same_day:
            soonest.append(midnight(_today(case) + _DAY, case.provider.zone))
        return max(soonest)

    def _closes(self, case: Case) -> datetime:
        if self.max_days is None:
            return case.window.end
        return midnight(_today(case) + (self.max_days + 1) * _DAY, case.provider.zone)


@_keep
@dataclass(frozen=True, slots=True, kw_only=True)
class BlackoutDates(Rule):
    """Not on these local dates of the provider."""

    type = "blackout_dates"
    dates: tuple[Days, ...] = field(metadata={"dates": dates})
    because: str | None = field(default=None, metadata={"reason": text})

    def refused(self, case: Case) -> int:
        zone = case.provider.zone
        closed = (whole_days(days.first, days.last, zone) for days in self.dates)
        return bitmap.union(filter(None, closed), case.window)

    def reason(self, case: Case) -> tuple[str, str | None]:
        day = case.window.start.astimezone(case.provider.zone).date()
        days = next(days for days in self.dates if days.first <= day <= days.last)
        last = f" to {days.last:%A %Y-%m-%d}" if days.last > days.first else ""
        why = f": {self.because}" if self.because else ""
        message = f"{case.service.title} is not booked on {days.first:%A %Y-%m-%d}{last}{why}"
        return message, "choose another day"


def read_rule(type_: str, payload: Mapping[str, object], *, id: UUID, priority: int) -> Rule:  # noqa: A002  the field's name
    """Read what an admin wrote; Invalid names `type`, or each key of the payload that is wrong."""
    rule = TYPES.get(type_)
    if rule is None:
        raise Invalid(("type", f'"{type_}" is not a type of rule; write {", ".join(sorted(TYPES))}'))
    return rule(id=id, priority=priority, **read_payload(fields(rule), payload))


def payload_of(rule: Rule) -> dict[str, object]:
    """Give the payload in the contract's spelling, without defaults; read_rule gives the same rule."""
    return write_payload(fields(rule), rule)


# A month has thousands of visits, and ints are compared several times as fast as the ids that they stand for.
def _of_service(case: Case) -> list[Span]:
    wanted = case.service.id.int
    return [visit.span for visit in case.visits if visit.service_id.int == wanted]


def _of_provider(case: Case) -> list[Span]:
    wanted = case.provider.id.int
    return [visit.span for visit in case.visits if visit.provider_id.int == wanted]


def _on_full_days(case: Case, booked: Iterable[Span], most: int) -> int:
    starts = sorted(span.start for span in booked)
    zone = case.provider.zone
    first, last = (at.astimezone(zone).date() for at in (case.window.start, case.window.end))
    days = (first + n * _DAY for n in range((last - first).days + 1))
    spans = filter(None, (whole_days(day, day, zone) for day in days))
    full = (span for span in spans if bisect_left(starts, span.end) - bisect_left(starts, span.start) >= most)
    return bitmap.union(full, case.window)


def _limit(case: Case, booked: Iterable[Span], who: str, most: int) -> str:
    zone = case.provider.zone
    day = case.window.start.astimezone(zone).date()
    count = sum(span.start.astimezone(zone).date() == day for span in booked)
    on = f"{day:%A %Y-%m-%d} ({zone.key})"
    return f"{who} is limited to {_many(most, 'booking')} a day, and {on} has {count}, holds included"


def _today(case: Case) -> date:
    return case.now.astimezone(case.provider.zone).date()


def _before(at: datetime, window: Span) -> int:
    """Set the minutes of the window that start before an instant."""
    return bitmap.bits(Span(start=window.start, end=at), window) if at > window.start else 0


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
