"""The embedded IPS as a WSGI application: the endpoint, the WSDL, the finished ZIPs."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable, Iterable
from http import HTTPStatus
from pathlib import Path
from typing import IO, Any
from urllib.parse import parse_qs, quote

from s7spec.emulator.options import ENDPOINT
from s7spec.emulator.service import SoapAnswer, SoapService
from s7spec.emulator.soap.contract import Contract, Edition

MAX_REQUEST_BYTES = 32 * 1024 * 1024
"""Beyond this a request is not even received."""
_MAX_XML_BYTES = 8 * 1024 * 1024

Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], object]
Headers = list[tuple[str, str]]

_EXPORT = re.compile(r"/Exports/(\w[\w .-]*)/([0-9]+)/([0-9a-f-]{36}\.zip)")
_WSDL = re.compile(r"/scene7/(?:webservice/)?IpsApi(?:-([0-9-]+))?\.wsdl")
# A name of this machine that a client may well have used; any other is not repeated to it.
_LOOPBACK = re.compile(
    r"(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])(?::[0-9]{1,5})?", re.ASCII | re.IGNORECASE
)
_GZIP_LEVEL = 1


class Unreadable(Exception):
    """The bytes of a request cannot be had; the message says why."""


class IpsApplication:
    """``url`` is the address of this server, ``data`` the folder that holds Exports."""

    def __init__(self, *, service: SoapService, contract: Contract, data: Path, url: str) -> None:
        self._service = service
        self._contract = contract
        self._data = data
        self._url = url

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        # WSGI hands over bytes as latin-1; an undecodable path matches nothing below.
        path = str(environ["PATH_INFO"]).encode("latin-1").decode("utf-8", "replace")
        method = str(environ["REQUEST_METHOD"])
        query = str(environ.get("QUERY_STRING", ""))
        if path == ENDPOINT and method == "POST":
            return self._soap(environ, start_response)
        if method not in ("GET", "HEAD"):
            return _text(start_response, HTTPStatus.METHOD_NOT_ALLOWED, "only GET here")
        edition = self._described(path, query)
        if edition is not None:
            return self._wsdl(edition, environ, start_response)
        if path == ENDPOINT:
            return _text(start_response, HTTPStatus.METHOD_NOT_ALLOWED, "POST an envelope here")
        if path == "/":
            return _text(start_response, HTTPStatus.OK, self._greeting())
        return self._export(environ, start_response, path)

    def _greeting(self) -> str:
        return (
            "Embedded IPS of s7spec. Not Adobe's service.\n"
            f"Endpoint: {self._url}{ENDPOINT}\nWSDL:     {self._url}{ENDPOINT}?wsdl"
        )

    def _soap(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        request_type = str(environ.get("CONTENT_TYPE", ""))
        try:
            data = _body(environ)
        except Unreadable as error:
            answer = self._service.refuse(str(error), request_type=request_type)
        else:
            answer = self._service.answer(
                data,
                request_type=request_type,
                authorization=str(environ.get("HTTP_AUTHORIZATION", "")),
            )
        return _send(environ, start_response, answer)

    def _described(self, path: str, query: str) -> Edition | None:
        """The version whose WSDL is asked for; without a version in its name the newest one."""
        match = _WSDL.fullmatch(path)
        if match is not None and match[1] is not None:
            return self._contract.edition(match[1])
        asked = match is not None or (path == ENDPOINT and query.lower().startswith("wsdl"))
        return self._contract.newest if asked else None

    def _wsdl(
        self, edition: Edition, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        given = parse_qs(str(environ.get("QUERY_STRING", ""))).get("serviceUrl", [""])[0]
        host = str(environ.get("HTTP_HOST", ""))
        server = f"http://{host}" if _LOOPBACK.fullmatch(host) else self._url
        # What is no text that XML carries is passed over, as if nothing were given.
        usable = given != "" and given.isprintable()
        data = edition.wsdl(given if usable else server + ENDPOINT)
        headers = [("Content-Type", "text/xml; charset=UTF-8"), ("Content-Length", str(len(data)))]
        start_response("200 OK", headers)
        return [data]

    def _export(
        self, environ: Environ, start_response: StartResponse, path: str
    ) -> Iterable[bytes]:
        """A finished ZIP, to anybody who knows its address. The pattern leaves no way out."""
        match = _EXPORT.fullmatch(path)
        file = self._data.joinpath("Exports", *match.groups()) if match else None
        if match is None or file is None or not file.is_file():
            return _text(start_response, HTTPStatus.NOT_FOUND, "there is nothing here")
        headers = [
            ("Content-Type", "application/zip"),
            ("Content-Length", str(file.stat().st_size)),
            ("Content-Disposition", f'attachment; filename="{quote(file.name)}"'),
        ]
        start_response("200 OK", headers)
        if environ["REQUEST_METHOD"] == "HEAD":
            return []
        wrapper: Callable[[IO[bytes], int], Iterable[bytes]] = environ["wsgi.file_wrapper"]
        return wrapper(file.open("rb"), 256 * 1024)


def _body(environ: Environ) -> bytes:
    """The request, unpacked. Raises Unreadable; never holds more than the cap allows."""
    data: bytes = environ["wsgi.input"].read(_MAX_XML_BYTES + 1)
    encoding = str(environ.get("HTTP_CONTENT_ENCODING", "")).strip().lower()
    if encoding in ("gzip", "x-gzip"):
        data = _unpacked(data)
    elif encoding not in ("", "identity"):
        raise Unreadable(f"Content-Encoding {encoding!r} is not understood")
    if len(data) > _MAX_XML_BYTES:
        raise Unreadable(f"the request is larger than {_MAX_XML_BYTES} bytes")
    return data


def _unpacked(data: bytes) -> bytes:
    decoder = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        plain = decoder.decompress(data, _MAX_XML_BYTES + 1)
    except zlib.error as error:
        raise Unreadable(f"the request is not gzip: {error}") from error
    if len(plain) <= _MAX_XML_BYTES and not decoder.eof:
        raise Unreadable("the gzip of the request is cut off")
    return plain


def _send(environ: Environ, start_response: StartResponse, answer: SoapAnswer) -> Iterable[bytes]:
    body = answer.body
    headers = [("Content-Type", answer.content_type)]
    accepts = _accepts_gzip(str(environ.get("HTTP_ACCEPT_ENCODING", "")))
    if answer.gzip if answer.gzip is not None else accepts:
        body = gzip.compress(body, _GZIP_LEVEL, mtime=0)
        headers.append(("Content-Encoding", "gzip"))
    headers.append(("Content-Length", str(len(body))))
    start_response(_status_line(answer.status), headers)
    return [body]


def _accepts_gzip(header: str) -> bool:
    for part in header.lower().split(","):
        name, _, weight = part.replace(" ", "").partition(";")
        if name in ("gzip", "x-gzip", "*"):
            return re.fullmatch(r"q=0(\.0*)?", weight) is None
    return False


def _status_line(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status} Fault"


def _text(start_response: StartResponse, status: HTTPStatus, text: str) -> Iterable[bytes]:
    body = f"{text}\n".encode()
    headers = [("Content-Type", "text/plain; charset=UTF-8"), ("Content-Length", str(len(body)))]
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        headers.append(("Allow", "POST" if "POST" in text else "GET, HEAD"))
    start_response(_status_line(status), headers)
    return [body]
