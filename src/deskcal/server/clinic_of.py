"""In which clinic a request happens: the token's, or the one that `ops` names."""

from dataclasses import replace
from uuid import UUID

from deskcal.core.access import INSTALLATION, Actor, Role, Scope
from deskcal.core.refusals import Invalid, NotFound
from deskcal.server.changes import Req


def own_clinic(request: Req, scope: Scope) -> Actor:
    """Give the caller, who must have the scope and be in a clinic. Raises NotAllowed or Invalid."""
    request.user.require(scope)
    if request.user.clinic_id == INSTALLATION:
        raise Invalid(("X-Clinic-Id", "an ops token has to say which clinic it means"))
    return request.user


def path_clinic(request: Req, clinic_id: UUID, scope: Scope) -> Actor:
    """Give the caller in the clinic of the path. To anybody of another clinic it is not there."""
    actor = request.user
    if actor.clinic_id == INSTALLATION and actor.role is Role.OPS:
        request.scope["user"] = actor = replace(actor, clinic_id=clinic_id)
    if actor.clinic_id != clinic_id:
        raise NotFound("There is no such clinic.")
    actor.require(scope)
    return actor
