"""What nobody needs any more is forgotten."""

from deskcal.core.access import INSTALLATION
from deskcal.store import answers, clinics, holds, imports
from deskcal.store.database import Database, WriteTx


async def tidy(database: Database) -> None:
    """Forget what is long over in every clinic.

    Holds that ended a day ago, answers whose keys are past their 36 hours, what imports said a month ago.
    """
    async with database.read(INSTALLATION, installation=True) as tx:
        everywhere = [INSTALLATION, *(clinic.id for clinic in await clinics.every(tx))]

    async def work(tx: WriteTx) -> None:
        await holds.forget_ended(tx)
        await tx.run(answers.FORGET, age=answers.KEPT_FOR)
        await imports.forget_reasons(tx)

    for clinic_id in everywhere:
        await database.write(clinic_id, work)
