"""Whatever names there are: what leaves is valid after the XSD, or nothing leaves at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from s7spec.adapters.credentials import Credentials
from s7spec.adapters.ips_soap import IpsSoapGateway
from s7spec.adapters.ips_soap.templates import is_xml_text
from s7spec.model.manifest import EmailSetting, Fmt
from s7spec.model.selection import Condition, ConditionField, ConditionOp
from s7spec.model.submission import Submission
from s7spec.ports import CompanyUnknown, CredentialsRefused, SubmitRefused
from tests.adapters.ips_soap.conftest import CONTRACT, PATIENT
from tests.adapters.ips_soap.peer import COMPANY, Peer, returned

SPACE = "{http://www.scene7.com/IpsApi/xsd/2014-04-03}"
SOAP = "{http://schemas.xmlsoap.org/soap/envelope/}"
ANSWERS = {
    "submitJob": "<jobHandle>j|1</jobHandle>",
    "getActiveJobs": "<jobArray/>",
    "getScheduledJobs": "<jobArray/>",
    "getJobLogDetails": "<jobLogArray/>",
    "searchAssets": "<totalRows>0</totalRows><assetArray/>",
    "getAssetsByName": "<assetArray/>",
    "getImageFormats": "<imageFormatArray/>",
}
SUBMISSION = Submission(
    attempt_name="s7-shop-1",
    description="",
    assetHandleArray=("a|1",),
    fmt=Fmt.CONVERT,
    is_modifier="wid=1",
    macro=None,
    emailSetting=EmailSetting.NONE,
)
# XML's own characters, the separators of IPS's handles and modifiers, what needs two UTF-16 units,
# what reads from right to left, and everything else now and then.
SPECIAL = st.sampled_from("&<>\"'|=;%?#/\\ \t\n\r]])\u00e9\u4e2d\U0001f600\u202e\ufeff\ufffd")
TEXTS = st.text(SPECIAL | st.characters(), max_size=30).filter(is_xml_text)
CONTROLS = st.sampled_from("\x00\x01\x08\x0b\x0c\x0e\x1b\x1f\ufffe\uffff\ud800\udfff")
BAD_TEXTS = st.tuples(TEXTS, CONTROLS, TEXTS).map("".join)
WORD = "pw"
FEW = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@cache
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(CONTRACT / "IpsApi-2014-04-03.xsd")))


@pytest.fixture(scope="module")
def listening() -> Iterator[Peer]:
    with Peer() as peer:
        for operation, inner in ANSWERS.items():
            peer.answer(operation, returned(operation, inner))
        yield peer


def gateway(peer: Peer, *, company: str = "Acme", secret: str = WORD) -> IpsSoapGateway:
    info = COMPANY.replace("Acme", "".join(f"&#{ord(c)};" for c in company if is_xml_text(c)))
    peer.answer("getCompanyInfo", returned("getCompanyInfo", info))
    peer.requests.clear()
    return IpsSoapGateway(
        endpoint=peer.endpoint,
        company=company,
        credentials=Credentials(user="ann", password=secret),
        contract=CONTRACT,
        timeouts=PATIENT,
    )


def named(value: str) -> Condition:
    return Condition(field=ConditionField.NAME, op=ConditionOp.EQUALS, value=value)


def contents(peer: Peer) -> dict[str, etree._Element]:
    """Operation to its Param element; every header and body is valid after the XSD."""
    found = {}
    for request in peer.requests:
        root = etree.fromstring(request.body)
        for part in (f"{SOAP}Header", f"{SOAP}Body"):
            holder = root.find(part)
            assert holder is not None
            schema().assertValid(etree.fromstring(etree.tostring(holder[0])))
            found[request.operation] = holder[0]
    return found


@FEW
@given(names=st.lists(TEXTS.filter(bool), min_size=1, max_size=5, unique=True))
def test_names_of_assets(names: list[str], listening: Peer) -> None:
    with gateway(listening) as asking:
        assert asking.by_name(names) == ()
    sent = contents(listening)["getAssetsByName"].find(f"{SPACE}nameArray")
    assert sent is not None
    assert sorted(node.text or "" for node in sent) == sorted(names)


@FEW
@given(folder=TEXTS, kind=TEXTS.filter(bool), value=TEXTS)
def test_folders_types_and_conditions(folder: str, kind: str, value: str, listening: Peer) -> None:
    with gateway(listening) as asking:
        where = (named(value),)
        assert list(asking.in_folder(folder, recursive=True, types=(kind,), where=where)) == []
    sent = contents(listening)["searchAssets"]
    path = folder.strip("/")
    assert sent.findtext(f"{SPACE}folder") == (f"{path}/" if path else None)
    assert sent.findtext(f"{SPACE}assetTypeArray/{SPACE}items") == kind
    condition = sent.find(f"{SPACE}systemFieldConditionArray/{SPACE}items")
    assert condition is not None
    assert condition.findtext(f"{SPACE}value") == value


@FEW
@given(name=TEXTS.filter(bool))
def test_names_of_jobs(name: str, listening: Peer) -> None:
    with gateway(listening) as asking:
        assert asking.find(name) is None
        assert asking.logged(name) is None
    sent = contents(listening)
    for operation in ("getActiveJobs", "getScheduledJobs", "getJobLogDetails"):
        assert sent[operation].findtext(f"{SPACE}originalName") == name


@FEW
@given(company=TEXTS.filter(bool), password=TEXTS.filter(bool))
def test_companies_and_passwords(company: str, password: str, listening: Peer) -> None:
    with gateway(listening, company=company, secret=password) as asking:
        assert asking.presets() == ()
    assert contents(listening)["getCompanyInfo"].findtext(f"{SPACE}companyName") == company
    root = etree.fromstring(listening.requests[0].body)
    assert root.findtext(f".//{SPACE}password") == password


@FEW
@given(handles=st.lists(TEXTS, max_size=5), texts=st.tuples(TEXTS, TEXTS, TEXTS, TEXTS))
def test_submissions(handles: list[str], texts: tuple[str, str, str, str], listening: Peer) -> None:
    name, description, modifier, macro = texts
    job = replace(
        SUBMISSION,
        attempt_name=name,
        description=description,
        is_modifier=modifier,
        macro=macro,
        assetHandleArray=tuple(handles),
    )
    with gateway(listening) as asking:
        asking.submit(job)
    sent = contents(listening)["submitJob"]
    assert sent.findtext(f"{SPACE}jobName") == name
    assert sent.findtext(f"{SPACE}description") == description
    export = sent.find(f"{SPACE}exportJob")
    assert export is not None
    assert export.findtext(f"{SPACE}is_modifier") == modifier
    assert export.findtext(f"{SPACE}macro") == macro
    assert [node.text or "" for node in export.iter(f"{SPACE}items")] == handles
    assert listening.count("submitJob") == 1


@FEW
@given(
    bad=BAD_TEXTS, field=st.sampled_from(["attempt_name", "description", "is_modifier", "macro"])
)
def test_a_control_character_in_a_submission_is_refused(
    bad: str, field: str, listening: Peer
) -> None:
    with gateway(listening) as asking, pytest.raises(SubmitRefused, match="control character"):
        asking.submit(replace(SUBMISSION, **{field: bad}))  # type: ignore[arg-type]
    assert listening.requests == []


@FEW
@given(bad=BAD_TEXTS)
def test_what_holds_a_control_character_is_never_asked_for(bad: str, listening: Peer) -> None:
    with gateway(listening) as asking:
        assert asking.find(bad) is None
        assert asking.logged(bad) is None
        assert asking.by_name([bad]) == ()
        assert list(asking.in_folder(bad, recursive=False, types=(), where=())) == []
        assert list(asking.in_folder("", recursive=False, types=(bad,), where=())) == []
        where = (named(bad),)
        assert list(asking.in_folder("", recursive=False, types=(), where=where)) == []
        with pytest.raises(SubmitRefused):
            asking.submit(replace(SUBMISSION, assetHandleArray=("a|1", bad)))
    with gateway(listening, company=bad) as asking, pytest.raises(CompanyUnknown):
        asking.presets()
    with gateway(listening, secret=bad) as asking, pytest.raises(CredentialsRefused):
        asking.presets()
    assert listening.requests == []
