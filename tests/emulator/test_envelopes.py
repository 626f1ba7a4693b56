"""The form of answers: envelopes, faults, headers, compression, the WSDL."""

from __future__ import annotations

import base64
import gzip
from typing import TYPE_CHECKING

import pytest
import zeep

if TYPE_CHECKING:
    from tests.emulator.conftest import Ips, Serve

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


@pytest.mark.parametrize("operation", ["executeJob", "uploadPost", "x"])
def test_other_operations_say_that_they_are_not_there(shared_ips: Ips, operation: str) -> None:
    name, code, reason = shared_ips.call(operation).fault
    assert (name, code) == ("ipsApiFault", 30000)
    assert operation in reason
    assert "does not provide" in reason


def test_other_versions_are_named(shared_ips: Ips) -> None:
    data = envelope_of("getUserInfo", header(GOOD)).replace(b"2014-04-03", b"2008-01-15")
    name, code, reason = shared_ips.send(data).fault
    assert (name, code) == ("ipsApiFault", 30003)
    assert "2008-01-15" in reason
    assert "2014-04-03" in reason


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
    ],
)
def test_the_wsdl_holds_the_address_of_this_server(shared_ips: Ips, path: str) -> None:
    reply = shared_ips.request("GET", path)
    assert reply.status == 200
    assert reply.headers["Content-Type"] == "text/xml; charset=UTF-8"
    locations = reply.root.xpath("//@location")
    assert locations == [shared_ips.endpoint] * 2


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


def test_a_foreign_client_works_from_the_served_wsdl(shared_ips: Ips) -> None:
    client = zeep.Client(f"{shared_ips.endpoint}?wsdl")  # type: ignore[no-untyped-call]
    try:
        for port in ("IpsApiSoapPort", "IpsApiSoap12Port"):
            service = client.bind("IpsApiService", port)
            login = {
                "user": "demo@example.com",
                "password": "demo",
                "appName": "tests",
                "appVersion": "1",
            }
            found = service.searchAssets(
                companyHandle="c|110", includeSubfolders=True, _soapheaders={"authHeader": login}
            )
            assert found.totalRows == 5
            assert {asset.name for asset in found.assetArray["items"]} >= {"PS_1", "logo"}
    finally:
        client.transport.session.close()


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
