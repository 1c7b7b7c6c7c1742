"""What nobody needs any more is forgotten."""

from deskcal.core.access import INSTALLATION
from deskcal.store import answers, clinics, holds
from deskcal.store.database import Database, WriteTx


async def tidy(database: Database) -> None:
    """Forget holds that ended a day ago and answers whose keys are past their 36 hours, in every clinic."""
    async with database.read(INSTALLATION, installation=True) as tx:
        everywhere = [INSTALLATION, *(clinic.id for clinic in await clinics.every(tx))]

    async def work(tx: WriteTx) -> None:
        await holds.forget_ended(tx)
        await tx.run(answers.FORGET, age=answers.KEPT_FOR)

    for clinic_id in everywhere:
        await database.write(clinic_id, work)
