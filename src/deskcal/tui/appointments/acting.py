"""What any area can do with the appointment under its cursor."""

from uuid import UUID

from deskcal.client.errors import ClientError
from deskcal.tui.errands import Errands


class Acting(Errands):
    """An area says which appointment is meant; the rest is the same everywhere."""

    @property
    def under_cursor(self) -> UUID | None:
        """The appointment that the commands are for."""
        return None

    async def open_appointment(self, appointment_id: UUID) -> None:
        """Show an appointment and everything that happened to it."""
        from deskcal.tui.appointments.detail import Detail

        try:
            with self.desk.asking() as link:
                whole = await link.appointment(appointment_id)
                audit = await link.audit(appointment_id)
        except ClientError as error:
            self.explain(error)
        else:
            await self.app.push_screen(Detail(whole, audit, self.desk))
