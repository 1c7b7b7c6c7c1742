"""Sick days, planned and applied: one method per route."""

from uuid import UUID

from deskcal.client.calls import Calls
from deskcal.wire.plans import ApplyPlan, NewSickDay, Plan


class Plans(Calls):
    """New places for the patients of a provider who is away."""

    async def plan_sick_day(self, provider_id: UUID, request: NewSickDay) -> Plan:
        """Hold new places; while a plan of that day holds some, it is that one."""
        return await self.call("POST", f"/v1/providers/{provider_id}/sick-days", Plan, body=request)

    async def plan(self, plan_id: UUID) -> Plan:
        return await self.call("GET", f"/v1/plans/{plan_id}", Plan)

    async def apply_plan(self, plan_id: UUID, request: ApplyPlan) -> Plan:
        """Begin to move; `plan` tells how far it is."""
        return await self.call("POST", f"/v1/plans/{plan_id}/apply", Plan, body=request)

    async def undo_plan(self, plan_id: UUID) -> Plan:
        """Begin to move back; `plan` tells how far it is."""
        return await self.call("POST", f"/v1/plans/{plan_id}/undo", Plan)

    async def discard_plan(self, plan_id: UUID) -> None:
        await self.call("DELETE", f"/v1/plans/{plan_id}", type(None))
