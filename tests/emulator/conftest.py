"""A small company on disk, the embedded IPS on it, and a client that speaks raw XML."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

import pytest
from lxml import etree
from PIL import Image

from s7spec.emulator import EmbeddedIps, EmbeddedIpsOptions
from s7spec.emulator.clock import SimulatedClock
from s7spec.emulator.jobs.fate import FateOf
from s7spec.emulator.store.catalog_store import CatalogStore
from s7spec.emulator.store.catalog_tables import CATALOG_TABLES, CATALOG_VERSION
from s7spec.emulator.store.database import Database

CONTRACT = Path(__file__).parents[2] / "schemas" / "ips"
V = "http://www.scene7.com/IpsApi/xsd/2014-04-03"
COMMON = "http://www.scene7.com/IpsApi/xsd"
SOAP_11 = "http://schemas.xmlsoap.org/soap/envelope/"

VERSIONED_HEADER = (
    f'<a:authHeader xmlns:a="{V}"><a:user>demo@example.com</a:user><a:password>demo</a:password>'
    "<a:appName>tests</a:appName><a:appVersion>1</a:appVersion></a:authHeader>"
)


@cache
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(CONTRACT / "IpsApi-2014-04-03.xsd")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def root(self) -> etree._Element:
        return etree.fromstring(self.body)

    @property
    def content(self) -> etree._Element:
        """The one element of the Body."""
        (body,) = [child for child in self.root if str(child.tag).endswith("}Body")]
        (content,) = body
        return content

    def find(self, path: str) -> list[etree._Element]:
        """Elements of the versioned namespace below the Return element."""
        steps = "/".join(f"{{{V}}}{step}" for step in path.split("/"))
        return self.content.findall(steps)

    def texts(self, path: str) -> list[str]:
        return [node.text or "" for node in self.find(path)]

    def text(self, path: str) -> str:
        (text,) = self.texts(path)
        return text

    @property
    def fault(self) -> tuple[str, int, str]:
        """Name, code and reason of the detail element."""
        (detail,) = self.content.iterfind(f".//{{{COMMON}}}code/..")
        code, reason = (detail.findtext(f"{{{COMMON}}}{name}") for name in ("code", "reason"))
        return etree.QName(detail).localname, int(code or ""), reason or ""


class Wire:
    """HTTP to one server, a new connection for each request."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.address = urlsplit(endpoint)

    def request(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Reply:
        assert self.address.hostname
        connection = http.client.HTTPConnection(
            self.address.hostname, self.address.port, timeout=30
        )
        try:
            names = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, names)
            answer = connection.getresponse()
            return Reply(status=answer.status, headers=dict(answer.headers), body=answer.read())
        finally:
            connection.close()

    def send(self, body: bytes, **headers: str) -> Reply:
        """POST to the endpoint."""
        headers.setdefault("Content_Type", "text/xml; charset=UTF-8")
        return self.request("POST", self.address.path, body, **headers)

    def call(
        self, operation: str, children: str = "", *, header: str = VERSIONED_HEADER, **http: str
    ) -> Reply:
        """Call an operation; a good answer is held to the schema."""
        http.setdefault("SOAPAction", operation)
        reply = self.send(envelope(operation, children, header=header), **http)
        filtered = "FieldArray>" in children
        plain = reply.status == 200 and "Content-Encoding" not in reply.headers
        if plain and not filtered and b"soapenv:Fault" not in reply.body:
            schema().assertValid(reply.content)
        return reply


def envelope(
    operation: str, children: str, *, header: str = VERSIONED_HEADER, soap: str = SOAP_11
) -> bytes:
    return (
        f'<s:Envelope xmlns:s="{soap}"><s:Header>{header}</s:Header><s:Body>'
        f'<{operation}Param xmlns="{V}">{children}</{operation}Param></s:Body></s:Envelope>'
    ).encode()


def children(**values: str | list[str] | bool | int | None) -> str:
    """Elements in the order given; a list becomes an array, None nothing."""
    out = []
    for name, value in values.items():
        match value:
            case None:
                continue
            case list():
                text = "".join(f"<items>{escape(item)}</items>" for item in value)
            case bool():
                text = str(value).lower()
            case _:
                text = escape(str(value))
        out.append(f"<{name}>{text}</{name}>")
    return "".join(out)


def export_job(
    name: str,
    handles: list[str],
    *,
    fmt: str = "orig",
    is_modifier: str | None = None,
    macro: str | None = None,
    emailSetting: str = "None",
    description: str | None = None,
) -> str:
    """The children of submitJobParam."""
    payload = children(
        assetHandleArray=handles,
        fmt=fmt,
        is_modifier=is_modifier,
        macro=macro,
        emailSetting=emailSetting,
    )
    head = children(companyHandle="c|110", jobName=name, description=description)
    return f"{head}<exportJob>{payload}</exportJob>"


