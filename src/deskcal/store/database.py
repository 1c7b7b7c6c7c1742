"""Connections and transactions: one tenant a transaction, one change a transaction, the log at its end."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, LiteralString, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

import psycopg
from psycopg.rows import class_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from deskcal.core.refusals import Refusal
from deskcal.store.answers import Claim, Kept, opening, read_claim
from deskcal.store.log import NewEvent, finish

T = TypeVar("T")
Row = dict[str, Any]

SERVER_ROLE = "deskcal_app"
MOST_TRIES = 5
WAIT_FOR_CONNECTION = 5.0
STREAM, STREAMED = "stream", 200
EXPLAIN = "explain (analyze, buffers, format text) "
SNAPSHOT = "isolation level repeatable read"
# The pool doubles its wait between tries. Giving up soon lets the next request begin with a first try.
GIVE_UP_CONNECTING = 2.0

Unavailable = (psycopg.OperationalError, PoolTimeout)
"""What reaches a caller while the database is away. Asking again with the same key is always safe."""

Unstorable = psycopg.DataError
"""What reaches a caller whose text or number PostgreSQL cannot keep."""


class ReadTx:
    """A transaction of one clinic that reads. Row-level security hides every other clinic from it."""

    def __init__(self, connection: psycopg.AsyncConnection[Any], clinic_id: UUID) -> None:
        self.connection = connection
        self.clinic_id = clinic_id

    async def rows(self, query: LiteralString, **params: object) -> list[tuple[Any, ...]]:
        """Run a statement; `%(clinic_id)s` is always there."""
        cursor = await self.connection.execute(query, {"clinic_id": self.clinic_id, **params})
        return await cursor.fetchall()

    async def row(self, query: LiteralString, **params: object) -> tuple[Any, ...] | None:
        cursor = await self.connection.execute(query, {"clinic_id": self.clinic_id, **params})
        return await cursor.fetchone()

    async def records(self, kind: type[T], query: LiteralString, **params: object) -> list[T]:
        """Run a statement whose columns are the fields of `kind`."""
        async with self.connection.cursor(row_factory=class_row(kind)) as cursor:
            await cursor.execute(query, {"clinic_id": self.clinic_id, **params})
            return await cursor.fetchall()

    async def plan(self, query: LiteralString, **params: object) -> list[str]:
        """Run a statement for the plan by which PostgreSQL does it, and the time that takes."""
        return [row[0] for row in await self.rows(EXPLAIN + query, **params)]

    async def stream(self, kind: type[T], query: LiteralString, **params: object) -> AsyncIterator[T]:
        """Run a statement whose answer may be too long to hold, and give it piece by piece."""
        async with self.connection.cursor(STREAM, row_factory=class_row(kind)) as cursor:
            cursor.itersize = STREAMED
            await cursor.execute(query, {"clinic_id": self.clinic_id, **params})
            async for record in cursor:
                yield record


class WriteTx(ReadTx):
    """A transaction of one clinic that may change things. `say` collects the events that end it."""

    def __init__(self, connection: psycopg.AsyncConnection[Any], clinic_id: UUID) -> None:
        super().__init__(connection, clinic_id)
        self.events: list[NewEvent] = []
        self._changed = False
        self._savepoint: LiteralString = "work"
        self._told = 0

    async def run(self, query: LiteralString, **params: object) -> int:
        """Run a statement for what it does; gives the number of rows it touched."""
        self._changed = True
        cursor = await self.connection.execute(query, {"clinic_id": self.clinic_id, **params})
        return cursor.rowcount

    async def change(self, query: LiteralString, **params: object) -> list[tuple[Any, ...]]:
        """Run a statement for what it does and for what it returns."""
        self._changed = True
        return await self.rows(query, **params)

    def say(self, event: NewEvent) -> None:
        """Tell the log; it is written as the last statement before commit."""
        self.events.append(event)

    async def restart(self) -> None:
        """Undo what was changed so far, within a part no more than it; the claim on the key stays."""
        del self.events[self._told :]
        if self._changed:
            await self.connection.execute(f"rollback to savepoint {self._savepoint}")
            self._changed = False

    async def settle(self) -> None:
        """Let what was locked so far stay locked when the work is undone, if nothing was changed yet."""
        if not self._changed:
            await self.connection.execute(f"release savepoint {self._savepoint}; savepoint {self._savepoint}")

    @asynccontextmanager
    async def part(self) -> AsyncIterator[None]:
        """Do something that can be undone alone: a Refusal that leaves the part undoes it and no more."""
        outer = self._savepoint, self._told, self._changed
        await self.connection.execute(b"savepoint part")
        self._savepoint, self._told, self._changed = "part", len(self.events), False
        try:
            yield
            await self._leave(*outer)
        except Refusal:
            await self.restart()
            await self._leave(*outer)
            raise

    async def _leave(self, savepoint: LiteralString, told: int, changed: bool) -> None:
        await self.connection.execute(b"release savepoint part")
        self._savepoint, self._told, self._changed = savepoint, told, changed or self._changed

    async def enter(self, clinic_id: UUID) -> None:
        """Go on in another clinic: the one that is being made here."""
        await self.row("select set_config('deskcal.clinic_id', %(to)s, true)", to=str(clinic_id))
        self.clinic_id = clinic_id


class Database:
    """The pool of one process. `heard` is told the seq of every change that this process commits."""

    def __init__(
        self, url: str, *, connections: int, heard: Callable[[UUID, int], None] | None = None
    ) -> None:
        self.conninfo = as_server(url)
        self.heard = heard or (lambda _clinic_id, _seq: None)
        self._pool = AsyncConnectionPool(
            self.conninfo,
            min_size=min(2, connections),
            max_size=connections,
            timeout=WAIT_FOR_CONNECTION,
            reconnect_timeout=GIVE_UP_CONNECTING,
            kwargs={"autocommit": True},
            open=False,
        )

    async def open(self) -> None:
        await self._pool.open()

    async def close(self) -> None:
        await self._pool.close()

    @asynccontextmanager
    async def read(
        self, clinic_id: UUID, *, installation: bool = False, snapshot: bool = False
    ) -> AsyncIterator[ReadTx]:
        """Open a transaction that cannot write; with `installation` it also sees across clinics.

        In a `snapshot` all that is read is as of the first statement.
        """
        start = f"begin {SNAPSHOT if snapshot else ''} read only; set local deskcal.clinic_id = '{clinic_id}'"
        if installation:
            start += "; set local deskcal.installation = 'on'"
        async with self._begun(start.encode()) as cursor:
            try:
                yield ReadTx(cursor.connection, clinic_id)
            finally:
                await _end(cursor.connection)

    @asynccontextmanager
    async def _begun(self, start: bytes) -> AsyncIterator[psycopg.AsyncCursor[Any]]:
        """Check out a connection and begin on it, passing over those that died while nobody used them."""
        for _ in range(self._pool.max_size + 1):
            async with self._pool.connection() as connection:
                try:
                    cursor = await connection.execute(start)
                except psycopg.OperationalError:
                    if not connection.closed:
                        raise
                    continue
                yield cursor
                return
        raise PoolTimeout("the database does not answer")

    async def write(
        self,
        clinic_id: UUID,
        work: Callable[[WriteTx], Awaitable[T]],
        *,
        claim: Claim | None = None,
        keep: Callable[[T | Refusal], Kept] | None = None,
        amend: Callable[[ReadTx, Refusal], Awaitable[Refusal]] | None = None,
        refused: Callable[[Refusal], NewEvent | None] | None = None,
    ) -> T:
        """Do one change: claim the key, work, append the events, keep the answer, commit.

        A Refusal undoes the work and is itself kept as the answer to the key; `amend` may add facts to it,
        read once the work is undone, and `refused` may tell the log of the attempt. Raises Replayed,
        KeyReused or KeyInProgress for a key that came before.
        Only serialisation failures and deadlocks are tried again, at most five times.
        """
        for tries in range(1, MOST_TRIES + 1):
            try:
                return await self._attempt(clinic_id, work, claim, keep, amend, refused=refused)
            except (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected):
                if tries == MOST_TRIES:
                    raise
                await asyncio.sleep(random.random() * 0.01 * 2**tries)  # noqa: S311  jitter
        raise AssertionError("unreachable")

    async def _attempt(
        self,
        clinic_id: UUID,
        work: Callable[[WriteTx], Awaitable[T]],
        claim: Claim | None,
        keep: Callable[[T | Refusal], Kept] | None,
        amend: Callable[[ReadTx, Refusal], Awaitable[Refusal]] | None,
        *,
        refused: Callable[[Refusal], NewEvent | None] | None,
    ) -> T:
        async with self._begun(opening(clinic_id, claim)) as cursor:
            connection = cursor.connection
            try:
                if claim is not None:
                    await read_claim(cursor, claim)
                tx = WriteTx(connection, clinic_id)
                result: T | Refusal
                try:
                    result = await work(tx)
                except Refusal as refusal:
                    await tx.restart()
                    result = await amend(tx, refusal) if amend else refusal
                    told = refused(refusal) if refused else None
                    if told is not None:
                        tx.say(told)
                kept = keep(result) if claim is not None and keep is not None else None
                changed = tx.clinic_id
                if changed != clinic_id:
                    seq = await finish(connection, changed, tx.events, None, None)
                    await tx.enter(clinic_id)
                    tx.events.clear()
                    await finish(connection, clinic_id, (), claim, kept)
                else:
                    seq = await finish(connection, clinic_id, tx.events, claim, kept)
                await connection.execute(b"commit")
            except BaseException:
                await _end(connection)
                raise
        if seq is not None:
            self.heard(changed, seq)
        if isinstance(result, Refusal):
            raise result
        return result


async def _end(connection: psycopg.AsyncConnection[Any]) -> None:
    """Leave the transaction; a broken connection is already out of it and the pool replaces it."""
    if not connection.closed:
        await connection.execute(b"rollback")


def as_server(url: str) -> str:
    """Make every connection of a URL act as the role that row-level security binds."""
    separator = "&" if urlsplit(url).query else "?"
    return f"{url}{separator}options=-c%20role%3D{SERVER_ROLE}"
