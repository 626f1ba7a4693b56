"""The way to IPS: through which proxy, and whose certificates count."""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from requests.utils import get_environ_proxies, select_proxy

from s7spec.adapters.ips_soap.failures import BadRoute
from s7spec.adapters.ips_soap.limits import Route
from s7spec.adapters.ips_soap.regions import is_loopback

_CA_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """``proxy`` is its URL, which may hold a login, or None; ``proxy_name`` is what may be shown
    of it. ``trust`` is a file or folder of authorities, or True for the public ones."""

    proxy: str | None = field(default=None, repr=False)
    proxy_name: str = ""
    trust: str | bool = True


def find_way(endpoint: str, route: Route, environ: Mapping[str, str] = os.environ) -> Way:
    """``route`` where it says something, else the environment's variables.

    A proxy is never used for this machine itself. Raises BadRoute.
    """
    proxy = _proxy(endpoint, route)
    return Way(
        proxy=proxy,
        proxy_name=_shown(proxy) if proxy else "",
        trust=_trust(route, environ) if endpoint.startswith("https:") else True,
    )


def _proxy(endpoint: str, route: Route) -> str | None:
    if is_loopback(urlsplit(endpoint).hostname or ""):
        # It would get the password in clear text.
        return None
    # requests reads os.environ, and on some systems the desktop's settings.
    proxy = route.proxy or select_proxy(endpoint, get_environ_proxies(endpoint))
    if not proxy:
        return None
    url = proxy if "://" in proxy else f"http://{proxy}"
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and parts.scheme in ("http", "https") and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        # Not quoted: it may hold a login.
        raise BadRoute("the proxy's URL cannot be used: it must be http(s)://HOST:PORT")
    return url


def _shown(proxy: str) -> str:
    """host:port. An @, / or # in an unescaped password would make it look like a part of the
    host: then nothing is shown."""
    parts = urlsplit(proxy)
    if "@" in parts.path + parts.query + parts.fragment:
        return ""
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _trust(route: Route, environ: Mapping[str, str]) -> str | bool:
    stated = [("`ca:`", str(route.ca))] if route.ca is not None else []
    stated += [(name, environ[name]) for name in _CA_VARIABLES if environ.get(name)]
    if not stated:
        return True
    source, path = stated[0]
    _check_authorities(source, Path(path))
    return path


def _check_authorities(source: str, path: Path) -> None:
    """A broken file would look like a broken server."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        if path.is_dir():
            context.load_verify_locations(capath=path)
        else:
            context.load_verify_locations(cafile=path)
    except ssl.SSLError:
        raise BadRoute(f"{source} {path} holds no certificates in PEM form") from None
    except OSError as error:
        raise BadRoute(f"{source} {path} cannot be read: {error.strerror}") from None