def until(look: Callable[[], Reply], good: Callable[[Reply], bool]) -> Reply:
    deadline = time.monotonic() + 20
    while not good(reply := look()):
        assert time.monotonic() < deadline, reply.body.decode()
        time.sleep(0.01)
    return reply


def awaited(clock: SimulatedClock, moment: datetime) -> None:
    """Return when somebody waits until ``moment``: who has not begun to would miss a clock that is
    set meanwhile."""
    deadline = time.monotonic() + 20
    while not clock.is_awaited(moment):
        assert time.monotonic() < deadline, f"nobody waits until {moment}"
        time.sleep(0.005)


class Ips(Wire):
    """One running server, and what tests ask it again and again."""

    children = staticmethod(children)
    export_job = staticmethod(export_job)
    envelope = staticmethod(envelope)
    until = staticmethod(until)
    awaited = staticmethod(awaited)

    def __init__(self, options: EmbeddedIpsOptions, server: EmbeddedIps) -> None:
        super().__init__(server.endpoint)
        self.options = options
        self.server = server

    @staticmethod
    def wait_out(clock: SimulatedClock, pause: timedelta) -> None:
        """Move on by the pause of a job, once it has begun to wait: it waits from then on."""
        awaited(clock, clock.now() + pause)
        clock.advance(pause)

    def at(self, endpoint: str) -> Wire:
        """The same client for a server in another process."""
        return Wire(endpoint)

    def handles(self) -> dict[str, str]:
        """Asset handles by name."""
        reply = self.call("searchAssets", children(companyHandle="c|110", includeSubfolders=True))
        names = reply.texts("assetArray/items/name")
        return dict(zip(names, reply.texts("assetArray/items/assetHandle"), strict=True))

    def submit(self, children: str) -> str:
        return self.call("submitJob", children).text("jobHandle")

    def log(self, name: str) -> Reply:
        inner = children(companyHandle="c|110", originalName=name)
        return self.call("getJobLogDetails", inner)

    def finished(self, name: str, *, runs: int = 1) -> Reply:
        """The log of a job once all its runs are done."""
        return until(
            lambda: self.log(name),
            lambda log: len(log.find("jobLogArray/items/endDate")) == runs,
        )

    def export(self, children: str, name: str) -> Reply:
        self.submit(children)
        return self.finished(name)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CatalogStore]:
    path = tmp_path / "rows.sqlite3"
    database = Database(path, tables=CATALOG_TABLES, version=CATALOG_VERSION)
    yield CatalogStore(database)
    database.close()


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    return make_catalog(tmp_path / "catalog")


def make_catalog(folder: Path) -> Path:
    """Four small pictures and a PDF in three folders."""
    products = folder / "Products" / "ss27"
    products.mkdir(parents=True)
    (folder / "Brand").mkdir()
    Image.linear_gradient("L").convert("RGB").resize((90, 60)).save(products / "PS_1.jpg")
    Image.radial_gradient("L").convert("RGB").resize((40, 80)).save(products / "PS_2.png")
    Image.new("RGBA", (30, 30), (200, 10, 10, 128)).save(products / "PS_3_draft.png")
    Image.linear_gradient("L").save(folder / "Brand" / "logo.tif")
    (folder / "Brand" / "guide.pdf").write_bytes(b"%PDF-1.4 not much of a document")
    return folder


Serve: TypeAlias = Callable[..., Ips]


@pytest.fixture
def serve(tmp_path: Path, catalog: Path) -> Iterator[Serve]:
    """Start servers; options are keyword arguments. All are closed when the test ends."""
    options = EmbeddedIpsOptions(catalog=catalog, data=tmp_path / "data", contract=CONTRACT)
    with ExitStack() as stack:

        def start(*, fate_of: FateOf | None = None, **changes: object) -> Ips:
            chosen = replace(options, **changes)  # type: ignore[arg-type]
            return Ips(chosen, stack.enter_context(EmbeddedIps(chosen, fate_of=fate_of)))

        yield start


@pytest.fixture
def ips(serve: Serve) -> Ips:
    return serve()


@pytest.fixture(scope="module")
def shared_ips(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ips]:
    """One server for the tests of a module that change nothing."""
    folder = tmp_path_factory.mktemp("shared")
    options = EmbeddedIpsOptions(
        catalog=make_catalog(folder / "catalog"), data=folder / "data", contract=CONTRACT
    )
    with EmbeddedIps(options) as server:
        yield Ips(options, server)
