"""Signing in: by the right password only, in one's own clinic only, and not by guessing."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import jwt
import pytest

from deskcal.core.access import INSTALLATION, SCOPES, SYSTEM, Actor, Role
from deskcal.core.refusals import Invalid, NotAllowed, NotFound, PreconditionFailed, Refusal, Unauthenticated
from deskcal.core.user import User
from deskcal.flows import tokens, users
from deskcal.flows.asking import Asking
from deskcal.flows.signing_in import Credentials, sign_in
from deskcal.flows.tokens import Pair
from deskcal.store import log
from deskcal.store.database import Database
from house import House, build_house

KEY = "a key that only these tests know, long enough"
NOW = datetime.now(UTC)
EMAIL, PASSWORD = "Maria@Riverside.example", "correct horse battery"

SignIn = Callable[..., Awaitable[Pair]]


@pytest.fixture
def admin(house: House) -> Asking[Any]:
    return Asking(actor=replace(SYSTEM, clinic_id=house.clinic.id), now=NOW)


@pytest.fixture
def signed_in(database: Database) -> SignIn:
    async def typed(
        email: str = EMAIL,
        password: str = PASSWORD,
        *,
        clinic: str | None = None,
        after: timedelta = timedelta(),
    ) -> Pair:
        shown = Credentials(email=email, password=password, clinic=clinic)
        return await sign_in(database, shown, secret_key=KEY, now=NOW + after, seconds=900)

    return typed


async def hire(database: Database, asking: Asking[Any], email: str = EMAIL, role: Role = Role.ADMIN) -> User:
    """Add a user and give them the password."""
    made = await users.add(
        database, asking, User(id=INSTALLATION, email=email, role=role, created_at=asking.now)
    )
    if role is Role.OPS:
        asking = replace(asking, actor=replace(asking.actor, clinic_id=INSTALLATION))
    return await users.set_password(database, asking, made.id, PASSWORD, old=None)


def oneself(user: User, clinic_id: UUID, now: datetime = NOW) -> Asking[Any]:
    return Asking(
        actor=Actor(sub=str(user.id), role=user.role, clinic_id=clinic_id, scopes=SCOPES[user.role]), now=now
    )


async def refresh(database: Database, pair: Pair) -> Pair:
    return await tokens.exchange(database, pair.refresh, secret_key=KEY, now=NOW, seconds=900)


async def test_a_user_signs_in_as_what_they_are(
    database: Database, house: House, admin: Asking[Any], signed_in: SignIn
) -> None:
    """The token is of the user, role and clinic, however the address was typed; the log names nobody."""
    made = await hire(database, admin)
    pair = await signed_in(" maria@RIVERSIDE.example ")
    actor, _ = await tokens.actor_of(database, pair.access, secret_key=KEY, now=NOW)
    assert (actor.sub, actor.role, actor.clinic_id) == (str(made.id), Role.ADMIN, house.clinic.id)
    assert (await refresh(database, pair)).access
    async with database.read(house.clinic.id) as tx:
        told = [one for one in await log.since(tx, 0) if one.aggregate_id == made.id]
    assert [one.event_type for one in told] == ["user.added", "user.password_set", "user.signed_in"]
    assert "maria" not in str(told).lower()


async def test_all_that_is_wrong_sounds_the_same(
    database: Database, admin: Asking[Any], signed_in: SignIn
) -> None:
    """Wrong password, no password, unknown, disabled and other clinic are told in one sentence."""
    made = await hire(database, admin)
    await users.add(
        database,
        admin,
        User(id=INSTALLATION, email="new@riverside.example", role=Role.ADMIN, created_at=NOW),
    )
    gone = await hire(database, admin, "gone@riverside.example")
    await users.change(database, admin, gone.id, {"disabled_at": NOW}, version=None)
    said = set()
    for email, password, clinic in (
        (made.email, "wrong horse battery", None),
        ("new@riverside.example", "", None),
        ("nobody@riverside.example", PASSWORD, None),
        (gone.email, PASSWORD, None),
        (made.email, PASSWORD, "hillside"),
    ):
        with pytest.raises(Unauthenticated) as refused:
            await signed_in(email, password, clinic=clinic)
        said.add(str(refused.value))
    assert len(said) == 1


async def test_a_user_of_one_clinic_never_signs_in_to_another(
    database: Database, house: House, admin: Asking[Any], signed_in: SignIn
) -> None:
    """The same address in two clinics is two users; without saying which, neither gets in."""
    other = await build_house(database, name="Hillside")
    here = await hire(database, admin)
    there = replace(admin, actor=replace(SYSTEM, clinic_id=other.clinic.id))
    with pytest.raises(Unauthenticated):
        await signed_in(clinic="hillside")
    double = await hire(database, there)
    await users.set_password(database, there, double.id, "another horse battery", old=None)
    with pytest.raises(Unauthenticated):
        await signed_in(clinic=str(other.clinic.id))
    with pytest.raises(Unauthenticated):
        await signed_in()
    pair = await signed_in(clinic=house.clinic.slug)
    assert jwt.decode(pair.access, KEY, algorithms=["HS256"])["sub"] == str(here.id)
    with pytest.raises(NotFound):
        await users.find(database, admin.actor, double.id)


async def test_ops_sign_in_to_the_installation(
    database: Database, house: House, admin: Asking[Any], signed_in: SignIn
) -> None:
    """Ops are of no clinic: they sign in with any named or none, and no admin of a clinic makes one."""
    await hire(database, admin, "ops@example.org", Role.OPS)
    for clinic in (None, house.clinic.slug):
        claims = jwt.decode(
            (await signed_in("ops@example.org", clinic=clinic)).access, KEY, algorithms=["HS256"]
        )
        assert (claims["role"], claims["clinic_id"]) == ("ops", None)
    chief = await hire(database, admin)
    with pytest.raises(NotAllowed):
        await hire(database, oneself(chief, house.clinic.id), "more@example.org", Role.OPS)


async def test_guessing_is_slowed_down(database: Database, admin: Asking[Any], signed_in: SignIn) -> None:
    """Of many guesses at once five are judged; then the right password waits too, and later gets in."""
    await hire(database, admin)
    guesses = [signed_in(password=f"guess number {n}") for n in range(8)]
    assert all(
        isinstance(one, Unauthenticated) for one in await asyncio.gather(*guesses, return_exceptions=True)
    )
    with pytest.raises(Unauthenticated):
        await signed_in(after=timedelta(seconds=29))
    assert await signed_in(after=timedelta(seconds=31))
    for _ in range(4):
        with pytest.raises(Unauthenticated):
            await signed_in(password="a slip of the finger")  # noqa: S106
    assert await signed_in()


async def test_disabling_ends_sessions(
    database: Database, house: House, admin: Asking[Any], signed_in: SignIn
) -> None:
    """Who is disabled gets no further token; enabled, they sign in anew. Nobody does it to themselves."""
    made = await hire(database, admin)
    pair = await signed_in()
    with pytest.raises(NotAllowed):
        await users.change(
            database, oneself(made, house.clinic.id), made.id, {"disabled_at": NOW}, version=None
        )
    await users.change(database, admin, made.id, {"disabled_at": NOW}, version=None)
    with pytest.raises(Unauthenticated):
        await refresh(database, pair)
    await users.change(database, admin, made.id, {"disabled_at": None}, version=None)
    with pytest.raises(Unauthenticated):
        await refresh(database, pair)
    assert await signed_in()


async def test_a_refresh_that_races_with_disabling_leaves_no_session(
    database: Database, admin: Asking[Any], signed_in: SignIn
) -> None:
    """Whoever was first, no refresh token outlives a new password that was set at the same moment."""
    made = await hire(database, admin)
    for _ in range(10):
        pair = await signed_in()
        fresh, _ = await asyncio.gather(
            refresh(database, pair),
            users.set_password(database, admin, made.id, PASSWORD, old=None),
            return_exceptions=True,
        )
        if isinstance(fresh, Pair):
            with pytest.raises(Unauthenticated):
                await refresh(database, fresh)


async def test_of_two_passwords_set_at_once_one_is_kept(
    database: Database, house: House, admin: Asking[Any], signed_in: SignIn
) -> None:
    """One is set, the other is told; the one that was set signs in, and all older sessions are over."""
    made = await hire(database, admin)
    pair = await signed_in()
    own = oneself(made, house.clinic.id)
    wanted = ["first horse battery", "second horse battery"]
    outcomes = await asyncio.gather(
        *(users.set_password(database, own, made.id, one, old=PASSWORD) for one in wanted),
        return_exceptions=True,
    )
    won = [password for password, one in zip(wanted, outcomes, strict=True) if isinstance(one, User)]
    lost = [one for one in outcomes if isinstance(one, PreconditionFailed)]
    assert (len(won), len(lost)) == (1, 1)
    assert await signed_in(password=won[0])
    with pytest.raises(Unauthenticated):
        await refresh(database, pair)


async def test_ones_own_password_needs_the_old_one(
    database: Database, house: House, admin: Asking[Any], signed_in: SignIn
) -> None:
    """A stolen token does not buy the account; an admin of the clinic needs no old password."""
    made = await hire(database, admin, role=Role.FRONT_DESK)
    own = oneself(made, house.clinic.id)
    for old in (None, "wrong horse battery"):
        with pytest.raises(NotAllowed):
            await users.set_password(database, own, made.id, "stolen horse battery", old=old)
    colleague = await hire(database, admin, "colleague@riverside.example")
    with pytest.raises(NotAllowed):
        await users.set_password(database, own, colleague.id, "stolen horse battery", old=PASSWORD)
    await users.set_password(database, own, made.id, "my own horse battery", old=PASSWORD)
    assert await signed_in(password="my own horse battery")  # noqa: S106


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"email": "nowhere"}, "email"),
        ({"email": "a b@c"}, "email"),
        ({"role": Role.PATIENT}, "patientId"),
        ({"role": Role.PROVIDER}, "providerId"),
        ({"role": Role.PROVIDER, "provider_id": UUID(int=7)}, "providerId"),
        ({"email": EMAIL.upper()}, "email"),
    ],
)
async def test_half_a_user_is_refused(
    facts: dict[str, Any], field: str, database: Database, admin: Asking[Any]
) -> None:
    """An address, and whom the role is about, are needed, and each address is somebody's once."""
    await hire(database, admin)
    wanted: dict[str, Any] = {"email": "x@example.org", "role": Role.ADMIN} | facts
    with pytest.raises(Refusal) as refused:
        await users.add(database, admin, User(id=INSTALLATION, created_at=NOW, **wanted))
    assert isinstance(refused.value, Invalid)
    assert [name for name, _ in refused.value.fields] == [field]
