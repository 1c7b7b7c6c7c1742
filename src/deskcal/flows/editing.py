"""Changing some fields of a thing that somebody has seen."""

from collections.abc import Awaitable, Mapping
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from deskcal.core.clinic import Clinic, Equipment, Location, Patient, Provider, Room, Service
from deskcal.core.refusals import NotFound, PreconditionFailed
from deskcal.core.user import User
from deskcal.store.database import WriteTx

T = TypeVar("T", Clinic, Location, Room, Equipment, Service, Provider, Patient, User)
T_contra = TypeVar("T_contra", contravariant=True)


class Write(Protocol[T_contra]):
    """What writes a thing as it is now; False when it is not at `version` any more."""

    def __call__(self, tx: WriteTx, changed: T_contra, /, *, version: int) -> Awaitable[bool]: ...


def known(found: T | None, kind: str) -> T:
    """Give what was looked for. Raises NotFound where there is none."""
    if found is None:
        raise NotFound(f"There is no such {kind}.")
    return found


async def edited(
    tx: WriteTx, found: T, changes: Mapping[str, Any], *, kind: str, version: int | None, write: Write[T]
) -> T:
    """Write a thing with its changes, texts without blanks around them.

    `version` is what the caller saw, None where any will do. Raises PreconditionFailed where it is not the
    newest.
    """
    changed = replace(found, **{name: _trimmed(value) for name, value in changes.items()})
    if not await write(tx, changed, version=found.version if version is None else version):
        raise PreconditionFailed(f"Someone else changed this {kind} meanwhile. Look again.")
    return replace(changed, version=found.version + 1)


def _trimmed(value: Any) -> Any:
    return value.strip() if type(value) is str else value
