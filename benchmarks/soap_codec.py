"""How long the embedded IPS takes to read and to write SOAP, beside two other ways to do it.

    python -m benchmarks.soap_codec [--rounds 7]

In process, without HTTP, store and catalog. Each figure is the best of some rounds; all ways work
on the same bytes and values in the same run.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import zeep
from lxml import etree

from s7spec.emulator.soap.contract import Contract
from s7spec.emulator.soap.envelope import (
    Envelope,
    read_envelope,
    write_envelope,
)
from s7spec.emulator.soap.names import SOAP_11
from s7spec.emulator.soap.params import Params
from s7spec.emulator.soap.selection import select
from s7spec.emulator.soap.versions import NEWEST

FOLDER = Path(__file__).resolve().parents[1] / "schemas" / "ips"
EDITION = Contract(FOLDER).newest
NOW = datetime(2026, 5, 1, 10, 0, 0, 123_000, tzinfo=UTC)

Way = Callable[[], object]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    client = zeep.Client(str(FOLDER / f"IpsApi-{NEWEST}.wsdl"))
    print(f"{'what':42} {'who':28} {'best':>10}")
    for handles in (1, 100, 1000):
        data = submit_job(handles)
        show(f"submitJob, {handles} handles", reading(data, client), rounds)
    for title, assets in (
        ("searchAssets, 1000 x 30 children", [asset(n) for n in range(1000)]),
        ("the same with 3 metadata values each", [rich_asset(n) for n in range(1000)]),
    ):
        reply = {"totalRows": len(assets), "assetArray": assets}
        show(title, writing(reply, client), rounds)


def show(title: str, ways: Mapping[str, Way], rounds: int) -> None:
    for who, way in ways.items():
        print(f"{title:42} {who:28} {best(way, rounds) * 1000:7.3f} ms")


def best(way: Way, rounds: int) -> float:
    """Seconds for one call, the best of the rounds."""
    started = time.perf_counter()
    way()
    once = time.perf_counter() - started
    calls = max(1, min(500, int(0.1 / once)))
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        for _ in range(calls):
            way()
        times.append((time.perf_counter() - started) / calls)
    return min(times)


def submit_job(handles: int) -> bytes:
    items = "".join(f"<items>a|{1000 + number}</items>" for number in range(handles))
    namespace = EDITION.namespace
    return (
        f'<s:Envelope xmlns:s="{SOAP_11}"><s:Header><authHeader xmlns="{namespace}">'
        "<user>demo@example.com</user><password>demo</password><appName>benchmark</appName>"
        f'<appVersion>1</appVersion></authHeader></s:Header><s:Body><submitJobParam xmlns="'
        f'{namespace}"><companyHandle>c|110</companyHandle><jobName>benchmark</jobName><exportJob>'
        f"<assetHandleArray>{items}</assetHandleArray><fmt>convert</fmt>"
        "<is_modifier>wid=100&amp;fmt=png</is_modifier><emailSetting>None</emailSetting>"
        "</exportJob></submitJobParam></s:Body></s:Envelope>"
    ).encode()


def reading(data: bytes, client: Any) -> Mapping[str, Way]:
    """From the bytes of a request to typed values, the XSD check on the way; then the answer."""
    element = client.get_element(f"{{{EDITION.namespace}}}submitJobParam")
    schema = etree.XMLSchema(etree.parse(str(FOLDER / f"IpsApi-{NEWEST}.xsd")))
    body = f"{{{SOAP_11}}}Body"

    def ours() -> bytes:
        envelope: Envelope = read_envelope(data)
        EDITION.check(envelope.body)
        order = Params(envelope.body).group("exportJob")
        assert order is not None
        order.strings("assetHandleArray")
        reply = {"jobHandle": "j|110|benchmark||"}
        return write_envelope(envelope.soap, EDITION.writer.write("submitJobReturn", reply))

    def with_zeep() -> object:
        return element.parse(etree.fromstring(data).find(body)[0], client.wsdl.types)

    def with_lxml() -> object:
        param = etree.fromstring(data).find(body)[0]
        schema.assertValid(param)
        return [node.text for node in param.iter("{*}items")]

    return {
        "read, check, answer": ours,
        "zeep: parse only": with_zeep,
        "plain lxml: parse, check": with_lxml,
    }


def asset(number: int) -> dict[str, Any]:
    return {
        "assetHandle": f"a|{1000 + number}",
        "type": "Image",
        "subType": "",
        "name": f"PS_{number}",
        "fileName": f"PS_{number}.jpg",
        "folder": "Acme/Products/ss27/",
        "folderHandle": "f|Acme/Products/ss27/",
        "readyForPublish": True,
        "trashState": "NotInTrash",
        "projects": "",
        "created": NOW,
        "createUser": "demo@example.com",
        "lastModified": NOW,
        "lastModifyUser": "demo@example.com",
        "metadataArray": (),
        "imageInfo": {
            "originalPath": "Acme/_master_/",
            "originalFile": f"8e5c2b60-0000-4000-8000-{number:012}.jpg",
            "fileSize": 123_456 + number,
            "width": 2400,
            "height": 3000,
            "resolution": 72.0,
            "description": "A chair & its table",
            "comments": "",
            "userData": "",
            "urlModifier": "bgc=255,255,255",
            "urlPostApplyModifier": "",
            "zoomTargets": (),
            "masks": (),
            "imageMaps": (),
        },
    }


def rich_asset(number: int) -> dict[str, Any]:
    """With metadata."""
    fields = ({"name": name, "value": f"{name} {number}"} for name in ("Colour", "Sku", "Season"))
    return {**asset(number), "metadataArray": [*fields]}


def writing(reply: Mapping[str, Any], client: Any) -> Mapping[str, Way]:
    """From plain values to the text of the Return element."""
    name = "searchAssetsReturn"
    element = client.get_element(f"{{{EDITION.namespace}}}{name}")
    names = select(["totalRows", "assetArray/items/name", "assetArray/items/assetHandle"], [])

    def with_zeep() -> bytes:
        parent = etree.Element("parent")
        element.render(parent, element(**zeeps(reply)))
        return bytes(etree.tostring(parent[0]))

    def with_lxml() -> bytes:
        root = etree.Element(name, nsmap={None: EDITION.namespace})
        build(root, reply)
        return bytes(etree.tostring(root))

    return {
        "all fields": lambda: EDITION.writer.write(name, reply),
        "all fields, with the envelope": lambda: write_envelope(
            SOAP_11, EDITION.writer.write(name, reply)
        ),
        "three fields selected": lambda: EDITION.writer.write(name, reply, names),
        "zeep": with_zeep,
        "plain lxml: build, serialise": with_lxml,
    }


def zeeps(value: Any) -> Any:
    """Arrays as zeep wants them."""
    if isinstance(value, Mapping):
        return {name: zeeps(child) for name, child in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return {"items": [zeeps(item) for item in value]}
    return value


def build(parent: Any, value: Any) -> None:
    """In the order of the values: nothing is looked up in a schema."""
    if isinstance(value, Mapping):
        for name, child in value.items():
            build(etree.SubElement(parent, name), child)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for item in value:
            build(etree.SubElement(parent, "items"), item)
    elif isinstance(value, datetime):
        parent.text = value.isoformat(timespec="milliseconds")
    else:
        parent.text = str(value).lower() if isinstance(value, bool) else str(value)


if __name__ == "__main__":
    main()
