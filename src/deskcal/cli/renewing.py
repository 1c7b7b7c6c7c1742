"""Staying signed in: the next access token, fetched by one process of this machine at a time."""

import asyncio
import fcntl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from deskcal.client.errors import Refused, Rejected
from deskcal.server.folder import SignIn, forget_sign_in, keep_sign_in, read_sign_in

LOCK = "login.lock"
LOOK_SECONDS = 0.02
OVER = "Your session is over. Sign in again: deskcal login"


async def renewed(folder: Path, spent: str) -> str:
    """Give an access token instead of one that is not good any more.

    A refresh token is good once, so whoever comes second takes what the first fetched. A process that is
    killed between fetching and keeping leaves the session over. Raises Rejected then, or Unreachable.
    """
    from deskcal.client.http import Client

    async with _alone(folder):
        kept = read_sign_in(folder)
        if kept is None:
            raise Rejected(OVER)
        if kept.token != spent:
            return kept.token
        try:
            async with Client(kept.url, "") as client:
                pair = await client.refresh(kept.refresh)
        except Refused as refused:
            if refused.problem.status == 401:  # noqa: PLR2004  its HTTP meaning
                forget_sign_in(folder)
            raise Rejected(OVER) from refused
        keep_sign_in(folder, SignIn(url=kept.url, token=pair.access_token, refresh=pair.refresh_token))
        return pair.access_token


@asynccontextmanager
async def _alone(folder: Path) -> AsyncIterator[None]:
    with (folder / LOCK).open("a") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                await asyncio.sleep(LOOK_SECONDS)
        yield
