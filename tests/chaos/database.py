"""One PostgreSQL for all worlds, in the hands of the process that started it: worlds ask it to kill
the server and start it again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import Pipe

from tests import postgres


class Database:
    """Processes that are forked from the one that has it may use it, too. One that somebody else
    runs (``server`` is None) is never restarted."""

    def __init__(self, url: str, server: postgres.PostgresServer | None) -> None:
        self.url = url
        self._server = server
        self.asked, self._asks = Pipe(duplex=False)

    def restart(self) -> None:
        """Asks for it, and returns at once."""
        self._asks.send_bytes(b"again")

    def heed(self) -> None:
        """For its keeper, when something stands in ``asked``."""
        self.asked.recv_bytes()
        if self._server is not None:
            self._server.kill()
            self._server.start()


@contextmanager
def running_database() -> Iterator[Database]:
    named = os.environ.get(postgres.SERVER)
    if named:
        yield Database(named, None)
        return
    with postgres.running_server() as server:
        yield Database(server.url, server)
