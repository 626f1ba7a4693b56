"""Where IPS answers (facts: IPS API section 2, hosts and endpoint). Imports no SOAP library."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit, urlunsplit

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


def endpoint_for(ips: str) -> str:
    """The SOAP endpoint of a region's name or an http(s) URL.

    A URL without a path gets IPS's service path; one with a path is taken as it is. Raises
    ValueError, whose text says what is wrong and never repeats user information from a URL.
    """
    host = _HOSTS.get(ips)
    if host is not None:
        return f"https://{host}{SERVICE_PATH}"
    parts = _split(ips)
    if parts.path in ("", "/"):
        parts = parts._replace(path=SERVICE_PATH)
    return urlunsplit(parts)


def _split(ips: str) -> SplitResult:
    try:
        parts = urlsplit(ips)
        parts.port  # noqa: B018 - reading it checks it
    except ValueError as error:
        raise ValueError(f"the IPS URL cannot be read: {error}") from error
    if parts.scheme not in ("http", "https"):
        names = ", ".join(REGIONS)
        raise ValueError(f"unknown IPS region; give one of {names}, or an http(s) URL")
    if "@" in parts.netloc:
        raise ValueError("the IPS URL must not hold a user or password: set S7SPEC_USER instead")
    if not parts.hostname or any(c.isspace() or not c.isprintable() for c in ips):
        raise ValueError("the IPS URL names no host, or holds blanks")
    if parts.fragment:
        raise ValueError("the IPS URL must not hold a fragment (#...)")
    return parts
