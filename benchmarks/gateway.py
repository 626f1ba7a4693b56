"""How fast the gateway reads and writes, beside zeep's own ways and lxml's bare ones.

Run from the checkout: ``python -m benchmarks.gateway``. The table shows the best and the median of
repeated runs in this process, and the ratio of medians to the peer of each group.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from s7spec.adapters.bundled import contract_folder
from s7spec.adapters.credentials import Credentials
from s7spec.adapters.ips_soap import messages, replies
from s7spec.adapters.ips_soap.assets import AssetReader
from s7spec.adapters.ips_soap.element import Element
from s7spec.adapters.ips_soap.exchange import HttpAnswer
from s7spec.adapters.ips_soap.messages import Messages
from s7spec.adapters.ips_soap.templates import to_wire

ASSETS = 1000
RUNS = 21
TYPES = "http://www.scene7.com/IpsApi/xsd/2014-04-03"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
XSD = "{http://www.w3.org/2001/XMLSchema}"
WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
CALLED = {
    "getCompanyInfo",
    "getCompanyMembership",
    "submitJob",
    "getActiveJobs",
    "getScheduledJobs",
    "getJobLogDetails",
    "searchAssets",
    "getAssetsByName",
    "getImageFormats",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    name: str
    best: float
    median: float


def timed(name: str, work: Callable[[], object]) -> Timing:
    """Milliseconds."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return Timing(name=name, best=min(times), median=statistics.median(times))


def page_of_assets() -> bytes:
    """All fields that the gateway asks for, as IPS writes them."""
    items = "".join(
        f"<items><assetHandle>a|{n}</assetHandle><type>Image</type><name>PS_{n}_front</name>"
        f"<fileName>PS_{n}_front.tif</fileName><folder>Acme/Products/Spring/</folder>"
        "<trashState>NotInTrash</trashState><lastModified>2026-01-02T03:04:05.678-08:00"
        f"</lastModified><imageInfo><width>2000</width><height>1500</height><fileSize>{n}345678"
        "</fileSize></imageInfo></items>"
        for n in range(ASSETS)
    )
    return (
        f"<?xml version='1.0' encoding='utf-8'?><soapenv:Envelope xmlns:soapenv='{SOAP}'>"
        f"<soapenv:Body><searchAssetsReturn xmlns='{TYPES}'><totalRows>{ASSETS}</totalRows>"
        f"<assetArray>{items}</assetArray></searchAssetsReturn></soapenv:Body></soapenv:Envelope>"
    ).encode()


class Canned:
    """Calls that are answered with the same bytes every time."""

    def __init__(self, body: bytes, wire: Messages) -> None:
        self._wire = wire
        self._answer = HttpAnswer(status=200, content_type="text/xml", body=body, where="here")

    def read(self, operation: str, **children: Any) -> Element:
        self._wire.wire(operation, companyHandle="c|1", **children)
        return replies.read_reply(operation, self._answer, scrub=str)

    def messages(self) -> Messages:
        return self._wire


def reading(wire: Messages) -> Iterator[Timing]:
    body = page_of_assets()
    client = wire._client
    element = client.get_element(f"{{{TYPES}}}searchAssetsReturn")
    reader = AssetReader(Canned(body, wire))  # type: ignore[arg-type]

    def typed() -> object:
        return element.parse(etree.fromstring(body)[0][0], client.wsdl.types)

    def counted() -> object:
        return etree.fromstring(body, replies._parser(target=replies._Counter("here")))

    yield timed("zeep: bytes to typed values", typed)
    yield timed(
        "gateway: request, bytes to nouns",
        lambda: list(reader.in_folder("", recursive=True, types=(), where=())),
    )
    yield timed("lxml: bytes to a tree", lambda: etree.fromstring(body))
    yield timed("lxml: bytes counted by a Python target", counted)


