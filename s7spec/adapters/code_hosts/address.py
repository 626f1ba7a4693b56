"""Where the API of a code host answers: an address that a token may be sent to."""

from __future__ import annotations

from urllib.parse import urlsplit

from s7spec.adapters.ips_soap.regions import is_loopback


def api_address(text: str, *, variable: str) -> str:
    """Without a slash at its end. Plain http is for this machine only: the token is in every
    request. Raises ValueError, whose text repeats nothing of the address."""
    try:
        parts = urlsplit(text.strip())
        parts.port  # noqa: B018 - reading it checks it
    except ValueError:
        raise ValueError(f"{variable} is no address: its host or port is malformed") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise ValueError(f"{variable} is no http(s) address of a host, without user and password")
    if any(each.isspace() or not each.isprintable() for each in text.strip()):
        raise ValueError(f"{variable} holds blanks")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError(
            f"{variable} must start with https: over http the token would cross the network in"
            " clear text (http is for this machine only)"
        )
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def origin(address: str) -> tuple[str, str, int | None]:
    """What a token is meant for: scheme, host and port."""
    parts = urlsplit(address)
    standard = {"https": 443, "http": 80}.get(parts.scheme)
    return parts.scheme, (parts.hostname or "").lower(), parts.port or standard
