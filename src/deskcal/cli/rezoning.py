"""What another time zone would do, shown before it is set."""

from collections.abc import Iterator

from deskcal.cli.out import lines, print_json
from deskcal.cli.session import Session
from deskcal.wire.clock_changes import Rezoning


def agreed(session: Session, found: Rezoning, name: str, *, preview: bool) -> bool:
    """Show what it would do, and ask; False for a preview, which is printed as data."""
    options = session.options
    if preview:
        if options.json:
            print_json(found)
        else:
            lines(_told(found))
        return False
    outside = sum(one.outside for one in found.appointments)
    options.say(
        f"{len(found.appointments)} appointments keep their moment and look moved, {outside} of them outside"
        " the hours then; --preview lists them."
    )
    options.insist(f"Move {name} from {found.before} to {found.after}?")
    return True


def _told(found: Rezoning) -> Iterator[list[str]]:
    hours, minutes = divmod(abs(found.shift_minutes), 60)
    way = "later" if found.shift_minutes >= 0 else "earlier"
    for one in found.hours:
        what = " and ".join(
            ["weekly hours"] * one.weekly_hours + [f"{one.windows} windows"] * (one.windows > 0)
        )
        yield ["hours", one.name, f"{what} begin {hours}:{minutes:02} h {way} than in {found.before}"]
    for made in found.appointments:
        yield [
            "appointment",
            made.reference,
            made.provider_name,
            f"{made.start:%Y-%m-%d %H:%M} UTC{made.start:%z}",
            f"{made.then:%Y-%m-%d %H:%M} UTC{made.then:%z}",
            "outside the hours then" if made.outside else "",
        ]