def writing(wire: Messages, handles: int) -> Iterator[Timing]:
    items = [f"a|{n}" for n in range(handles)]
    export = {"fmt": "convert", "is_modifier": "wid=800&fmt=jpeg", "emailSetting": "None"}
    children = {
        "companyHandle": "c|1",
        "jobName": "job",
        "exportJob": {"assetHandleArray": {"items": items}, **export},
    }

    def by_hand() -> bytes:
        root = etree.Element(f"{{{SOAP}}}Envelope")
        array = etree.SubElement(etree.SubElement(root, f"{{{SOAP}}}Body"), f"{{{TYPES}}}x")
        for handle in items:
            etree.SubElement(array, f"{{{TYPES}}}items").text = handle
        return etree.tostring(root)

    yield timed(
        f"zeep: submitJob of {handles} handles to bytes",
        lambda: to_wire(wire._by_zeep("submitJob", children)),
    )
    yield timed(
        f"gateway: submitJob of {handles} handles to bytes",
        lambda: wire.wire("submitJob", **children),
    )
    yield timed(f"lxml: {handles} handles by hand, nothing checked", by_hand)


def loading(folder: Path) -> Iterator[Timing]:
    whole = contract_folder()
    prune(whole, folder)

    def load(place: Path) -> object:
        messages._load.cache_clear()
        return messages._load(place / messages._WSDL)

    yield timed("zeep: the whole WSDL", lambda: load(whole))
    yield timed("zeep: the WSDL pruned to what we call", lambda: load(folder))


def prune(whole: Path, folder: Path) -> None:
    """Only the operations we call, and the types that these reach."""
    for path in whole.glob("*.xsd"):
        (folder / path.name).write_bytes(path.read_bytes())
    wsdl = etree.parse(whole / messages._WSDL)
    for holder in [*wsdl.findall(f"{WSDL}portType"), *wsdl.findall(f"{WSDL}binding")]:
        for operation in holder.findall(f"{WSDL}operation"):
            if operation.get("name") not in CALLED:
                holder.remove(operation)
    for message in wsdl.findall(f"{WSDL}message"):
        name = message.get("name", "")
        if name.removesuffix("Response") not in CALLED and not _shared(name):
            wsdl.getroot().remove(message)
    wsdl.write(folder / messages._WSDL)
    types = folder / f"IpsApi-{messages.VERSION}.xsd"
    schema = etree.parse(types)
    _prune_types(schema.getroot())
    schema.write(types)


def _shared(message: str) -> bool:
    return "Fault" in message or message == "authHeader"


def _prune_types(schema: etree._Element) -> None:
    named = {node.get("name"): node for node in schema.findall(f"{XSD}complexType")}
    wanted = {f"{name}{end}" for name in CALLED for end in ("Param", "Return")} | {"authHeader"}
    for element in schema.findall(f"{XSD}element"):
        if element.get("name") not in wanted:
            schema.remove(element)
    reached: set[str | None] = set()
    waiting = schema.findall(f"{XSD}element")
    while waiting:
        for element in waiting.pop().iter(f"{XSD}element"):
            name = element.get("type", "").rpartition(":")[2]
            if name in named and name not in reached:
                reached.add(name)
                waiting.append(named[name])
    for name, node in named.items():
        if name not in reached:
            schema.remove(node)


def main() -> None:
    credentials = Credentials(user="ann@example.com", password="x")  # noqa: S106
    wire = Messages(contract_folder(), endpoint="http://127.0.0.1:1/", credentials=credentials)
    with tempfile.TemporaryDirectory() as folder:
        groups = (
            (f"searchAssets, {ASSETS} assets", reading(wire)),
            ("submitJob", writing(wire, 1000)),
            ("submitJob", writing(wire, 10)),
            ("WSDL", loading(Path(folder))),
        )
        for title, rows in groups:
            show(title, tuple(rows))


def show(title: str, rows: tuple[Timing, ...]) -> None:
    """The first row is the peer of the others."""
    sys.stdout.write(f"{title}\n")
    for row in rows:
        ratio = f"{row.median / rows[0].median:5.2f} x"
        sys.stdout.write(f"  {row.name:48} {row.best:8.2f} {row.median:8.2f} ms  {ratio}\n")


if __name__ == "__main__":
    main()
