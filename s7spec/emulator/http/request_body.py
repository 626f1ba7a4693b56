"""The bytes of a request, unpacked and bounded."""

from __future__ import annotations

import zlib
from typing import Any

MAX_REQUEST_BYTES = 32 * 1024 * 1024
"""Beyond this a request is not even received."""
_MAX_XML_BYTES = 8 * 1024 * 1024


class Unreadable(Exception):
    """The bytes of a request cannot be had; the message says why."""


def unpacked_body(data: bytes, encoding: str) -> bytes:
    """The request without its Content-Encoding. Raises Unreadable; never holds more than the cap
    allows."""
    encoding = encoding.strip().lower()
    if encoding in ("gzip", "x-gzip"):
        data = _gunzip(data)
    elif encoding not in ("", "identity"):
        raise Unreadable(f"Content-Encoding {encoding!r} is not understood")
    if len(data) > _MAX_XML_BYTES:
        raise Unreadable(f"the request is larger than {_MAX_XML_BYTES} bytes")
    return data


def raw_body(environ: dict[str, Any]) -> bytes:
    """The request as it came, cut one byte beyond what unpacked_body would take."""
    data: bytes = environ["wsgi.input"].read(_MAX_XML_BYTES + 1)
    return data


def read_body(environ: dict[str, Any]) -> bytes:
    """The request, unpacked. Raises Unreadable."""
    return unpacked_body(raw_body(environ), str(environ.get("HTTP_CONTENT_ENCODING", "")))


def _gunzip(data: bytes) -> bytes:
    decoder = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        plain = decoder.decompress(data, _MAX_XML_BYTES + 1)
    except zlib.error as error:
        raise Unreadable(f"the request is not gzip: {error}") from error
    if len(plain) <= _MAX_XML_BYTES and not decoder.eof:
        raise Unreadable("the gzip of the request is cut off")
    return plain
