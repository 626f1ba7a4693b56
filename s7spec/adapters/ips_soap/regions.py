"""Where IPS answers (facts: IPS API section 2, hosts and endpoint). Imports no SOAP library."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

SERVICE_PATH = "/scene7/services/IpsApiService"
_HOSTS = {
    "na": "s7sps1apissl.scene7.com",
    "emea": "s7sps3apissl.scene7.com",
    "apac": "s7sps5apissl.scene7.com",
    "na-staging": "s7sps1apissl-staging.scene7.com",
    "emea-staging": "s7sps3apissl-staging.scene7.com",
    "apac-staging": "s7sps5apissl-staging.scene7.com",
}
REGIONS = tuple(_HOSTS)
_NAME = re.compile(r"[\w.-]+")


def endpoint_for(ips: str) -> str:
    """The SOAP endpoint of a region's name or an http(s) URL.

    A URL without a path gets IPS's service path; one with a path is taken as it is. Plain http is
    for loopback hosts only: the password is in the request. Raises ValueError, whose text says
    what is wrong and repeats nothing of the URL, which may hold a login.
    """
    host = _HOSTS.get(ips)
    if host is not None:
        return f"https://{host}{SERVICE_PATH}"
    parts = _split(ips)
    if parts.path in ("", "/"):
        parts = parts._replace(path=SERVICE_PATH)
    return urlunsplit(parts)


def is_loopback(host: str) -> bool:
    """Whether a URL's host is this machine: 127.0.0.0/8, ::1 or localhost."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _split(ips: str) -> SplitResult:
    try:
        parts = urlsplit(ips)
        parts.port  # noqa: B018 - reading it checks it
    except ValueError:
        # The library's own words quote the URL, which may hold a password.
        raise ValueError("the IPS URL cannot be read: its host or port is malformed") from None
    if parts.scheme not in ("http", "https"):
        names = ", ".join(REGIONS)
        raise ValueError(f"unknown IPS region; give one of {names}, or an http(s) URL")
    if "@" in unquote(parts.netloc):
        raise ValueError("the IPS URL must not hold a user or password: set S7SPEC_USER instead")
    if not parts.hostname or any(c.isspace() or not c.isprintable() for c in ips):
        raise ValueError("the IPS URL names no host, or holds blanks")
    if not _is_host(parts):
        raise ValueError("the IPS URL's host is neither a name nor an address")
    if parts.fragment:
        raise ValueError("the IPS URL must not hold a fragment (#...)")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError(
            "the IPS URL must start with https: over http the password would cross the network"
            " in clear text (http is for this machine only: 127.0.0.1, ::1 or localhost)"
        )
    return parts


def _is_host(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    if "[" not in parts.netloc:
        return _NAME.fullmatch(host) is not None
    try:
        return ip_address(host).version == 6
    except ValueError:
        return False
