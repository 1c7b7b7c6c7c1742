"""The public holidays of a country, or of a part of it."""

from datetime import date
from difflib import get_close_matches

import holidays
from holidays.registry import COUNTRIES

from deskcal.core.refusals import Invalid

_NAMES = {codes[1]: name.replace("_", " ").title() for name, codes in COUNTRIES.items()}
_CODES = {spelled.upper(): codes[1] for codes in COUNTRIES.values() for spelled in (_NAMES[codes[1]], *codes)}


def public_holidays(country: str, subdivision: str | None, year: int) -> list[tuple[date, str]]:
    """List the dates of a year with what is kept on them, in English where that is known.

    The country is an ISO code or a name, the subdivision an ISO code. Raises Invalid for what is not known.
    """
    code = _code(country)
    parts = {part.upper(): part for part in holidays.list_supported_countries(include_aliases=False)[code]}
    part = parts.get(subdivision.strip().upper()) if subdivision else None
    if subdivision and part is None:
        known = f"use one of {', '.join(parts.values())}" if parts else "leave it out"
        raise Invalid(("subdivision", f'"{subdivision}" is not a part of {_NAMES[code]}; {known}'))
    found = holidays.country_holidays(code, subdiv=part, years=year, language="en_US")
    if not found:
        raise Invalid(("year", f"no public holidays of {_NAMES[code]} are known for {year}"))
    return sorted(found.items())


def _code(country: str) -> str:
    wanted = country.strip().upper()
    if wanted in _CODES:
        return _CODES[wanted]
    close = dict.fromkeys(_CODES[one] for one in get_close_matches(wanted, _CODES, cutoff=0.7))
    said = " or ".join(f"{code} ({_NAMES[code]})" for code in close)
    hint = f"did you mean {said}?" if said else "use a code of two letters, such as US or NO"
    raise Invalid(("country", f'"{country}" is not a country whose holidays are known; {hint}'))
