"""The contract says exactly what the facts about the interface say, in every version served."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import suds.client
import xmlschema
import zeep
from lxml import etree
from zeep.settings import Settings

from s7spec.emulator.soap.contract import Contract
from s7spec.emulator.soap.derivation import earlier_version
from s7spec.emulator.soap.versions import EARLIER, NEWEST, VERSIONS

REPOSITORY = Path(__file__).parents[2]
CONTRACT = REPOSITORY / "schemas" / "ips"
NEWEST_WSDL = CONTRACT / f"IpsApi-{NEWEST}.wsdl"
NEWEST_XSD = CONTRACT / f"IpsApi-{NEWEST}.xsd"
COMMON_XSD = CONTRACT / "IpsApi-common.xsd"
FACTS: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "ips_api.json").read_text())
MARKED = "2013-02-15"
"""The only earlier version that the facts speak of; 2012-02-14 follows it."""

XSD = "{http://www.w3.org/2001/XMLSchema}"
W = "{http://schemas.xmlsoap.org/wsdl/}"
SOAP = {
    "1.1": "{http://schemas.xmlsoap.org/wsdl/soap/}",
    "1.2": "{http://schemas.xmlsoap.org/wsdl/soap12/}",
}
FAULTS = ["ipsApiFault", "authenticationFault", "authorizationFault"]
NAMED_TYPES = sorted(name for name in FACTS["types"] if not name.startswith("("))
OPERATIONS = list(FACTS["operations"])
COMMON = FACTS["namespaces"]["common"]
HEADERS = {v["namespace"]: v for v in FACTS["types"]["(element) authHeader"]["variants"]}

SIDES = ("input", "output")

Field = tuple[str, str, int, int | str]


def namespace_of(version: str) -> str:
    return str(FACTS["namespaces"]["versioned"]).replace(NEWEST, version)


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """One version as a client gets it, taken apart."""

    version: str
    data: bytes
    wsdl: etree._Element
    versioned: etree._Element
    common: etree._Element


@cache
def described(version: str) -> Description:
    edition = Contract(CONTRACT).edition(version)
    assert edition is not None
    data = edition.wsdl("http://127.0.0.1:1/scene7/services/IpsApiService")
    wsdl = etree.fromstring(data)
    schemas = {s.get("targetNamespace"): s for s in wsdl.iter(XSD + "schema")}
    assert sorted(map(str, schemas)) == sorted([namespace_of(version), COMMON])
    return Description(
        version=version,
        data=data,
        wsdl=wsdl,
        versioned=schemas[namespace_of(version)],
        common=schemas[COMMON],
    )


@pytest.fixture(params=VERSIONS)
def it(request: pytest.FixtureRequest) -> Description:
    return described(request.param)


def attributes(node: etree._Element) -> dict[str, str]:
    return {str(name): str(value) for name, value in node.items()}


def qualified(node: etree._Element, name: str) -> str:
    """A QName attribute value as {namespace}local, prefixes resolved where it stands."""
    prefix, _, local = name.rpartition(":")
    return f"{{{node.nsmap[prefix or None]}}}{local}"


def differences(fact: dict[str, Any], version: str, side: str | None = None) -> Any:
    """What the facts say of a version that is not the newest."""
    marks = fact.get("version_differences", {})
    if side is not None:
        marks = marks.get(side, {})
    return {} if version == NEWEST else marks.get(MARKED, {})


def fact_fields(fields: list[dict[str, Any]], version: str, marks: dict[str, Any]) -> list[Field]:
    """Facts in the form in which `schema_fields` reads a schema."""
    found = [(f["name"], f["type"], f["minOccurs"], f["maxOccurs"]) for f in fields]
    for extra in marks.get("extra_fields", ()):
        match = re.fullmatch(r"(\w+): (\S+?)(\??) \(after (\w+)\)", extra)
        assert match, extra
        place = [name for name, *_ in found].index(match[4]) + 1
        found.insert(place, (match[1], match[2], 0 if match[3] else 1, 1))
    missing = marks.get("missing_fields", [])
    assert {name for name, *_ in found} >= set(missing)
    spaces = {"types": "{" + namespace_of(version) + "}", "xsd": XSD}
    return [
        (name, spaces[type_.partition(":")[0]] + type_.partition(":")[2], least, most)
        for name, type_, least, most in found
        if name not in missing
    ]


def schema_fields(complex_type: etree._Element, *, model: str = "sequence") -> list[Field]:
    """Name, type, minOccurs, maxOccurs of each child, in order."""

    def fields() -> Iterator[Field]:
        (group,) = complex_type.findall(XSD + model)
        for child in group:
            assert child.tag == XSD + "element"
            least, most = child.get("minOccurs", "1"), child.get("maxOccurs", "1")
            limit: int | str = most if most == "unbounded" else int(most)
            yield (
                str(child.get("name")),
                qualified(child, str(child.get("type"))),
                int(least),
                limit,
            )

    return list(fields())


def global_element(schema: etree._Element, name: str) -> etree._Element:
    (node,) = [e for e in schema.findall(XSD + "element") if e.get("name") == name]
    (complex_type,) = node.findall(XSD + "complexType")
    return complex_type


def types_of(version: str) -> list[str]:
    return [n for n in NAMED_TYPES if isinstance(differences(FACTS["types"][n], version), dict)]


@pytest.mark.parametrize(
    ("version", "name"), [(version, name) for version in VERSIONS for name in types_of(version)]
)
def test_named_type_has_the_fields_of_the_facts(version: str, name: str) -> None:
    schema, fact = described(version).versioned, FACTS["types"][name]
    (node,) = [t for t in schema.findall(XSD + "complexType") if t.get("name") == name]
    expected = fact_fields(fact["fields"], version, differences(fact, version))
    assert schema_fields(node) == expected


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("side", SIDES)
def test_operation_elements_have_the_fields_of_the_facts(
    version: str, operation: str, side: str
) -> None:
    fact = FACTS["operations"][operation]
    found = schema_fields(global_element(described(version).versioned, fact[side]["element"]))
    marks = differences(fact, version, side)
    assert found == fact_fields(fact[side]["fields"], version, marks)


def test_schema_declares_nothing_else(it: Description) -> None:
    elements = [str(e.get("name")) for e in it.versioned.findall(XSD + "element")]
    sides = [o[side]["element"] for o in FACTS["operations"].values() for side in SIDES]
    header = ["authHeader"] if it.version == NEWEST else []
    assert sorted(elements) == sorted([*header, *sides])
    names = sorted(str(t.get("name")) for t in it.versioned.findall(XSD + "complexType"))
    assert names == types_of(it.version)
    assert [e.get("name") for e in it.common.findall(XSD + "element")] == [*FAULTS, "authHeader"]


def test_the_earlier_versions_differ_where_the_facts_say_so() -> None:
    """The table of versions would otherwise pass if it and the marks were both empty."""
    assert set(NAMED_TYPES) - set(types_of(MARKED)) == {"VideoCaptionInfo"}
    for version in EARLIER:
        user = next(
            t
            for t in described(version).versioned.findall(XSD + "complexType")
            if t.get("name") == "User"
        )
        assert [name for name, *_ in schema_fields(user)] == [
            "userHandle",
            "firstName",
            "lastName",
            "email",
            "defaultRole",
            "isValid",
            "passwordExpires",
        ]


def test_schema_namespaces(it: Description) -> None:
    assert it.versioned.get("targetNamespace") == namespace_of(it.version)
    assert it.common.get("targetNamespace") == COMMON
    for schema in (it.versioned, it.common):
        assert schema.get("elementFormDefault") == "qualified"


def test_versioned_auth_header() -> None:
    fact = HEADERS[FACTS["namespaces"]["versioned"]]
    node = global_element(described(NEWEST).versioned, "authHeader")
    assert schema_fields(node) == fact_fields(fact["fields"], NEWEST, {})
    assert_any_attribute(node)


def test_common_auth_header_is_unordered(it: Description) -> None:
    node = global_element(it.common, "authHeader")
    fact = HEADERS[COMMON]
    assert schema_fields(node, model="all") == fact_fields(fact["fields"], it.version, {})
    assert_any_attribute(node)


@pytest.mark.parametrize("name", FAULTS)
def test_fault_elements(it: Description, name: str) -> None:
    node = global_element(it.common, name)
    assert schema_fields(node) == fact_fields(FACTS["faults"]["fields"], it.version, {})
    assert_any_attribute(node)


def assert_any_attribute(node: etree._Element) -> None:
    (anything,) = node.findall(XSD + "anyAttribute")
    assert attributes(anything) == {"namespace": "##other", "processContents": "lax"}


def test_schemas_use_plain_constructs_only(it: Description) -> None:
    plain = {
        "annotation",
        "documentation",
        "element",
        "complexType",
        "sequence",
        "all",
        "anyAttribute",
    }
    for schema in (it.versioned, it.common):
        tags = {etree.QName(node).localname for node in schema.iterdescendants(XSD + "*")}
        assert tags <= plain
        assert not [n for n in schema.iter(XSD + "element") if n.get("nillable")]


def schema_files(version: str) -> list[bytes]:
    newest = NEWEST_XSD.read_bytes()
    versioned = newest if version == NEWEST else earlier_version(newest, version)
    return [versioned, COMMON_XSD.read_bytes()]


@pytest.mark.parametrize("version", VERSIONS)
def test_schema_compiles(version: str) -> None:
    for data in schema_files(version):
        etree.XMLSchema(etree.fromstring(data))
        xmlschema.XMLSchema(data.decode())


def test_wsdl_holds_the_same_schemas_inline(it: Description) -> None:
    """Requests are checked against the XSD, clients are made from the WSDL."""
    versioned, common = (etree.fromstring(data) for data in schema_files(it.version))
    assert canonical(it.versioned) == canonical(versioned)
    assert canonical(it.common) == canonical(common)


def canonical(schema: etree._Element) -> str:
    """Canonical text of a schema without its surroundings, layout and comments."""
    parser = etree.XMLParser(remove_blank_text=True, remove_comments=True)
    copy = etree.fromstring(etree.tostring(schema, exclusive=True, with_tail=False), parser)
    return str(etree.tostring(copy, method="c14n", exclusive=True).decode())


def test_wsdl_names_nothing_outside_itself(it: Description) -> None:
    foreign = {XSD + "import", XSD + "include", XSD + "redefine", W + "import"}
    assert not [node for node in it.wsdl.iter() if node.tag in foreign]


@pytest.mark.parametrize("version", EARLIER)
def test_earlier_versions_say_nothing_of_the_newest(version: str) -> None:
    assert NEWEST.encode() not in described(version).data


def test_a_contract_that_the_table_of_versions_does_not_fit() -> None:
    with pytest.raises(ValueError, match="no imsOrgId where"):
        earlier_version(NEWEST_XSD.read_bytes().replace(b"imsOrgId", b"orgId"), MARKED)


def test_messages(it: Description) -> None:
    types = namespace_of(it.version)
    header = types if it.version == NEWEST else COMMON
    expected = {"authHeader": [("authHeader", f"{{{header}}}authHeader")]}
    expected |= {f"{name}Exception": [("fault", f"{{{COMMON}}}{name}")] for name in FAULTS}
    for fact in FACTS["operations"].values():
        for side in SIDES:
            part = (fact["messages"][f"{side}_part"], f"{{{types}}}{fact[side]['element']}")
            expected[fact["messages"][side]] = [part]
    found = {
        str(m.get("name")): [(str(p.get("name")), qualified(p, str(p.get("element")))) for p in m]
        for m in it.wsdl.findall(W + "message")
    }
    assert found == expected


def test_port_type(it: Description) -> None:
    target = "{" + FACTS["wsdl"]["target_namespace"] + "}"
    (port_type,) = it.wsdl.findall(W + "portType")
    assert port_type.get("name") == FACTS["wsdl"]["portType"]
    assert [o.get("name") for o in port_type] == OPERATIONS
    for node in port_type:
        fact = FACTS["operations"][str(node.get("name"))]
        found = [(c.tag, c.get("name"), qualified(c, str(c.get("message")))) for c in node]
        assert found == [
            (W + "input", None, target + fact["messages"]["input"]),
            (W + "output", None, target + fact["messages"]["output"]),
            *[(W + "fault", name, f"{target}{name}Exception") for name in fact["faults"]],
        ]


@pytest.mark.parametrize("fact", FACTS["wsdl"]["bindings"], ids=lambda b: b["soap"])
def test_binding(it: Description, fact: dict[str, str]) -> None:
    soap = SOAP[fact["soap"]]
    (binding,) = [b for b in it.wsdl.findall(W + "binding") if b.get("name") == fact["name"]]
    style, *operations = list(binding)
    assert (style.tag, attributes(style)) == (
        soap + "binding",
        {"style": fact["style"], "transport": fact["transport"]},
    )
    assert [o.get("name") for o in operations] == OPERATIONS
    for node in operations:
        assert_binding_operation(node, soap)


def assert_binding_operation(node: etree._Element, soap: str) -> None:
    target = "{" + FACTS["wsdl"]["target_namespace"] + "}"
    (operation,) = node.findall(soap + "operation")
    assert operation.get("soapAction") == node.get("name")
    (header,) = node.findall(f"{W}input/{soap}header")
    assert qualified(header, str(header.get("message"))) == target + "authHeader"
    assert (header.get("part"), header.get("use")) == ("authHeader", "literal")
    for side in SIDES:
        (body,) = node.findall(f"{W}{side}/{soap}body")
        assert attributes(body) == {"use": "literal"}
    faults = [(f.get("name"), f[0].tag, attributes(f[0])) for f in node.findall(W + "fault")]
    assert faults == [(n, soap + "fault", {"name": n, "use": "literal"}) for n in FAULTS]


def test_service_and_ports(it: Description) -> None:
    assert it.wsdl.get("name") == FACTS["wsdl"]["definitions_name"]
    assert it.wsdl.get("targetNamespace") == FACTS["wsdl"]["target_namespace"]
    (service,) = it.wsdl.findall(W + "service")
    assert service.get("name") == FACTS["wsdl"]["service"]
    ports = [
        {"name": str(p.get("name")), "binding": attributes(p)["binding"].removeprefix("tns:")}
        for p in service.findall(W + "port")
    ]
    assert ports == FACTS["wsdl"]["ports"]


def test_the_file_is_what_is_served_but_for_the_address() -> None:
    served = described(NEWEST).data.replace(b"http://127.0.0.1:1/", b"http://localhost/")
    assert served == NEWEST_WSDL.read_bytes()


def test_zeep_loads_the_wsdl_strictly(it: Description, tmp_path: Path) -> None:
    path = tmp_path / "IpsApi.wsdl"
    path.write_bytes(it.data)
    settings = Settings(strict=True, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    client = zeep.Client(str(path), settings=settings)  # type: ignore[no-untyped-call]
    ports = client.wsdl.services["IpsApiService"].ports
    for name in ("IpsApiSoapPort", "IpsApiSoap12Port"):
        assert set(ports[name].binding._operations) == set(OPERATIONS)


def test_suds_loads_the_wsdl(it: Description, tmp_path: Path) -> None:
    path = tmp_path / "IpsApi.wsdl"
    path.write_bytes(it.data)
    client = suds.client.Client(path.as_uri(), cache=None)
    (definition,) = client.sd
    for port, methods in definition.ports:
        assert port.name in ("IpsApiSoapPort", "IpsApiSoap12Port")
        assert sorted(name for name, _ in methods) == sorted(OPERATIONS)
    loaded = {type_.name for type_, _ in definition.types}
    assert loaded >= set(types_of(it.version))
