"""The embedded IPS as one object: start it, talk to it, stop it."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING

from s7spec.emulator.options import ENDPOINT, EmbeddedIpsOptions
from s7spec.emulator.tenancy import Tenancy, running_server

if TYPE_CHECKING:
    from s7spec.emulator.assembly import Running
    from s7spec.emulator.faults.live import LiveFaults
    from s7spec.emulator.jobs.fate import FateOf

__all__ = ["EmbeddedIps", "running_server"]


class EmbeddedIps:
    """A context manager around one server.

    Entering raises CatalogError, FaultsFileError, ServerAlreadyRunning, ServerAddressError,
    StoreError or FileNotFoundError (the contract). Jobs that an earlier server left unfinished
    start again. Leaving waits for running requests, interrupts running jobs and closes everything.
    ``fate_of`` is what happens to each job, by the faults in force where it is not given.
    """

    def __init__(self, options: EmbeddedIpsOptions, *, fate_of: FateOf | None = None) -> None:
        self._options = options
        self._fate_of = fate_of
        self._running: Running | None = None
        self._closed = threading.Event()

    @property
    def url(self) -> str:
        """Such as ``http://127.0.0.1:PORT``; known once the server is entered."""
        return self._require().url

    @property
    def endpoint(self) -> str:
        return self.url + ENDPOINT

    @property
    def previews(self) -> str:
        """The address of all previews, up to the name of the asset."""
        return f"{self.url}{self._require().preview_path}"

    @property
    def faults(self) -> LiveFaults:
        """What goes wrong, and what to change about it while the server runs."""
        return self._require().faults

    def _require(self) -> Running:
        if self._running is None:
            raise RuntimeError("the embedded IPS is not running")
        return self._running

    def __enter__(self) -> EmbeddedIps:
        if self._running is not None:
            raise RuntimeError("the embedded IPS is running already")
        # Imported late: lxml, Pillow and waitress cost time that a mere import should not.
        from s7spec.emulator.assembly import assemble

        self._closed.clear()
        self._options.data.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            tenancy = Tenancy(self._options.data)
            stack.callback(tenancy.release)
            running = assemble(self._options, stack, self._fate_of)
            tenancy.announce(running.url)
            running.keep(stack.pop_all())
        self._running = running
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def serve_forever(self) -> None:
        """Block until ``close`` is called from elsewhere, or an exception such as ^C ends it."""
        if self._running is not None:
            self._closed.wait()

    def close(self) -> None:
        """Stop serving. Calling it twice does no harm."""
        running, self._running = self._running, None
        if running is not None:
            running.close()
        self._closed.set()
