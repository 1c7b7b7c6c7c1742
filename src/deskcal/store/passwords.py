"""Passwords as they are kept: argon2id, on threads of their own, so that guesses keep nobody else waiting."""

import asyncio
import secrets
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

AT_ONCE = 2
"""Each takes 64 MiB of memory while it lasts."""

_hasher = PasswordHasher()
_threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="password")


async def kept_form(password: str) -> str:
    """Hash a password, slowly, with a salt of its own."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _hasher.hash, _normal(password))


async def fits(password: str, kept: str | None) -> bool:
    """Tell whether it is the password that was kept; where there is none that takes as long."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _fits, _normal(password), kept)


def _fits(password: str, kept: str | None) -> bool:
    try:
        return _hasher.verify(kept or _nobodys(), password) and kept is not None
    except VerifyMismatchError:
        return False


@cache
def _nobodys() -> str:
    return _hasher.hash(secrets.token_urlsafe())


def _normal(password: str) -> str:
    """Spell it one way, however a keyboard composes its accents."""
    return unicodedata.normalize("NFKC", password)
