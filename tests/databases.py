"""Databases of the tests' own, copied from one that has everything."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from deskcal.store.embedded import Cluster

TEMPLATE = "deskcal_template"


@contextmanager
def copied(cluster: Cluster, name: str, *, template: str = TEMPLATE) -> Iterator[str]:
    """Copy a database until the end of the block; gives the URL of the copy."""
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        connection.execute(f'create database "{name}" template {template}'.encode())
    yield cluster.url(database=name)
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        connection.execute(f'drop database "{name}" with (force)'.encode())
