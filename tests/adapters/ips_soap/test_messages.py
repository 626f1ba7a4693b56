"""What goes over the wire: valid after the XSD, in wire order, without secrets where shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from s7spec import __version__
from s7spec.adapters.credentials import Credentials
from s7spec.adapters.ips_soap import IpsSoapGateway
from s7spec.adapters.ips_soap.messages import Messages
from s7spec.adapters.ips_soap.templates import is_xml_text, to_wire
from s7spec.model.schedule import Timing
from s7spec.model.submission import Submission
from s7spec.ports import SubmitRefused
from tests.adapters.ips_soap.conftest import CONTRACT
from tests.adapters.ips_soap.peer import Peer, returned

SPACE = "{http://www.scene7.com/IpsApi/xsd/2014-04-03}"
SOAP = "{http://schemas.xmlsoap.org/soap/envelope/}"
ODD = ("a&b", "<tag>", "]]>", "\"quotes'", "😀 emoji", "tab\there", "line\nend", "a|b", "", " ")

Connect = Callable[..., IpsSoapGateway]
xml_texts = st.text().filter(is_xml_text)


@cache
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(CONTRACT / "IpsApi-2014-04-03.xsd")))


@cache
def messages() -> Messages:
    login = Credentials(user="a&b <c>", password="p]]>&'\"")
    return Messages(CONTRACT, endpoint="http://127.0.0.1:1/x", credentials=login)


def checked(wire: bytes) -> tuple[etree._Element, etree._Element]:
    """Header and body content of an envelope; both are valid after the XSD."""
    root = etree.fromstring(wire)
    header, body = root.find(f"{SOAP}Header"), root.find(f"{SOAP}Body")
    assert header is not None
    assert body is not None
    (login,), (content,) = header, body
    for part in (login, content):
        schema().assertValid(etree.fromstring(etree.tostring(part)))
    return login, content


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    handles=st.lists(xml_texts, max_size=4),
    name=xml_texts,
    description=xml_texts,
    modifier=st.none() | xml_texts,
)
def test_a_submit_is_valid_whatever_it_carries(
    handles: list[str], name: str, description: str, modifier: str | None
) -> None:
    wire = messages().wire(
        "submitJob",
        companyHandle="c|7",
        jobName=name,
        description=description,
        exportJob={
            "assetHandleArray": {"items": handles},
            "fmt": "convert",
            "is_modifier": modifier,
            "macro": None,
            "emailSetting": "None",
        },
    )
    _, content = checked(wire)
    assert [node.text or "" for node in content.iter(f"{SPACE}items")] == handles
    assert content.findtext(f"{SPACE}jobName") == name
    assert content.findtext(f"{SPACE}description") == description
    assert content.findtext(f"{SPACE}exportJob/{SPACE}is_modifier") == modifier


EXPORT = {"fmt": "orig", "is_modifier": None, "macro": "$M$", "emailSetting": "None"}
MOMENT = datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=timezone(timedelta(hours=-8)))
CONDITION = {"field": "Name", "op": "Equals", "value": "x"}
JOB = {"jobName": "n"}
CHILDREN: list[tuple[str, dict[str, Any]]] = [
    ("submitJob", JOB | {"exportJob": {"assetHandleArray": {"items": ["a|1", "a|2"]}, **EXPORT}}),
    ("submitJob", JOB | {"exportJob": {"assetHandleArray": {"items": []}, **EXPORT}}),
    ("submitJob", JOB | {"execTime": MOMENT}),
    ("submitJob", JOB | {"execTime": MOMENT.astimezone(UTC), "execSchedule": "0 0 * * * ?"}),
    ("getActiveJobs", {"includeWaitingJobs": True, "originalName": "n"}),
    ("getActiveJobs", {"includeWaitingJobs": False}),
    ("getJobLogDetails", {"recordsPerPage": 1000, "resultsPage": 2, "sortBy": "Date"}),
    ("getJobLogs", {"numRows": 7, "startDate": MOMENT, "endDate": MOMENT.astimezone(UTC)}),
    ("stopJob", {"jobHandle": "j|7||n|31"}),
    ("searchAssets", {"includeSubfolders": False, "systemFieldConditionArray": None}),
    (
        "searchAssets",
        {
            "includeSubfolders": True,
            "systemFieldConditionArray": {
                "items": [
                    CONDITION,
                    {"field": "FileSize", "op": "LessThan", "longVal": 9},
                    {"field": "Created", "op": "Equals", "dateVal": MOMENT},
                ]
            },
            "assetTypeArray": {"items": ["Image"]},
        },
    ),
    ("getImageFormats", {}),
]


@pytest.mark.parametrize(
    ("operation", "children"), CHILDREN, ids=[f"{n}-{op}" for n, (op, _) in enumerate(CHILDREN)]
)
def test_a_template_is_filled_as_zeep_would_write_it(
    operation: str, children: dict[str, Any]
) -> None:
    for _ in range(2):  # when it is made, and when it is used
        ours = messages().wire(operation, companyHandle="c|7", **children)
        theirs = to_wire(messages()._by_zeep(operation, {"companyHandle": "c|7", **children}))
        assert canonical(ours) == canonical(theirs)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(one=xml_texts, other=xml_texts, items=st.lists(xml_texts, max_size=3))
def test_values_do_not_mix(one: str, other: str, items: list[str]) -> None:
    """Also when they look like markup."""
    children = {"companyHandle": one, "nameArray": {"items": items}, "accessUserHandle": other}
    ours = messages().wire("getAssetsByName", **children)
    assert canonical(ours) == canonical(to_wire(messages()._by_zeep("getAssetsByName", children)))


def canonical(wire: bytes) -> bytes:
    return etree.tostring(etree.fromstring(wire), method="c14n")


@pytest.mark.parametrize("bad", ["a\x00b", "\ud800", "&\x1f", "\uffff"])
def test_what_xml_cannot_carry_is_never_written(bad: str) -> None:
    for company, handle in (("c|7", bad), (bad, "j|1")):
        with pytest.raises(ValueError, match="control character"):
            messages().wire("stopJob", companyHandle=company, jobHandle=handle)


def test_a_submit_on_the_wire(peer: Peer, connect: Connect, submission: Submission) -> None:
    peer.answer("submitJob", returned("submitJob", "<jobHandle>j|7|x||</jobHandle>"))
    odd = replace(submission, assetHandleArray=ODD, description="a & b", macro="$Large$")
    connect(peer.endpoint).submit(odd)
    (request,) = (r for r in peer.requests if r.operation == "submitJob")
    assert request.headers["soapaction"] == '"submitJob"'
    assert request.headers["content-type"] == "text/xml; charset=utf-8"
    assert request.headers["user-agent"] == "s7spec"
    assert "authorization" not in request.headers
    login, content = checked(request.body)
    assert [(node.tag, node.text) for node in login] == [
        (f"{SPACE}user", "ann@example.com"),
        (f"{SPACE}password", "s3cret-canary"),
        (f"{SPACE}appName", "s7spec"),
        (f"{SPACE}appVersion", __version__),
    ]
    names = [str(node.tag).removeprefix(SPACE) for node in content]
    assert names == ["companyHandle", "jobName", "description", "exportJob"]
    assert [node.text or "" for node in content.iter(f"{SPACE}items")] == list(ODD)
    fields = [(str(n.tag).removeprefix(SPACE), n.text) for n in content[3]][1:]
    assert fields == [
        ("fmt", "convert"),
        ("is_modifier", "wid=100&fmt=png"),
        ("macro", "$Large$"),
        ("emailSetting", "None"),
    ]


@pytest.mark.parametrize(
    ("timing", "field", "text"),
    [
        (Timing(at=MOMENT.astimezone(UTC)), "execTime", "2026-01-02T11:04:05.678000Z"),
        (Timing(at=MOMENT), "execTime", "2026-01-02T03:04:05.678000-08:00"),
        (Timing(cron="0 0 6 ? * MON-FRI"), "execSchedule", "0 0 6 ? * MON-FRI"),
    ],
)
def test_a_time_to_start_on_the_wire(
    timing: Timing,
    field: str,
    text: str,
    peer: Peer,
    connect: Connect,
    submission: Submission,
) -> None:
    peer.answer("submitJob", returned("submitJob", "<jobHandle>j|7|x||</jobHandle>"))
    connect(peer.endpoint).submit(replace(submission, timing=timing))
    _, content = checked(peer.requests[-1].body)
    names = [str(node.tag).removeprefix(SPACE) for node in content]
    assert names == ["companyHandle", "jobName", field, "description", "exportJob"]
    assert content.findtext(f"{SPACE}{field}") == text


@pytest.mark.parametrize(
    "timing",
    [
        Timing(),
        Timing(at=MOMENT, cron="0 0 * * * ?"),
        Timing(at=MOMENT.replace(tzinfo=None)),
        Timing(cron="0 0 \x07 * * ?"),
    ],
    ids=["nothing", "both", "no offset", "control character"],
)
def test_a_time_that_ips_cannot_take_is_not_sent(
    timing: Timing, peer: Peer, connect: Connect, submission: Submission
) -> None:
    with pytest.raises(SubmitRefused, match="the job was not sent"):
        connect(peer.endpoint).submit(replace(submission, timing=timing))
    assert peer.requests == []


EMPTY = {
    "getActiveJobs": "<jobArray/>",
    "getScheduledJobs": "<jobArray/>",
    "getJobLogDetails": "<jobLogArray/>",
    "getJobLogs": "<jobLogArray/>",
    "searchAssets": "<totalRows>0</totalRows><assetArray/>",
    "getAssetsByName": "<assetArray/>",
    "getImageFormats": "<imageFormatArray/>",
}


@pytest.mark.parametrize("odd", [text for text in ODD if text])
def test_every_read_is_valid_and_empty_arrays_are_empty(
    odd: str, peer: Peer, connect: Connect
) -> None:
    for operation, inner in EMPTY.items():
        peer.answer(operation, returned(operation, inner))
    gateway = connect(peer.endpoint)
    assert gateway.find(odd) is None
    assert gateway.logged(odd) is None
    assert gateway.active_jobs() == ()
    assert gateway.known_jobs(MOMENT) == ()
    assert gateway.by_name([odd]) == ()
    assert list(gateway.in_folder(odd, recursive=True, types=(odd,), where=())) == []
    assert gateway.presets() == ()
    sent = {request.operation for request in peer.requests}
    assert sent == {"getCompanyInfo", *EMPTY}
    for request in peer.requests:
        checked(request.body)


def test_the_shown_envelope_is_the_sent_one_without_the_login(
    peer: Peer, connect: Connect, submission: Submission
) -> None:
    peer.answer("submitJob", returned("submitJob", "<jobHandle>j|7|x||</jobHandle>"))
    gateway = connect(peer.endpoint)
    shown = gateway.envelope(submission)
    assert peer.count("submitJob") == 0
    gateway.submit(submission)
    sent = peer.bodies("submitJob")[0]
    assert "s3cret-canary" not in shown
    assert "ann@example.com" not in shown
    blackened = sent.replace("s3cret-canary", "***").replace("ann@example.com", "***")
    parser = etree.XMLParser(remove_blank_text=True)
    assert etree.tostring(etree.fromstring(shown, parser), method="c14n") == etree.tostring(
        etree.fromstring(blackened.encode(), parser), method="c14n"
    )
    assert len(shown.splitlines()) > 15
