"""What to say when an appointment was not changed: why, and where somebody was quicker, who."""

from deskcal.client.errors import ClientError, Refused
from deskcal.tui.appointments.facts import doer
from deskcal.tui.appointments.outline import Meant
from deskcal.tui.appointments.statuses import WORDS
from deskcal.tui.desk import Desk
from deskcal.tui.names import shown

CHANGED_MEANWHILE = "PRECONDITION_FAILED"


async def refusal(desk: Desk, refused: Refused, before: Meant) -> tuple[Meant, str]:
    """Give the appointment as it is, as far as the server tells, and the sentence."""
    words = str(refused)
    try:
        with desk.asking() as link:
            now = await link.appointment(before.id)
            if refused.problem.error == CHANGED_MEANWHILE:
                [*_, latest] = await link.audit(before.id)
                by, at = doer(latest), f"{desk.local(latest.timestamp):%H:%M}"
                name = shown(now.patient_name, private=desk.private)
                words = f"Not changed: {name} is {WORDS[now.status]} since {at}, by {by}. Look again."
    except ClientError:
        return before, words
    return now, words
