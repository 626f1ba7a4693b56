"""The server asked by hand: no line of s7spec's own client is involved."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

_V = "http://www.scene7.com/IpsApi/xsd/2014-04-03"
_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_HEADER = (
    f'<a:authHeader xmlns:a="{_V}"><a:user>demo@example.com</a:user><a:password>demo</a:password>'
    "<a:appName>chaos</a:appName><a:appVersion>1</a:appVersion></a:authHeader>"
)
_PATH = "/scene7/services/IpsApiService"
_SECONDS = 30


def call(url: str, operation: str, **children: str) -> ET.Element:
    """The body's one element. Raises OSError, and AssertionError for a fault."""
    inner = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in children.items())
    body = (
        f'<s:Envelope xmlns:s="{_SOAP}"><s:Header>{_HEADER}</s:Header><s:Body>'
        f'<{operation}Param xmlns="{_V}"><companyHandle>c|110</companyHandle>{inner}'
        f"</{operation}Param></s:Body></s:Envelope>"
    )
    address = urlsplit(url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=_SECONDS)
    try:
        connection.request("POST", _PATH, body.encode(), {"Content-Type": "text/xml"})
        answer = connection.getresponse()
        text = answer.read()
    finally:
        connection.close()
    assert answer.status == 200, f"{operation}: HTTP {answer.status}: {text[:500]!r}"
    found = ET.fromstring(text).find(f"{{{_SOAP}}}Body")
    assert found is not None
    return found[0]


def listed_runs(url: str) -> dict[str, str]:
    """The names of the jobs in the lists of active and logged ones, by their handles."""
    runs: dict[str, str] = {}
    lists = (
        (call(url, "getActiveJobs"), "originalName"),
        (call(url, "getJobLogs", numRows="100000"), "originalJobName"),
    )
    for reply, name in lists:
        for item in reply.iter(f"{{{_V}}}items"):
            handle, called = item.findtext(f"{{{_V}}}jobHandle"), item.findtext(f"{{{_V}}}{name}")
            if handle and called:
                runs[handle] = called
    return runs


def stop_job(url: str, handle: str) -> None:
    call(url, "stopJob", jobHandle=handle)
