"""The embedded IPS as a WSGI application: the endpoint, the WSDL, ZIPs and previews."""

from __future__ import annotations

import re
from collections.abc import Iterable
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qs

from s7spec.emulator.http.connection import CONNECTION, Connection
from s7spec.emulator.http.downloads import send_export
from s7spec.emulator.http.replies import Environ, StartResponse, send_text, send_xml
from s7spec.emulator.http.request_body import Unreadable, read_body
from s7spec.emulator.image_serving.service import ImageServing, is_preview
from s7spec.emulator.options import ENDPOINT
from s7spec.emulator.service import SoapService
from s7spec.emulator.soap.contract import Contract, Edition

_WSDL = re.compile(r"/scene7/(?:webservice/)?IpsApi(?:-([0-9-]+))?\.wsdl")
# A name of this machine that a client may well have used; any other is not repeated to it.
_LOOPBACK = re.compile(
    r"(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])(?::[0-9]{1,5})?", re.ASCII | re.IGNORECASE
)


class IpsApplication:
    """``url`` is the address of this server, ``data`` the folder that holds Exports."""

    def __init__(
        self,
        *,
        service: SoapService,
        contract: Contract,
        images: ImageServing,
        data: Path,
        url: str,
    ) -> None:
        self._service = service
        self._images = images
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
        connection: Connection = environ[CONNECTION]
        connection.take_time()
        if method not in ("GET", "HEAD"):
            return _not_allowed(start_response, "only GET here", allowed="GET, HEAD")
        edition = self._described(path, query)
        if edition is not None:
            return self._wsdl(edition, environ, start_response)
        if path == ENDPOINT:
            return _not_allowed(start_response, "POST an envelope here", allowed="POST")
        if path == "/":
            return send_text(start_response, HTTPStatus.OK, self._greeting())
        if is_preview(path):
            return self._images.answer(environ, start_response)
        return send_export(environ, start_response, data=self._data, path=path)

    def _greeting(self) -> str:
        return (
            "Embedded IPS of s7spec. Not Adobe's service.\n"
            f"Endpoint: {self._url}{ENDPOINT}\nWSDL:     {self._url}{ENDPOINT}?wsdl"
        )

    def _soap(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        request_type = str(environ.get("CONTENT_TYPE", ""))
        connection: Connection = environ[CONNECTION]
        try:
            data = read_body(environ)
        except Unreadable as error:
            answer = self._service.refuse(str(error), request_type=request_type)
        else:
            answer = self._service.answer(
                data,
                request_type=request_type,
                authorization=str(environ.get("HTTP_AUTHORIZATION", "")),
                aside=connection.parked,
            )
        return send_xml(
            environ,
            start_response,
            status=answer.status,
            content_type=answer.content_type,
            body=answer.body,
            packed=answer.gzip,
        )

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


def _not_allowed(start_response: StartResponse, text: str, *, allowed: str) -> Iterable[bytes]:
    allow = ("Allow", allowed)
    return send_text(start_response, HTTPStatus.METHOD_NOT_ALLOWED, text, allow)
