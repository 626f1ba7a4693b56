"""Writing HTTP answers through WSGI."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
StartResponse = Callable[[str, Headers], object]

_GZIP_LEVEL = 1
# Most answers are small. zlib's usual buffers take ten times as long to set up as they to pack.
_SMALL = 4096
_SMALL_WINDOW = zlib.MAX_WBITS - 3 + 16
_SMALL_MEMORY = 5


def send_xml(
    environ: Environ,
    start_response: StartResponse,
    *,
    status: int,
    content_type: str,
    body: bytes,
    packed: bool | None,
) -> Iterable[bytes]:
    """``packed`` says whether to gzip; None leaves it to the Accept-Encoding of the request."""
    headers = [("Content-Type", content_type)]
    if packed is None:
        packed = _accepts_gzip(str(environ.get("HTTP_ACCEPT_ENCODING", "")))
    if packed:
        body = _gzipped(body)
        headers.append(("Content-Encoding", "gzip"))
    headers.append(("Content-Length", str(len(body))))
    start_response(status_line(status), headers)
    return [body]


def _gzipped(body: bytes) -> bytes:
    if len(body) > _SMALL:
        return gzip.compress(body, _GZIP_LEVEL, mtime=0)
    packer = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _SMALL_WINDOW, _SMALL_MEMORY)
    return packer.compress(body) + packer.flush()


def _accepts_gzip(header: str) -> bool:
    for part in header.lower().split(","):
        name, _, weight = part.replace(" ", "").partition(";")
        if name in ("gzip", "x-gzip", "*"):
            return re.fullmatch(r"q=0(\.0*)?", weight) is None
    return False


def status_line(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status} Fault"


def send_text(
    start_response: StartResponse, status: HTTPStatus, text: str, *further: tuple[str, str]
) -> Iterable[bytes]:
    """A line for people, with ``further`` headers."""
    body = f"{text}\n".encode()
    headers = [("Content-Type", "text/plain; charset=UTF-8"), ("Content-Length", str(len(body)))]
    start_response(status_line(status), [*headers, *further])
    return [body]
