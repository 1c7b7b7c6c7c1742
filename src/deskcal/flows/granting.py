"""Who may give which access to whom: nobody gives away more than they have."""

from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from deskcal.core.access import INSTALLATION, SCOPES, Role, Scope
from deskcal.core.refusals import Invalid, NotAllowed
from deskcal.flows.asking import Asking
from deskcal.store import catalog, patients
from deskcal.store.database import ReadTx

T = TypeVar("T")


def granting(asking: Asking[T], role: Role, scopes: AbstractSet[Scope] | None = None) -> Asking[T]:
    """Ask where the role belongs: `ops` in the installation, all others in a clinic.

    Raises NotAllowed for more than the caller may do, Invalid where it is not clear which clinic is meant.
    """
    if not (SCOPES[role] if scopes is None else scopes) <= asking.actor.scopes:
        raise NotAllowed(f"You cannot give anybody more access than you have: role {role}.")
    if role is Role.OPS:
        return replace(asking, actor=replace(asking.actor, clinic_id=INSTALLATION))
    if asking.clinic_id == INSTALLATION:
        raise Invalid(("clinic", "say which clinic it is for"))
    return asking


async def insist_there(tx: ReadTx, *, patient_id: UUID | None, provider_id: UUID | None) -> None:
    """Raise Invalid for a patient or provider whom the clinic does not have."""
    if patient_id is not None and await patients.find(tx, patient_id) is None:
        raise Invalid(("patientId", "there is no such patient"))
    if provider_id is not None and await catalog.provider(tx, provider_id) is None:
        raise Invalid(("providerId", "there is no such provider"))
