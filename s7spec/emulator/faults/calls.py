"""Telling the operation of a request before it is acted on."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sized
from typing import Any

from lxml import etree

from s7spec.emulator.faults.operations import IMAGE_PREVIEW, WSDL_DOWNLOAD, ZIP_DOWNLOAD
from s7spec.emulator.http.replies import Environ
from s7spec.emulator.http.request_body import Unreadable, raw_body, unpacked_body
from s7spec.emulator.options import ENDPOINT

_PATHS: Mapping[str, str] = {"/Exports/": ZIP_DOWNLOAD, "/is/image": IMAGE_PREVIEW}


def read_request(environ: Environ) -> tuple[str | None, bytes]:
    """The operation of a POST to the endpoint, None when it cannot be told, and the unpacked body.

    The application can still read the body afterwards.
    """
    raw = raw_body(environ)
    environ["wsgi.input"] = io.BytesIO(raw)
    try:
        data = unpacked_body(raw, str(environ.get("HTTP_CONTENT_ENCODING", "")))
    except Unreadable:
        return None, b""
    return _operation(data), data


def is_call(environ: Environ) -> bool:
    """Whether this is a POST to the SOAP endpoint."""
    return (environ["PATH_INFO"], environ["REQUEST_METHOD"]) == (ENDPOINT, "POST")


def download_of(environ: Environ) -> str | None:
    """The name of what another request fetches, None for what no rule can name."""
    path, query = str(environ["PATH_INFO"]), str(environ.get("QUERY_STRING", "")).lower()
    if path.endswith(".wsdl") or (path == ENDPOINT and query.startswith("wsdl")):
        return WSDL_DOWNLOAD
    return next((name for start, name in _PATHS.items() if path.startswith(start)), None)


class _Found(Exception):
    """Ends the reading of a request as soon as its operation is known."""


class _Listener:
    """Follows the tags down to the first element in the Body, without building a tree."""

    def __init__(self) -> None:
        self.operation: str | None = None
        self._open: list[str] = []

    def start(self, tag: str, attributes: Sized, prefixes: Sized) -> None:
        name = tag.rpartition("}")[2]
        if self._open == ["Envelope", "Body"]:
            if name.endswith("Param"):
                self.operation = name.removesuffix("Param")
            raise _Found
        self._open.append(name)

    def end(self, tag: str) -> None:
        self._open.pop()

    def close(self) -> None:
        """Part of the interface of a parser's target."""


def _parser(target: Any) -> etree.XMLParser:  # the stubs ask a target for more than lxml
    return etree.XMLParser(
        target=target, resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
    )


def _operation(data: bytes) -> str | None:
    listener = _Listener()
    parser = _parser(listener)
    try:
        etree.fromstring(data, parser)
    except (_Found, etree.XMLSyntaxError, ValueError):
        return listener.operation
    return None
