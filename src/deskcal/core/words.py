"""Names as people type them: without accents, capitals or punctuation, in any order."""

import re
import unicodedata

_SPECIAL = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i"}
)


def folded(text: str) -> str:
    """Fold case and accents, so that `José Łukasz-Müller` is found as `jose lukasz muller`."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_SPECIAL))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(re.findall(r"\w+", plain))


def search_words(text: str) -> tuple[str, ...]:
    """Split a query into the parts that must all be found, in any order."""
    return tuple(folded(text).split())


def digits(text: str) -> str:
    """Keep the digits: a phone number however it is punctuated."""
    return "".join(letter for letter in text if letter.isdigit())


def slug(name: str) -> str:
    """Make a name fit for a URL: `Clínica São José` becomes `clinica-sao-jose`."""
    return "-".join(re.findall(r"[a-z0-9]+", folded(name)))[:63].strip("-")
