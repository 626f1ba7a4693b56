"""What a person chooses when starting the embedded IPS, and what can go wrong at the start."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ENDPOINT = "/scene7/services/IpsApiService"

DEFAULT_USER = "demo@example.com"
DEFAULT_PASSWORD = "demo"  # noqa: S105 - documented login of a server that listens on loopback only


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedIpsOptions:
    """How to serve one catalog.

    ``catalog`` is a folder of pictures with an optional ``catalog.yaml``. ``data`` holds the
    SQLite store, ``Exports/`` and ``outbox/`` and is created when missing. ``contract`` holds the
    WSDL and the XSDs. ``host`` must be a loopback address; port 0 takes any free port.
    ``workers`` jobs run at once. ``faults`` is a file of rules for what goes wrong
    (docs/fault-injection.md), None for a server without faults.

    Quirks, that is behaviour of the real service that is not published:

    - ``seconds_per_asset``: pause before each asset of a job, so that people and tests can
      watch a job run.
    - ``previews_of_unpublished``: ``/is/image`` also serves assets that are in the trash or not
      marked for publishing. Image Serving serves only what is published; how that shows in
      ``readyForPublish`` is a guess.
    - ``max_assets_per_job``: submitJob refuses longer lists with ipsApiFault 30001. 500 is
      documented for the user interface; None accepts any number.
    """

    catalog: Path
    data: Path
    contract: Path
    host: str = "127.0.0.1"
    port: int = 0
    workers: int = 2
    seconds_per_asset: float = 0.0
    max_assets_per_job: int | None = 500
    previews_of_unpublished: bool = False
    faults: Path | None = None

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
