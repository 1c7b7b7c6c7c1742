"""The database for commands that work on it themselves, whether or not a server runs."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from deskcal.server import folder
from deskcal.server.run import DATABASE
from deskcal.settings import Settings
from deskcal.store import embedded, migrate


@contextmanager
def at_hand(settings: Settings) -> Iterator[str]:
    """Give the URL of the database, as its owner.

    The embedded one is started where no server runs, none can start meanwhile, and it is stopped afterwards.
    Raises ClusterRefusal.
    """
    if settings.database_url is not None:
        yield settings.database_admin_url or settings.database_url
        return
    place = settings.data_dir
    cluster = embedded.prepare(place / "postgres")
    with ExitStack() as stack:
        try:
            stack.enter_context(folder.alone(place))
            stack.callback(cluster.stop)
        except folder.FolderInUse:
            pass
        cluster.start()
        migrate.create_database(cluster.url(), DATABASE)
        yield cluster.url(database=DATABASE)
