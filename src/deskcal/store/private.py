"""What of an appointment only staff and its patient may see, sealed: medical information and its session."""

from dataclasses import dataclass
from uuid import UUID

from deskcal.store.database import ReadTx, WriteTx
from deskcal.store.sealed import Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class Private:
    """The sealed texts of one appointment; `secret` is what `maker` gave to open the session with."""

    medical_info: Sealed | None
    maker: str | None
    secret: Sealed | None


async def find(tx: ReadTx, appointment_id: UUID) -> Private | None:
    found = await tx.records(
        Private,
        "select a.medical_info, r.maker, r.secret from appointments a"
        " left join remote_sessions r on r.clinic_id = a.clinic_id and r.appointment_id = a.id"
        " where a.clinic_id = %(clinic_id)s and a.id = %(id)s",
        id=appointment_id,
    )
    return found[0] if found else None


async def keep_medical_info(tx: WriteTx, appointment_id: UUID, medical_info: Sealed) -> None:
    await tx.run(
        "update appointments set medical_info = %(sealed)s where clinic_id = %(clinic_id)s and id = %(id)s",
        id=appointment_id,
        sealed=medical_info,
    )


async def keep_session(tx: WriteTx, appointment_id: UUID, *, maker: str, secret: Sealed) -> bool:
    """Keep the first session that was made; False when there is one already."""
    return bool(
        await tx.run(
            "insert into remote_sessions (clinic_id, appointment_id, state, maker, secret)"
            " values (%(clinic_id)s, %(id)s, 'ready', %(maker)s, %(secret)s)"
            " on conflict (clinic_id, appointment_id) do update set state = 'ready', maker = excluded.maker,"
            " secret = excluded.secret where remote_sessions.state = 'failed'",
            id=appointment_id,
            maker=maker,
            secret=secret,
        )
    )


async def give_up_session(tx: WriteTx, appointment_id: UUID) -> bool:
    """Note that no session could be made; False when there is one after all, or this was noted before."""
    return bool(
        await tx.run(
            "insert into remote_sessions (clinic_id, appointment_id, state)"
            " values (%(clinic_id)s, %(id)s, 'failed') on conflict (clinic_id, appointment_id) do nothing",
            id=appointment_id,
        )
    )
