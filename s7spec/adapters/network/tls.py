"""What was agreed on a TLS connection."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsSeen:
    """``protocol`` as OpenSSL calls it (TLSv1.3). ``expires`` is the certificate's end, UTC."""

    protocol: str
    expires: datetime | None


def seen(connected: object) -> TlsSeen | None:
    """None for a socket without TLS, and for one that is closed already."""
    if not isinstance(connected, ssl.SSLSocket):
        return None
    try:
        protocol, certificate = connected.version(), connected.getpeercert()
    except (OSError, ValueError):
        return None
    end = (certificate or {}).get("notAfter")
    expires = (
        datetime.fromtimestamp(ssl.cert_time_to_seconds(end), UTC) if isinstance(end, str) else None
    )
    return TlsSeen(protocol=protocol or "TLS", expires=expires)
