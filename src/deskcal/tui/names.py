"""People's names where there is little room, and none where others look on."""


def surname(name: str) -> str:
    """Give the part that a list is sorted by: before the comma, else the last word."""
    before, comma, _ = name.partition(",")
    return before.strip() if comma else (name.split() or [""])[-1]


def given(name: str) -> str:
    """Give the first name, as one says it on the telephone."""
    _, comma, after = name.partition(",")
    return ((after if comma else name).split() or [name])[0]


def compact(name: str) -> str:
    """Give surname and first letter: `Novak E`."""
    first, last = given(name), surname(name)
    return last if first == last else f"{last} {first[:1]}"


def initials(name: str) -> str:
    """Give what a passer-by may read: `E.N.`."""
    return f"{given(name)[:1]}.{surname(name)[:1]}."


def shown(name: str, *, private: bool) -> str:
    """Give the name whole, or its initials while the screen is private."""
    return initials(name) if private else name


def brief(name: str, *, private: bool) -> str:
    """Give surname and first letter, or initials while the screen is private."""
    return initials(name) if private else compact(name)


def doctor(name: str, width: int, *, titled: bool = True) -> str:
    """Fit a provider's name: whole while `titled`, else without its title, else the last word, cut."""
    words = name.split()
    untitled = " ".join(words[1:])
    for shorter in (name, untitled) if titled else (untitled, name):
        if 0 < len(shorter) <= width:
            return shorter
    return (words[-1] if words else name)[:width]


def last_four(phone: str | None) -> str:
    """Give the last four digits, enough to tell two people of one name apart."""
    digits = "".join(filter(str.isdigit, phone or ""))
    return digits[-4:]
