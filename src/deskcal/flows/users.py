"""Users: added, changed, disabled, given a password."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuid

from deskcal.core.access import INSTALLATION, Actor, Role, Scope
from deskcal.core.refusals import Invalid, NotAllowed, PreconditionFailed
from deskcal.core.user import User, insist_whole
from deskcal.flows.asking import Asking
from deskcal.flows.editing import edited, known
from deskcal.flows.granting import granting, insist_there
from deskcal.flows.signing_in import tried
from deskcal.store import passwords, tokens, users
from deskcal.store.database import Database, WriteTx
from deskcal.store.log import NewEvent

ACCESS = {"role", "provider_id", "patient_id", "disabled_at"}
"""What a change of ends the sessions of a user: they sign in again, as what they are now."""


async def add(database: Database, asking: Asking[User], user: User) -> User:
    """Add somebody, who cannot sign in before they have a password."""
    asking = granting(asking, user.role)
    made = replace(user, id=uuid.uuid7(), email=user.email.strip(), created_at=asking.now)
    insist_whole(made)

    async def work(tx: WriteTx) -> User:
        await insist_there(tx, patient_id=made.patient_id, provider_id=made.provider_id)
        if not await users.add(tx, made):
            raise Invalid(("email", f"there is a user {made.email} already"))
        _tell(tx, asking.event("user.added", made.id, role=str(made.role)))
        return made

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def every(
    database: Database, actor: Actor, *, after: tuple[str, UUID] | None, limit: int
) -> list[User]:
    """List the users of the actor's clinic, or of the installation."""
    async with database.read(actor.clinic_id) as tx:
        return await users.every(tx, after=after, limit=limit)


async def find(database: Database, actor: Actor, user_id: UUID) -> User:
    """Look a user up. Raises NotFound."""
    async with database.read(actor.clinic_id) as tx:
        return known(await users.find(tx, user_id), "user")


async def of_actor(database: Database, actor: Actor) -> User | None:
    """Give the user who is asking; None for a key."""
    async with database.read(INSTALLATION if actor.role is Role.OPS else actor.clinic_id) as tx:
        return await users.find(tx, UUID(actor.sub))


async def change(
    database: Database,
    asking: Asking[User],
    user_id: UUID,
    changes: Mapping[str, Any],
    *,
    version: int | None,
) -> User:
    """Change some fields; another role, or none at all, ends the user's sessions at once."""
    if str(user_id) == asking.actor.sub and ACCESS & set(changes):
        raise NotAllowed("Nobody changes their own access. Ask another admin.")

    async def work(tx: WriteTx) -> User:
        found = known(await users.find(tx, user_id), "user")
        granting(asking, found.role)
        changed = await edited(tx, found, changes, kind="user", version=version, write=users.change)
        if granting(asking, changed.role).clinic_id != tx.clinic_id:
            raise Invalid(("role", "ops are of no clinic: add them as a user of their own"))
        insist_whole(changed)
        await insist_there(tx, patient_id=changed.patient_id, provider_id=changed.provider_id)
        if ACCESS & set(changes):
            await tokens.end_sessions(tx, user_id, asking.now)
        _tell(tx, asking.event("user.changed", user_id, fields=sorted(changes)))
        return changed

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def set_password(
    database: Database, asking: Asking[User], user_id: UUID, password: str, *, old: str | None
) -> User:
    """Set a password, which ends the user's sessions. For one's own the old one is needed.

    Raises NotAllowed for an old one that is wrong, and PreconditionFailed when it was set meanwhile.
    """
    own = str(user_id) == asking.actor.sub
    if not own:
        asking.actor.require(Scope.TOKENS_WRITE)
    found = await find(database, asking.actor, user_id)
    granting(asking, found.role)
    version: int | None = found.version
    if own:
        version = await tried(database, asking.clinic_id, user_id, old or "", asking.now)
        if version is None:
            raise NotAllowed("The old password is wrong, or was tried too often. Wait, or ask an admin.")
    kept = await passwords.kept_form(password)

    async def work(tx: WriteTx) -> User:
        if not await users.set_password(tx, user_id, kept, version=version or 0):
            raise PreconditionFailed("Someone else changed this user meanwhile. Look again.")
        await tokens.end_sessions(tx, user_id, asking.now)
        _tell(tx, asking.event("user.password_set", user_id))
        return known(await users.find(tx, user_id), "user")

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


def _tell(tx: WriteTx, event: NewEvent) -> None:
    """Tell the clinic's log; the installation has none."""
    if tx.clinic_id != INSTALLATION:
        tx.say(event)
