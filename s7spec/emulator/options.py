"""What a person chooses when starting the embedded IPS, and what can go wrong at the start."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from s7spec.emulator.quirks import Quirks

if TYPE_CHECKING:
    from s7spec.emulator.clock import ServerClock

ENDPOINT = "/scene7/services/IpsApiService"

DEFAULT_USER = "demo@example.com"
DEFAULT_PASSWORD = "demo"  # noqa: S105 - documented login of a server that listens on loopback only


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedIpsOptions:
    """How to serve one catalog.

    ``catalog`` is a folder of pictures with an optional ``catalog.yaml``. ``data`` holds the
    SQLite store, ``Exports/`` and ``outbox/`` and is created when missing. ``contract`` holds the
    WSDL and the XSDs. ``host`` must be a loopback address; port 0 takes any free port.
    ``workers`` jobs run at once, each pausing ``seconds_per_asset`` before each asset, so that
    people and tests can watch it run. ``faults`` is a file of rules for what goes wrong
    (docs/fault-injection.md), None for a server without faults.

    ``max_assets_per_job`` is documented for the user interface; None is any number. ``quirks``
    says what happens beyond, and other things that are not published. ``clock`` is the time of
    the server, the system's without one.
    """

    catalog: Path
    data: Path
    contract: Path
    host: str = "127.0.0.1"
    port: int = 0
    workers: int = 2
    seconds_per_asset: float = 0.0
    max_assets_per_job: int | None = 500
    faults: Path | None = None
    quirks: Quirks = field(default_factory=Quirks)
    clock: ServerClock | None = None

    def __post_init__(self) -> None:
        if self.workers < 1:
            raise ValueError("workers must be at least 1")


class ServerAddressError(OSError):
    """The host is not a loopback address, or the address cannot be listened on."""


class ServerAlreadyRunning(Exception):
    """Another process serves this data folder. ``url`` and ``pid`` are None while it starts."""

    def __init__(self, data: Path, *, url: str | None, pid: int | None) -> None:
        where = f" at {url}" if url else ""
        who = f" (process {pid})" if pid else ""
        super().__init__(f"an embedded IPS already serves {data}{where}{who}")
        self.data = data
        self.url = url
        self.pid = pid


class StoreError(OSError):
    """The SQLite store or another file of the data folder cannot be used."""
