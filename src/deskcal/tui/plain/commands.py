"""Every command of the desk in lines, in the order of its help."""

from deskcal.tui.plain import changing, holding, looking
from deskcal.tui.plain.face import Face, Spell


async def help_(face: Face, words: str) -> None:
    """List the commands, or those with a word in them."""
    face.say("Type a command and Enter. A number takes what was offered under it.")
    for spell in SPELLS:
        if words.casefold() in spell.help.casefold():
            face.say(spell.help)


async def leave(face: Face, _: str) -> None:
    """Give back what is held and end."""
    face.is_over = True


SPELLS = (
    Spell(names=("day", "today"), takes="[date] [provider]", does=looking.day),
    Spell(names=("next",), takes="[service] [provider]", does=looking.next_available),
    Spell(names=("book",), takes="patient service provider day am", does=holding.book),
    Spell(names=("patient",), takes="name, phone or birth date", does=looking.patient),
    Spell(names=("confirm",), takes="[reason]", does=holding.confirm),
    Spell(names=("renew",), does=holding.renew),
    Spell(names=("release",), does=holding.release),
    Spell(names=("appointments",), takes="[date]", does=looking.appointments),
    Spell(names=("show",), takes="reference or name", does=looking.show),
    Spell(names=("move",), takes="reference or name", does=changing.move),
    Spell(names=("cancel",), takes="reference or name", does=changing.cancel),
    Spell(names=("arrived",), takes="reference or name", does=changing.arrived),
    Spell(names=("in room",), takes="reference or name", does=changing.in_room),
    Spell(names=("out",), takes="reference or name", does=changing.out),
    Spell(names=("no-show", "no show"), takes="reference or name", does=changing.no_show),
    Spell(names=("undo",), does=changing.undo),
    Spell(names=("waitlist",), does=looking.waitlist),
    Spell(names=("queue",), does=looking.queue),
    Spell(names=("messages",), does=looking.messages),
    Spell(names=("status",), does=looking.status),
    Spell(names=("everybody",), does=looking.everybody),
    Spell(names=("private",), does=looking.privacy),
    Spell(names=("help", "?"), takes="[word]", does=help_),
    Spell(names=("quit", "exit"), does=leave),
)
