"""Restoring a backup: beside the database that is there, proved, and only then in its place."""

from contextlib import suppress
from pathlib import Path
from typing import LiteralString
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from deskcal.store import backup, migrate
from deskcal.store.backup import FORMAT, Manifest
from deskcal.store.contents import Tell, contents
from deskcal.store.soundness import faults
from deskcal.store.upkeep import Connection, DatabaseRefusal, connected, insist_sees_all, revision

PROVIDERS: dict[str, LiteralString] = {"c": "libc", "i": "icu", "b": "builtin"}


def restore(url: str, file: Path, *, replace: bool, tell: Tell) -> Manifest:
    """Put a backup in the place of a database; with `replace` also of one that has clinics.

    Until the backup is proved the database stays as it is; then the two change places in one transaction.
    Killed anywhere, it can be done again. Raises DatabaseRefusal.
    """
    target = urlsplit(url).path.lstrip("/")
    beside, old = f"{target}_restoring", f"{target}_replaced"
    with backup.opened(file) as (manifest, dump), connected(_of(url, "postgres")) as server:
        _insist_readable(manifest)
        _insist_alone(server, target)
        migrate.create_database(_of(url, "postgres"), target)
        if not _is_free(url, manifest, replace=replace, tell=tell):
            return manifest
        for left in (beside, old):
            _drop(server, left)
        _make_like(server, target, beside)
        try:
            backup.run(
                "pg_restore", _of(url, beside), ["--no-owner", "--exit-on-error"], given=dump, taken=None
            )
            _prove(_of(url, beside), manifest, tell)
            _swap(server, target, beside, old)
        except BaseException:
            _drop(server, beside)
            raise
        _drop(server, old)
    return manifest


def _insist_readable(manifest: Manifest) -> None:
    if manifest.format > FORMAT or not migrate.known(manifest.migration):
        raise DatabaseRefusal(f"This backup is of a newer deskcal, {manifest.deskcal}. Update deskcal first.")


def _insist_alone(server: Connection, target: str) -> None:
    """Refuse while anybody is connected, and while another restores."""
    [(free,)] = server.execute("select pg_try_advisory_lock(hashtext(%s))", [f"restore {target}"]).fetchall()
    if not free:
        raise DatabaseRefusal("Somebody else restores this database just now.")
    [(sessions,)] = server.execute(
        "select count(*) from pg_stat_activity where datname = %s and backend_type = 'client backend'",
        [target],
    ).fetchall()
    if sessions:
        raise DatabaseRefusal(
            f"A server, or somebody else, works on this database ({sessions} connections). Stop it first."
        )


def _is_free(url: str, manifest: Manifest, *, replace: bool, tell: Tell) -> bool:
    """Tell whether a backup may come here; False where it has come already. Raises DatabaseRefusal."""
    with connected(url) as connection:
        insist_sees_all(connection)
        at = revision(connection)
        clinics = connection.execute("select count(*) from clinics").fetchall()[0][0] if at else 0
        if clinics and not replace:
            if at == manifest.migration and contents(connection, tell) == manifest.tables:
                return False
            raise DatabaseRefusal(
                f"There are {clinics} clinics in this database. To give them up for the backup: --replace"
            )
    if at is None:
        # A backup has no roles, and grants need the server's.
        migrate.upgrade(url)
    return True


def _prove(url: str, manifest: Manifest, tell: Tell) -> None:
    with connected(url) as connection:
        found = contents(connection, tell)
    differ = sorted({name for name, _ in found.items() ^ manifest.tables.items()})
    if differ:
        raise DatabaseRefusal(f"What was restored differs from what was backed up: {', '.join(differ)}.")
    migrate.upgrade(url)
    with connected(url) as connection:
        wrong = faults(connection)
    if wrong:
        raise DatabaseRefusal(f"What was backed up cannot be right: {'; '.join(wrong)}.")


def _swap(server: Connection, target: str, beside: str, old: str) -> None:
    rename = sql.SQL("alter database {} rename to {}")
    try:
        with server.transaction():
            server.execute(rename.format(sql.Identifier(target), sql.Identifier(old)))
            server.execute(rename.format(sql.Identifier(beside), sql.Identifier(target)))
    except psycopg.errors.ObjectInUse as error:
        raise DatabaseRefusal(
            "Somebody connected to the database meanwhile. Stop them and try again."
        ) from error


def _make_like(server: Connection, target: str, name: str) -> None:
    """Make an empty database with the locale of another, by which names are found and sorted."""
    [(provider, collate, ctype, locale)] = server.execute(
        "select datlocprovider::text, datcollate, datctype,"
        " coalesce(to_jsonb(d)->>'datlocale', to_jsonb(d)->>'daticulocale') from pg_database d"
        " where datname = %s",
        [target],
    ).fetchall()
    made = sql.SQL(
        "create database {} template template0 encoding 'UTF8' locale_provider {} lc_collate {} lc_ctype {}"
    ).format(sql.Identifier(name), sql.SQL(PROVIDERS[provider]), sql.Literal(collate), sql.Literal(ctype))
    if locale is not None:
        made += sql.SQL(" {} {}").format(sql.SQL(f"{PROVIDERS[provider]}_locale"), sql.Literal(locale))
    server.execute(made)


def _drop(server: Connection, name: str) -> None:
    with suppress(psycopg.OperationalError):
        server.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def _of(url: str, database: str) -> str:
    """Name another database of the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))
