"""Signing in from a terminal: staying signed in, on this machine only, until signing out."""

import asyncio
import json
import stat
from collections.abc import Callable
from contextlib import aclosing
from functools import partial
from pathlib import Path

import pytest

from cli.typed import Demo, Deskcal, Said
from deskcal.cli.exits import Exit
from deskcal.cli.renewing import renewed
from deskcal.client.calls import FreshToken
from deskcal.client.errors import Rejected
from deskcal.client.feed import follow
from deskcal.client.told import Live
from deskcal.server.folder import SIGN_IN, keep_sign_in, read_sign_in

EMAIL, PASSWORD = "lena@example.org", "correct horse battery"

Away = Callable[..., Said]


@pytest.fixture
def away(demo: Demo, deskcal: Deskcal, tmp_path: Path) -> Away:
    """Type on another machine, where nobody has signed in."""
    deskcal("user", "add", EMAIL, "--role", "front_desk")
    deskcal("user", "enable", EMAIL)
    set_ = deskcal("user", "set-password", EMAIL, "--password-stdin", stdin=f"{PASSWORD}\n")
    assert set_.code == Exit.DONE, set_.words
    return partial(deskcal, DESKCAL_DATA_DIR=str(tmp_path), DESKCAL_SERVER_URL=demo.url)


def login(away: Away, password: str = PASSWORD) -> Said:
    return away("login", EMAIL, "--password-stdin", stdin=f"{password}\n")


def spoil(folder: Path) -> str:
    """Let the access token on this machine run out."""
    kept = read_sign_in(folder)
    assert kept is not None
    keep_sign_in(folder, type(kept)(url=kept.url, token="spent", refresh=kept.refresh))  # noqa: S106
    return kept.refresh


def test_one_works_as_oneself_until_signing_out(away: Away, tmp_path: Path) -> None:
    """After login commands act as the user; the session is for its owner only; after logout it is over."""
    assert away("whoami").code == Exit.NOT_ALLOWED
    assert login(away).code == Exit.DONE
    me = away("--json", "whoami").value
    assert (me["email"], me["role"]) == (EMAIL, "front_desk")
    assert stat.S_IMODE((tmp_path / SIGN_IN).stat().st_mode) == 0o600
    assert PASSWORD not in (tmp_path / SIGN_IN).read_text()
    kept = (tmp_path / SIGN_IN).read_text()
    assert away("--json", "logout").value == {"signedOut": True}
    assert not (tmp_path / SIGN_IN).exists()
    (tmp_path / SIGN_IN).write_text(kept)
    spoil(tmp_path)
    assert away("whoami").code == Exit.NOT_ALLOWED


def test_a_token_that_ran_out_is_renewed(away: Away, tmp_path: Path) -> None:
    """The next command fetches another pair and keeps it; the spent refresh token is gone."""
    login(away)
    spent = spoil(tmp_path)
    assert away("whoami").code == Exit.DONE
    assert json.loads((tmp_path / SIGN_IN).read_text())["refresh"] != spent
    assert away("whoami").code == Exit.DONE


def test_many_commands_share_one_renewal(away: Away, tmp_path: Path) -> None:
    """Of five that find the token run out one fetches the next, and the session goes on."""
    login(away)
    spoil(tmp_path)

    async def at_once() -> list[str]:
        return await asyncio.gather(*(renewed(tmp_path, "spent") for _ in range(5)))

    [token] = set(asyncio.run(at_once()))
    kept = read_sign_in(tmp_path)
    assert asyncio.run(renewed(tmp_path, token))
    assert read_sign_in(tmp_path) != kept


def test_the_feed_outlives_a_token(away: Away, demo: Demo, deskcal: Deskcal, tmp_path: Path) -> None:
    """A desk whose token has run out when it reconnects goes on listening."""
    login(away)
    spoil(tmp_path)
    clinic = deskcal("--json", "whoami", DESKCAL_DATA_DIR=str(tmp_path)).value["clinicId"]

    async def first(fresh_token: FreshToken | None) -> object:
        async with aclosing(follow(demo.url, "spent", [f"clinic:{clinic}"], fresh_token=fresh_token)) as news:
            return await anext(news)

    assert isinstance(asyncio.run(first(partial(renewed, tmp_path))), Live)
    with pytest.raises(Rejected):
        asyncio.run(first(None))


def test_a_disabled_user_is_out(away: Away, deskcal: Deskcal, tmp_path: Path) -> None:
    """Disabling ends the session at the next renewal; enabling lets them sign in anew."""
    login(away)
    assert deskcal("--yes", "user", "disable", EMAIL).code == Exit.DONE
    spoil(tmp_path)
    assert away("whoami").code == Exit.NOT_ALLOWED
    assert login(away).code == Exit.NOT_ALLOWED
    assert deskcal("user", "enable", EMAIL).code == Exit.DONE
    assert login(away).code == Exit.DONE


def test_one_sets_ones_own_password(away: Away) -> None:
    """With the old one, and stays signed in; without it nothing changes."""
    login(away)
    refused = away("user", "set-password", "--password-stdin", stdin="wrong horse\nanother horse battery\n")
    assert refused.code == Exit.NOT_ALLOWED
    done = away("user", "set-password", "--password-stdin", stdin=f"{PASSWORD}\nanother horse battery\n")
    assert done.code == Exit.DONE, done.words
    assert away("whoami").code == Exit.DONE
    assert login(away, "another horse battery").code == Exit.DONE


@pytest.mark.parametrize(
    ("words", "stdin", "ends", "said"),
    [
        (
            ("login", EMAIL, "--password-stdin"),
            "wrong horse battery\n",
            Exit.NOT_ALLOWED,
            "not those of a user",
        ),
        (("login", EMAIL), "", Exit.USAGE, "--password-stdin"),
        (("login",), "", Exit.USAGE, "deskcal login EMAIL"),
        (("login", "--device"), "", Exit.USAGE, "not there yet"),
        (("--server", "http://clinic.example.org", "login", EMAIL), "", Exit.USAGE, "https"),
        (("user", "set-password", EMAIL), "", Exit.NOT_ALLOWED, "deskcal login"),
    ],
)
def test_what_is_wrong_is_said(words: tuple[str, ...], stdin: str, ends: Exit, said: str, away: Away) -> None:
    """Each way not to get in has its sentence and its exit code, and keeps no session."""
    done = away(*words, stdin=stdin)
    assert (done.code, said in done.words) == (ends, True), done.words
    assert away("whoami").code == Exit.NOT_ALLOWED


def test_users_are_listed_and_refused(deskcal: Deskcal) -> None:
    """The list has who was added; a provider's user needs the provider, an unknown one is not found."""
    deskcal("user", "add", "perez@example.org", "--role", "provider", "--provider", "Dr. Perez")
    assert ["perez@example.org", "provider"] in [row[:2] for row in deskcal("user", "list").rows]
    assert deskcal("user", "add", "chen@example.org", "--role", "provider").code == Exit.USAGE
    assert deskcal("user", "disable", "nobody@example.org").code == Exit.NOT_FOUND
    ops = deskcal("--json", "user", "add", "ops@example.org", "--role", "ops")
    assert ops.code == Exit.DONE, ops.words
    assert [one["email"] for one in deskcal("--json", "user", "list", "--ops").value] == ["ops@example.org"]
