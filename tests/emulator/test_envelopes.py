"""The form of answers: envelopes, faults, headers, compression, the WSDL."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from s7spec.emulator.soap.contract import Contract
from s7spec.emulator.soap.envelope import read_envelope
from s7spec.emulator.soap.faults import FaultCode, IpsFault
from s7spec.emulator.soap.versions import EARLIER, NEWEST, VERSIONS

if TYPE_CHECKING:
    from tests.emulator.conftest import Ips, Reply, Serve

CONTRACT = Path(__file__).parents[2] / "schemas" / "ips"
FACTS = json.loads(
    (Path(__file__).parents[1] / "contract" / "data" / "ips_api.json").read_text(encoding="utf-8")
)
V = "http://www.scene7.com/IpsApi/xsd/2014-04-03"
COMMON = "http://www.scene7.com/IpsApi/xsd"
SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"
ACME = "<companyName>Acme</companyName>"
GOOD = "<x:user>demo@example.com</x:user><x:password>demo</x:password>"


def header(inner: str, namespace: str = V) -> str:
    return f'<x:authHeader xmlns:x="{namespace}">{inner}</x:authHeader>'


def soap_12(operation: str, children: str, auth: str) -> bytes:
    return (
        f'<s:Envelope xmlns:s="{SOAP_12}"><s:Header>{auth}</s:Header><s:Body>'
        f'<{operation}Param xmlns="{V}">{children}</{operation}Param></s:Body></s:Envelope>'
    ).encode()


def test_an_answer_byte_for_byte(shared_ips: Ips) -> None:
    reply = shared_ips.call("getCompanyInfo", ACME)
    assert reply.status == 200
    assert reply.headers["Content-Type"] == "text/xml; charset=UTF-8"
    assert reply.body.decode() == (
        "<?xml version='1.0' encoding='UTF-8'?>"
        '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">'
        f'<soapenv:Body><getCompanyInfoReturn xmlns="{V}"><companyInfo>'
        "<companyHandle>c|110</companyHandle><name>Acme</name><rootPath>Acme/</rootPath>"
        "</companyInfo></getCompanyInfoReturn></soapenv:Body></soapenv:Envelope>"
    )


def test_an_ips_api_fault_byte_for_byte(shared_ips: Ips) -> None:
    reply = shared_ips.call("getCompanyInfo")
    assert reply.status == 500
    assert reply.headers["Content-Type"] == "text/xml; charset=UTF-8"
    assert reply.body.decode() == (
        "<?xml version='1.0' encoding='UTF-8'?>"
        '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">'
        "<soapenv:Body><soapenv:Fault><faultcode>soapenv:Server</faultcode>"
        "<faultstring>ipsApiFault</faultstring><detail>"
        f'<tns:ipsApiFault xmlns:tns="{COMMON}"><tns:code>30002</tns:code>'
        "<tns:reason>one of companyHandle and companyName is needed</tns:reason>"
        "</tns:ipsApiFault></detail></soapenv:Fault></soapenv:Body></soapenv:Envelope>"
    )


def test_an_authorization_fault_blames_the_client(shared_ips: Ips) -> None:
    reply = shared_ips.call("getImageFormats", "<companyHandle>c|7</companyHandle>")
    assert reply.status == 500
    assert reply.fault[:2] == ("authorizationFault", 20000)
    assert reply.content.findtext("faultcode") == "soapenv:Client"
    assert reply.content.findtext("faultstring") == "AuthorizationException"


def test_empty_arrays_are_empty_elements(shared_ips: Ips) -> None:
    reply = shared_ips.call("getScheduledJobs")
    assert b"<jobArray/></getScheduledJobsReturn>" in reply.body
    reply = shared_ips.call("getImageFormats", "<companyHandle>c|110</companyHandle>")
    assert b"<imageFormatArray/></getImageFormatsReturn>" in reply.body


def test_soap_12(shared_ips: Ips) -> None:
    kind = "application/soap+xml; charset=UTF-8"
    data = soap_12("getCompanyInfo", ACME, header(GOOD))
    reply = shared_ips.send(data, Content_Type=kind)
    assert (reply.status, reply.headers["Content-Type"]) == (200, kind)
    assert reply.root.tag == f"{{{SOAP_12}}}Envelope"
    assert reply.text("companyInfo/name") == "Acme"
    data = soap_12("getCompanyInfo", "", header(GOOD))
    reply = shared_ips.send(data, Content_Type=kind)
    assert (reply.status, reply.headers["Content-Type"]) == (500, kind)
    assert reply.content.findtext(f"{{{SOAP_12}}}Code/{{{SOAP_12}}}Value") == "soapenv:Receiver"
    assert reply.fault[:2] == ("ipsApiFault", 30002)


@pytest.mark.parametrize(
    "kind",
    [
        'application/soap+xml; charset=UTF-8; action="getCompanyInfo"',
        "application/soap+xml;action=getCompanyInfo",
        'Application/SOAP+XML; action=""; charset="utf-8"',
        "application/soap+xml",
    ],
)
def test_soap_12_has_its_action_in_the_content_type(shared_ips: Ips, kind: str) -> None:
    """A fault before the envelope is read already speaks SOAP 1.2."""
    data = soap_12("getCompanyInfo", ACME, header(GOOD))
    assert shared_ips.send(data, Content_Type=kind).text("companyInfo/name") == "Acme"
    reply = shared_ips.send(b"<broken", Content_Type=kind)
    assert reply.root.tag == f"{{{SOAP_12}}}Envelope"
    assert reply.headers["Content-Type"] == "application/soap+xml; charset=UTF-8"
    assert reply.fault[1] == 30003


@pytest.mark.parametrize(
    "auth",
    [
        header(GOOD + "<x:appName>a</x:appName><x:appVersion>1</x:appVersion>"),
        header("<x:password>demo</x:password><x:user>demo@example.com</x:user>"),
        header(GOOD, COMMON),
        header("<x:appName>a</x:appName>" + GOOD, COMMON),
        '<t:AuthUser xmlns:t="http://www.scene7.com/IpsApi">demo@example.com</t:AuthUser>'
        '<t:AuthPassword xmlns:t="http://www.scene7.com/IpsApi">demo</t:AuthPassword>',
        '<other xmlns="urn:x"/>' + header(GOOD),
    ],
    ids=["versioned", "any-order", "common", "common-any-order", "deprecated", "beside-others"],
)
def test_ways_to_log_in(shared_ips: Ips, auth: str) -> None:
    reply = shared_ips.call("getUserInfo", header=auth)
    assert reply.text("userInfo/email") == "demo@example.com"


def test_http_basic(shared_ips: Ips) -> None:
    token = base64.b64encode(b"demo@example.com:demo").decode()
    reply = shared_ips.call("getUserInfo", header="", Authorization=f"Basic {token}")
    assert reply.text("userInfo/email") == "demo@example.com"
    token = base64.b64encode(b"demo@example.com:wrong").decode()
    reply = shared_ips.call("getUserInfo", header="", Authorization=f"Basic {token}")
    assert reply.fault[:2] == ("authenticationFault", 10001)


def test_http_basic_in_latin_1(shared_ips: Ips) -> None:
    """Older clients know no UTF-8 here; the fault shows what was understood."""
    for encoding in ("latin-1", "utf-8"):
        token = base64.b64encode("bö:x".encode(encoding)).decode()
        reply = shared_ips.call("getUserInfo", header="", Authorization=f"Basic {token}")
        assert reply.fault[:2] == ("authenticationFault", 10001)
        assert "'bö'" in reply.fault[2]


@pytest.mark.parametrize(
    ("auth", "authorization", "code"),
    [
        ("", "", 10000),
        (header(""), "", 10000),
        (header("<x:user>demo@example.com</x:user>"), "", 10000),
        (header("<x:user>demo@example.com</x:user><x:password/>"), "", 10001),
        (header("<x:user>demo@example.com</x:user><x:password>Demo</x:password>"), "", 10001),
        (header("<x:user>nobody@example.com</x:user><x:password>demo</x:password>"), "", 10001),
        (header("<x:user>nobody@example.com</x:user><x:password/>"), "", 10001),
        ("", "Basic %%%", 10000),
        ("", "Bearer abc", 10000),
    ],
)
def test_bad_credentials_are_a_fault_and_no_401(
    shared_ips: Ips, auth: str, authorization: str, code: int
) -> None:
    reply = shared_ips.call("getUserInfo", header=auth, Authorization=authorization)
    assert reply.status == 500
    assert reply.fault[:2] == ("authenticationFault", code)
    assert "WWW-Authenticate" not in reply.headers
    assert reply.content.findtext("faultcode") == "soapenv:Client"


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        *[("200", 200), (" 403 ", 403), ("599", 599)],
        *((odd, 500) for odd in ("", "x", "99", "1000", "05001", "99999", "600", "100", "-200")),
        *((odd, 500) for odd in ("٢٠٠", "204", "304", "5" * 5000)),
    ],
    ids=lambda value: str(value)[:8],
)
def test_fault_http_status_code(shared_ips: Ips, asked: str, status: int) -> None:
    extra = f"<x:faultHttpStatusCode>{asked}</x:faultHttpStatusCode>"
    reply = shared_ips.call("getImageFormats", "<wrong/>", header=header(GOOD + extra))
    assert reply.status == status
    assert reply.fault[1] == 30003
    bad = header(f"<x:user>a</x:user><x:password>b</x:password>{extra}")
    assert shared_ips.send(envelope_of("getUserInfo", bad)).status == status


def envelope_of(operation: str, auth: str) -> bytes:
    return (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">'
        f'<s:Header>{auth}</s:Header><s:Body><{operation}Param xmlns="{V}"/></s:Body></s:Envelope>'
    ).encode()


@pytest.mark.parametrize("action", ["getCompanyInfo", '"getCompanyInfo"', "", '""', "submitJob"])
def test_soap_action_does_not_matter(shared_ips: Ips, action: str) -> None:
    reply = shared_ips.call("getCompanyInfo", ACME, SOAPAction=action)
    assert reply.text("companyInfo/name") == "Acme"


def test_soap_action_may_be_missing(shared_ips: Ips) -> None:
    assert shared_ips.send(envelope_of("getUserInfo", header(GOOD))).status == 200


@pytest.mark.parametrize(
    ("accept", "asked", "zipped"),
    [
        ("gzip", "", True),
        ("deflate, gzip;q=0.5", "", True),
        ("gzip;q=0", "", False),
        ("identity", "", False),
        ("", "", False),
        ("gzip", "false", False),
        ("", "true", True),
    ],
)
def test_gzip_of_answers(shared_ips: Ips, accept: str, asked: str, zipped: bool) -> None:
    extra = f"<x:gzipResponse>{asked}</x:gzipResponse>" if asked else ""
    auth = header(GOOD + extra)
    reply = shared_ips.call("getCompanyInfo", ACME, header=auth, Accept_Encoding=accept)
    assert (reply.headers.get("Content-Encoding") == "gzip") is zipped
    plain = gzip.decompress(reply.body) if zipped else reply.body
    assert b"<name>Acme</name>" in plain


def test_gzip_of_requests(shared_ips: Ips) -> None:
    data = gzip.compress(envelope_of("getUserInfo", header(GOOD)))
    assert shared_ips.send(data, Content_Encoding="gzip").status == 200


@pytest.mark.parametrize(
    ("operation", "children", "part"),
    [
        ("getCompanyInfo", "<name>Acme</name>", "}name'"),
        ("searchAssets", "<companyHandle>c|110</companyHandle>", "includeSubfolders"),
        ("getJobLogs", "<numRows>many</numRows>", "many"),
        ("getImageFormats", "", "companyHandle"),
        (
            "getCompanyInfo",
            "<companyName>Acme</companyName><companyHandle>c|110</companyHandle>",
            "companyHandle",
        ),
    ],
)
def test_requests_are_held_to_the_schema(
    shared_ips: Ips, operation: str, children: str, part: str
) -> None:
    name, code, reason = shared_ips.call(operation, children).fault
    assert (name, code) == ("ipsApiFault", 30003)
    assert part in reason


@pytest.mark.parametrize("operation", ["uploadPost", "x"])
def test_other_operations_say_that_they_are_not_there(shared_ips: Ips, operation: str) -> None:
    name, code, reason = shared_ips.call(operation).fault
    assert (name, code) == ("ipsApiFault", 30000)
    assert operation in reason
    assert "does not provide" in reason


@pytest.mark.parametrize(
    "namespace",
    [f"{COMMON}/2008-01-15", f"{COMMON}/2016-01-14-beta", COMMON, f"{COMMON}/", "urn:x"],
)
def test_other_versions_are_refused_with_those_that_are_served(
    shared_ips: Ips, namespace: str
) -> None:
    data = envelope_of("getUserInfo", header(GOOD)).replace(
        f'xmlns="{V}"'.encode(), f'xmlns="{namespace}"'.encode()
    )
    name, code, reason = shared_ips.send(data).fault
    assert (name, code) == ("ipsApiFault", 30003)
    assert f"{namespace!r}" in reason
    for version in VERSIONS:
        assert f"{COMMON}/{version}" in reason


def versioned(version: str, operation: str, children: str = "", *, auth: str = "") -> bytes:
    data = (
        f'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header>{auth}'
        f'</s:Header><s:Body><{operation}Param xmlns="{V}">{children}</{operation}Param></s:Body>'
        "</s:Envelope>"
    )
    return data.replace(NEWEST, version).encode()


def names_below(reply: Reply, path: str) -> list[str]:
    """Local names, in order; the namespace must be that of the whole answer."""
    namespace = etree.QName(reply.content).namespace
    (node,) = reply.content.findall("/".join(f"{{{namespace}}}{s}" for s in path.split("/")))
    assert {etree.QName(child).namespace for child in node} == {namespace}
    return [etree.QName(child).localname for child in node]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("auth", [header(GOOD, COMMON), header(GOOD, V)], ids=["common", "own"])
def test_a_request_is_answered_in_its_version(shared_ips: Ips, version: str, auth: str) -> None:
    reply = shared_ips.send(versioned(version, "getUserInfo", auth=auth))
    assert reply.status == 200
    assert reply.content.tag == f"{{{COMMON}/{version}}}getUserInfoReturn"
    names = names_below(reply, "userInfo")
    own = {"isIpsAdmin"} if version == NEWEST else {"defaultRole"}
    assert {"isIpsAdmin", "defaultRole"} & set(names) == own
    edition = Contract(CONTRACT).edition(version)
    assert edition is not None
    edition.check(reply.content)


@pytest.mark.parametrize("version", EARLIER)
def test_parameters_that_a_version_lacks_are_refused(shared_ips: Ips, version: str) -> None:
    auth = header(GOOD, COMMON)
    children = "<includeWaitingJobs>true</includeWaitingJobs>"
    reply = shared_ips.send(versioned(version, "getActiveJobs", children, auth=auth))
    assert reply.fault[:2] == ("ipsApiFault", 30003)
    assert "includeWaitingJobs" in reply.fault[2]
    assert shared_ips.call("getActiveJobs", children).status == 200


@pytest.mark.parametrize("locale", ["en", "en-US", "de-DE", "ja", "xx-YY", "", " fr ", "a" * 1000])
def test_every_locale_is_accepted(shared_ips: Ips, locale: str) -> None:
    auth = header(GOOD + f"<x:locale>{locale}</x:locale>")
    assert shared_ips.call("getUserInfo", header=auth).status == 200
    read = read_envelope(envelope_of("getUserInfo", auth)).header.locale
    assert read == (locale.strip() or None)


def test_special_characters_come_back(shared_ips: Ips) -> None:
    text = "&lt;a&gt; &amp; b\u2028 😀 ü ]]&gt; &quot;"
    reply = shared_ips.call("getCompanyInfo", f"<companyName>{text}</companyName>")
    assert "'<a> & b\\u2028 😀 ü ]]> \"'" in reply.fault[2]


@pytest.mark.parametrize(
    "path",
    [
        "/scene7/services/IpsApiService?wsdl",
        "/scene7/services/IpsApiService?WSDL",
        "/scene7/webservice/IpsApi-2014-04-03.wsdl",
        "/scene7/webservice/IpsApi.wsdl",
        "/scene7/IpsApi-2014-04-03.wsdl",
        "/scene7/IpsApi.wsdl",
        *(f"/scene7/IpsApi-{version}.wsdl" for version in EARLIER),
        *(f"/scene7/webservice/IpsApi-{version}.wsdl" for version in EARLIER),
    ],
)
def test_the_wsdl_holds_the_address_of_this_server(shared_ips: Ips, path: str) -> None:
    reply = shared_ips.request("GET", path)
    assert reply.status == 200
    assert reply.headers["Content-Type"] == "text/xml; charset=UTF-8"
    locations = reply.root.xpath("//@location")
    assert locations == [shared_ips.endpoint] * 2
    version = next((version for version in EARLIER if version in path), NEWEST)
    assert f'targetNamespace="{COMMON}/{version}"'.encode() in reply.body


@pytest.mark.parametrize(
    "path",
    [
        "/scene7/IpsApi-2008-01-15.wsdl",
        "/scene7/IpsApi-.wsdl",
        "/scene7/IpsApi-2014-04-03.xsd",
        "/scene7/other/IpsApi.wsdl",
        "/IpsApi.wsdl",
    ],
)
def test_other_wsdls_are_not_there(shared_ips: Ips, path: str) -> None:
    assert shared_ips.request("GET", path).status == 404


@pytest.mark.parametrize("host", ["localhost:{port}", "LOCALHOST:{port}", "127.0.0.1", "[::1]:80"])
def test_the_wsdl_repeats_the_name_the_client_used(shared_ips: Ips, host: str) -> None:
    host = host.format(port=shared_ips.address.port)
    root = shared_ips.request("GET", "/scene7/IpsApi.wsdl", Host=host).root
    assert root.xpath("//@location") == [f"http://{host}/scene7/services/IpsApiService"] * 2


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "10.0.0.1", "a b"]
)
def test_the_wsdl_repeats_no_other_name(shared_ips: Ips, host: str) -> None:
    root = shared_ips.request("GET", "/scene7/IpsApi.wsdl", Host=host).root
    assert root.xpath("//@location") == [shared_ips.endpoint] * 2


def test_service_url_replaces_the_address(shared_ips: Ips) -> None:
    path = "/scene7/IpsApi-2014-04-03.wsdl?serviceUrl=https%3A%2F%2Fa.example%2F%3Fx%3D1%26y%3D%22"
    root = shared_ips.request("GET", path).root
    assert root.xpath("//@location") == ['https://a.example/?x=1&y="'] * 2


@pytest.mark.parametrize(
    "given", ["%00", "http%3A%2F%2Fa%0D%0Ab", "a%1Bb", "a%C2%85b", "%EF%BF%BE", ""]
)
def test_service_urls_that_xml_cannot_carry_are_passed_over(shared_ips: Ips, given: str) -> None:
    path = f"/scene7/IpsApi-2014-04-03.wsdl?serviceUrl={given}"
    root = shared_ips.request("GET", path).root
    assert root.xpath("//@location") == [shared_ips.endpoint] * 2


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/scene7/services/IpsApiService", 405),
        ("PUT", "/scene7/services/IpsApiService", 405),
        ("DELETE", "/Exports/", 405),
        ("GET", "/nothing", 404),
    ],
)
def test_other_addresses(shared_ips: Ips, method: str, path: str, status: int) -> None:
    reply = shared_ips.request(method, path)
    assert reply.status == status
    assert ("Allow" in reply.headers) is (status == 405)


def test_void_operations_answer_an_empty_element(serve: Serve) -> None:
    ips = serve(seconds_per_asset=60)
    handle = ips.submit(ips.export_job("to stop", ["a|1001"]))
    reply = ips.call("stopJob", ips.children(companyHandle="c|110", jobHandle=handle))
    assert f'<soapenv:Body><stopJobReturn xmlns="{V}"/></soapenv:Body>' in reply.body.decode()


def test_every_documented_fault_code_is_known() -> None:
    documented = {
        int(code): (fault, name.partition("_CODE_")[2])
        for fault, codes in FACTS["faults"]["codes"].items()
        if isinstance(codes, dict)
        for code, name in codes.items()
    }
    assert {int(c): (IpsFault(c, "").element, c.name) for c in FaultCode} == documented


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<?xml version="1.0" encoding="UTF-7"?>', "utf-7"),
        ("<?xml version='1.0' encoding = 'cp037'?>", "cp037"),
        ("", "utf-16"),
        ("<?xml version='1.0' encoding='ISO-8859-1'?>", "latin-1"),
        ("\n", "utf-8"),
        ("", "utf-8-sig"),
    ],
)
def test_no_encoding_hides_the_size_of_a_request(head: str, encoding: str) -> None:
    """In some encodings the bytes do not show how much markup there is."""
    many = "<b/>" * 250_000
    text = f"{head}<s:Envelope xmlns:s='urn:x'><s:Body>{many}</s:Body></s:Envelope>"
    data = text.encode(encoding)
    if encoding == "utf-7":
        data = head.encode() + text[len(head) :].replace("<", "+ADw-").encode()
        assert data.count(b"<") == 1
    with pytest.raises(IpsFault, match=r"more than 200000 elements|not well-formed"):
        read_envelope(data)


@pytest.mark.parametrize(
    "head", ["", "<?xml version='1.0'?>", "<?xml version='1.0' encoding='x'?>"]
)
def test_many_signs_in_a_text_are_no_elements(head: str) -> None:
    """Beyond the limit by a count of bytes, within it when really counted."""
    data = envelope_of("getUserInfo", header(f"<x:user>{'=' * 250_000}</x:user>"))
    if "encoding" in head:
        with pytest.raises(IpsFault, match="not well-formed"):
            read_envelope(head.encode() + data)
    else:
        assert read_envelope(head.encode() + data).header.user == "=" * 250_000
