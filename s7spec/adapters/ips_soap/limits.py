"""How long and how often we try, and how much we take. All times are seconds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """``connect``: until TCP and TLS stand. ``read``: between two pieces of an answer.
    ``operation``: from the start of the exchange to the last byte of the answer."""

    connect: float = 10.0
    read: float = 60.0
    operation: float = 180.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRetries:
    """Reads only; a submit is never repeated. ``total`` ends the tries, whatever ``tries`` says."""

    tries: int = 4
    first_wait: float = 0.5
    longest_wait: float = 8.0
    total: float = 90.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """How to get to IPS where the environment's variables do not say it, or say it wrongly.

    ``proxy``: URL of an HTTP proxy, without a login in it. ``ca``: a PEM file of the authorities
    to trust, and of no others. None: as HTTPS_PROXY, NO_PROXY, REQUESTS_CA_BUNDLE and
    SSL_CERT_FILE say.
    """

    proxy: str | None = None
    ca: Path | None = None


# A page of 1000 assets or log details is about 1 MB; what is far beyond is no answer of IPS.
ANSWER_BYTES = 32 * 1024 * 1024
# A page of 1000 assets with all their fields and much metadata is about 200,000.
ANSWER_NODES = 500_000
# As many threads as may share a gateway: each has a connection to come back to.
CONNECTIONS = 32
PAGE_ROWS = 1000
# A real client takes an answer of so many job logs for one that was cut (facts: IPS API section 8).
LOG_ROWS = 1000
NAMES_PER_CALL = 200
