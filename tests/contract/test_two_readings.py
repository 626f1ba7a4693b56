"""The gateway reads answers with lxml, for speed and for leniency. zeep reads the same bytes after
our WSDL's types: the two must agree on every value of every operation that the gateway reads."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from lxml import etree
from PIL import Image
from zeep.exceptions import XMLParseError
from zeep.xsd import CompoundValue

from s7spec.adapters.bundled import contract_folder
from s7spec.adapters.credentials import Credentials
from s7spec.adapters.ips_soap import IpsSoapGateway
from s7spec.adapters.ips_soap.element import Element
from s7spec.adapters.ips_soap.exchange import HttpAnswer
from s7spec.adapters.ips_soap.messages import Messages
from s7spec.adapters.ips_soap.replies import read_reply
from s7spec.emulator import DEFAULT_PASSWORD, DEFAULT_USER, EmbeddedIps, EmbeddedIpsOptions

TYPES = "http://www.scene7.com/IpsApi/xsd/2014-04-03"
LOGIN = Credentials(user=DEFAULT_USER, password=DEFAULT_PASSWORD)
ANSWERS = Path(__file__).parents[1] / "adapters" / "ips_soap" / "answers"
CATALOG = """
company: {name: Acme, number: 110, rootPath: Acme/}
presets:
  - {name: Large, urlModifier: "wid=900&fmt=png,rgb"}
  - {name: Small, urlModifier: "wid=90"}
