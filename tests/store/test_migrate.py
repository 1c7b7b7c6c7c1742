"""Migrations: safe to run again, and by several servers at once."""

from concurrent.futures import ThreadPoolExecutor

import psycopg

from deskcal.store import embedded, migrate


def test_servers_that_start_together_migrate_once(cluster: embedded.Cluster) -> None:
    """Four upgrades at once of an empty database all succeed, and leave it at the newest revision."""
    migrate.create_database(cluster.url(), "together")
    url = cluster.url(database="together")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(migrate.upgrade, [url] * 4))
    with psycopg.connect(url) as connection:
        found = connection.execute("select version_num from alembic_version").fetchall()
    assert found == [(migrate.newest(),)]


def test_every_tenant_table_is_forced_under_row_level_security(cluster: embedded.Cluster) -> None:
    """Every table but the migration's own carries clinic_id, has a policy, and binds even its owner."""
    with psycopg.connect(cluster.url(database="deskcal_template")) as connection:
        tables = connection.execute(
            "select c.relname, c.relrowsecurity and c.relforcerowsecurity, exists (select from pg_policy p"
            "  where p.polrelid = c.oid), exists (select from information_schema.columns a"
            "  where a.table_name = c.relname and a.column_name = 'clinic_id')"
            " from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')"
            " and not c.relispartition and c.relname <> 'alembic_version'"
        ).fetchall()
    assert len(tables) >= 16
    assert [name for name, *good in tables if not all(good)] == []


def test_the_server_role_cannot_step_over_it(cluster: embedded.Cluster) -> None:
    """The server's role is no superuser, bypasses nothing and owns no table."""
    with psycopg.connect(cluster.url(database="deskcal_template")) as connection:
        role = connection.execute(
            "select rolsuper, rolbypassrls, rolcreaterole from pg_roles where rolname = 'deskcal_app'"
        ).fetchone()
        owned = connection.execute(
            "select count(*) from pg_class where relowner = 'deskcal_app'::regrole"
        ).fetchone()
    assert role == (False, False, False)
    assert owned == (0,)