"""
JOB = "two readings"
# zeep is strict: these lack children that the WSDL requires, or have some that it does not know.
TOO_ODD_FOR_ZEEP = {
    "active-listed",
    "active-progress-is-no-percentage",
    "memberships-flat",
    "scheduled-without-time",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedIps]:
    folder = tmp_path_factory.mktemp("ips")
    for name, size in {"boot": (40, 30), "a & b": (8, 9), "slipper": (5, 7)}.items():
        path = folder / "catalog" / "Shoes" / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", size, "red").save(path)
    (folder / "catalog" / "catalog.yaml").write_text(CATALOG)
    options = EmbeddedIpsOptions(
        catalog=folder / "catalog", data=folder / "data", contract=contract_folder()
    )
    with EmbeddedIps(options) as running:
        yield running


@pytest.fixture(scope="module")
def messages(server: EmbeddedIps) -> Messages:
    return Messages(contract_folder(), endpoint=server.endpoint, credentials=LOGIN)


def asked(server: EmbeddedIps, messages: Messages, operation: str, **children: Any) -> HttpAnswer:
    reply = requests.post(
        server.endpoint,
        data=messages.wire(operation, **children),
        headers={"Content-Type": "text/xml; charset=utf-8", "SOAPAction": operation},
        timeout=20,
    )
    return HttpAnswer(
        status=reply.status_code,
        content_type=reply.headers["Content-Type"],
        body=reply.content,
        where="here",
    )


def typed(messages: Messages, operation: str, body: bytes) -> Any:
    """What zeep makes of the Return element."""
    parser = etree.XMLParser(remove_comments=True, remove_pis=True)
    node = etree.fromstring(body, parser).find(f".//{{{TYPES}}}{operation}Return")
    assert node is not None
    client = messages._client
    return client.get_element(f"{{{TYPES}}}{operation}Return").parse(node, client.wsdl.types)


def agreed(theirs: Any, ours: Element) -> int:
    """How many values were compared."""
    return sum(_agreed(name, theirs[name], ours) for name in theirs)


def _agreed(name: str, value: Any, ours: Element) -> int:
    match value:
        case None:
            assert ours.text(name) is None
        case bool():
            assert ours.flag(name) is value
        case int():
            assert ours.integer(name) == value
        case datetime():
            assert ours.moment(name) == (value if value.tzinfo else value.replace(tzinfo=UTC))
        case float():
            assert float(ours.needed(name)) == value
        case str():
            assert (ours.text(name) or "") == value
        case CompoundValue() if "items" in value:
            return _agreed_items(value["items"] or [], ours.items(name))
        case CompoundValue():
            child = ours.child(name)
            assert child is not None
            return agreed(value, child)
        case _:
            raise AssertionError(f"{name} is a {type(value)}")
    return 1


def _agreed_items(theirs: Sequence[Any], ours: Sequence[Element]) -> int:
    assert len(theirs) == len(ours)
    pairs = [p for p in zip(theirs, ours, strict=True) if isinstance(p[0], CompoundValue)]
    return 1 + sum(agreed(value, element) for value, element in pairs)


@pytest.fixture(scope="module")
def company(server: EmbeddedIps, messages: Messages) -> str:
    answer = asked(server, messages, "getCompanyInfo", companyName="Acme")
    info = read_reply("getCompanyInfo", answer, scrub=str).child("companyInfo")
    assert info is not None
    return info.needed("companyHandle")


@pytest.fixture(scope="module")
def job(server: EmbeddedIps, messages: Messages, company: str) -> HttpAnswer:
    """One that runs, and another that waits until tomorrow."""
    handles = {"items": [asset["assetHandle"] for asset in assets(server, messages, company)]}
    sent = {
        "companyHandle": company,
        "exportJob": {"assetHandleArray": handles, "fmt": "orig", "emailSetting": "None"},
    }
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    later = asked(server, messages, "submitJob", jobName="later", execTime=tomorrow, **sent)
    assert later.status == 200
    return asked(server, messages, "submitJob", jobName=JOB, **sent)


def assets(server: EmbeddedIps, messages: Messages, company: str) -> list[Any]:
    answer = asked(server, messages, "searchAssets", companyHandle=company, includeSubfolders=True)
    found: list[Any] = typed(messages, "searchAssets", answer.body)["assetArray"]["items"]
    return found


QUESTIONS: dict[str, tuple[dict[str, Any], int]] = {
    "getCompanyInfo": ({"companyName": "Acme"}, 3),
    "getCompanyMembership": ({}, 5),
    "getImageFormats": ({"companyHandle": "C"}, 7),
    "searchAssets": ({"companyHandle": "C", "includeSubfolders": True}, 60),
    "getAssetsByName": ({"companyHandle": "C", "nameArray": {"items": ["boot", "a & b"]}}, 40),
    "getActiveJobs": ({"companyHandle": "C", "includeWaitingJobs": True}, 1),
    "getScheduledJobs": ({"companyHandle": "C"}, 14),
    "getJobLogs": ({"companyHandle": "C", "numRows": 5}, 20),
    "getJobLogDetails": ({"companyHandle": "C", "originalName": JOB}, 15),
}


@pytest.mark.parametrize("operation", QUESTIONS)
def test_they_agree_on_what_the_embedded_ips_answers(
    operation: str, server: EmbeddedIps, messages: Messages, company: str, job: HttpAnswer
) -> None:
    assert job.status == 200
    children, least = QUESTIONS[operation]
    filled = {name: company if value == "C" else value for name, value in children.items()}
    answer = asked(server, messages, operation, **filled)
    theirs = typed(messages, operation, answer.body)
    assert agreed(theirs, read_reply(operation, answer, scrub=str)) >= least


def test_they_agree_on_the_handle_of_a_job(messages: Messages, job: HttpAnswer) -> None:
    ours = read_reply("submitJob", job, scrub=str).needed("jobHandle")
    assert typed(messages, "submitJob", job.body)["jobHandle"] == ours


CASES = {
    path.stem: json.loads(path.read_text("utf-8"))["operation"]
    for path in sorted(ANSWERS.glob("*.json"))
    if "expect" in json.loads(path.read_text("utf-8"))
}
OF_OUR_VERSION = [
    name
    for name in CASES
    if f'Return xmlns="{TYPES}"' in (ANSWERS / f"{name}.xml").read_text("utf-8", errors="ignore")
]


@pytest.mark.parametrize("name", OF_OUR_VERSION)
def test_they_agree_on_recorded_answers(name: str, messages: Messages) -> None:
    body = (ANSWERS / f"{name}.xml").read_bytes()
    operation = CASES[name]
    answer = HttpAnswer(status=200, content_type="text/xml", body=body, where="here")
    ours = read_reply(operation, answer, scrub=str)
    if name in TOO_ODD_FOR_ZEEP:
        with pytest.raises(XMLParseError):
            typed(messages, operation, body)
    else:
        assert agreed(typed(messages, operation, body), ours) >= 1


def test_most_recorded_answers_are_held_against_zeep() -> None:
    assert len(OF_OUR_VERSION) > 35
    assert set(OF_OUR_VERSION) >= TOO_ODD_FOR_ZEEP


def test_they_agree_on_the_nouns(server: EmbeddedIps, messages: Messages, company: str) -> None:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    theirs = {
        (
            asset["assetHandle"],
            asset["name"],
            asset["folder"],
            asset["fileName"],
            asset["type"],
            (asset["lastModified"] - epoch) // timedelta(milliseconds=1),
            asset["imageInfo"]["fileSize"],
            asset["imageInfo"]["width"],
            asset["imageInfo"]["height"],
        )
        for asset in assets(server, messages, company)
    }
    with IpsSoapGateway(
        endpoint=server.endpoint, company="Acme", credentials=LOGIN, contract=contract_folder()
    ) as gateway:
        ours = {
            (
                asset.handle,
                asset.name,
                asset.folder,
                asset.file_name,
                asset.version.type,
                asset.version.last_modified_ms,
                asset.version.file_size,
                asset.version.width,
                asset.version.height,
            )
            for asset in gateway.in_folder("", recursive=True, types=(), where=())
        }
    assert len(theirs) == 3
    assert ours == theirs
