"""The contract in schemas/ips says exactly what the facts about the interface say."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import xmlschema
import zeep
from lxml import etree
from zeep.settings import Settings

REPOSITORY = Path(__file__).parents[2]
CONTRACT = REPOSITORY / "schemas" / "ips"
WSDL = CONTRACT / "IpsApi-2014-04-03.wsdl"
VERSIONED_XSD = CONTRACT / "IpsApi-2014-04-03.xsd"
COMMON_XSD = CONTRACT / "IpsApi-common.xsd"
FACTS: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "ips_api.json").read_text())

XSD = "{http://www.w3.org/2001/XMLSchema}"
W = "{http://schemas.xmlsoap.org/wsdl/}"
SOAP = {
    "1.1": "{http://schemas.xmlsoap.org/wsdl/soap/}",
    "1.2": "{http://schemas.xmlsoap.org/wsdl/soap12/}",
}
FAULTS = ["ipsApiFault", "authenticationFault", "authorizationFault"]
NAMED_TYPES = sorted(name for name in FACTS["types"] if not name.startswith("("))
HEADERS = {v["namespace"]: v for v in FACTS["types"]["(element) authHeader"]["variants"]}

SIDES = ("input", "output")

Field = tuple[str, str, int, int | str]


def root(path: Path) -> etree._Element:
    return etree.parse(str(path)).getroot()


def attributes(node: etree._Element) -> dict[str, str]:
    return {str(name): str(value) for name, value in node.items()}


def qualified(node: etree._Element, name: str) -> str:
    """A QName attribute value as {namespace}local, prefixes resolved where it stands."""
    prefix, _, local = name.rpartition(":")
    return f"{{{node.nsmap[prefix or None]}}}{local}"


def fact_fields(fields: list[dict[str, Any]]) -> list[Field]:
    """Facts in the form in which `schema_fields` reads a schema."""
    spaces = {"types": "{" + FACTS["namespaces"]["versioned"] + "}", "xsd": XSD}

    def type_name(name: str) -> str:
        prefix, _, local = name.partition(":")
        return f"{spaces[prefix]}{local}"

    return [(f["name"], type_name(f["type"]), f["minOccurs"], f["maxOccurs"]) for f in fields]


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


@pytest.fixture(scope="module")
def versioned() -> etree._Element:
    return root(VERSIONED_XSD)


@pytest.fixture(scope="module")
def common() -> etree._Element:
    return root(COMMON_XSD)


@pytest.fixture(scope="module")
def wsdl() -> etree._Element:
    return root(WSDL)


@pytest.mark.parametrize("name", NAMED_TYPES)
def test_named_type_has_the_fields_of_the_facts(versioned: etree._Element, name: str) -> None:
    (node,) = [t for t in versioned.findall(XSD + "complexType") if t.get("name") == name]
    assert schema_fields(node) == fact_fields(FACTS["types"][name]["fields"])


@pytest.mark.parametrize("operation", sorted(FACTS["operations"]))
@pytest.mark.parametrize("side", ["input", "output"])
def test_operation_elements_have_the_fields_of_the_facts(
    versioned: etree._Element, operation: str, side: str
) -> None:
    fact = FACTS["operations"][operation][side]
    found = schema_fields(global_element(versioned, fact["element"]))
    assert found == fact_fields(fact["fields"])


def test_schema_declares_nothing_else(versioned: etree._Element, common: etree._Element) -> None:
    elements = {e.get("name") for e in versioned.findall(XSD + "element")}
    sides = [o[side]["element"] for o in FACTS["operations"].values() for side in SIDES]
    assert elements == {"authHeader", *sides}
    assert sorted(str(t.get("name")) for t in versioned.findall(XSD + "complexType")) == NAMED_TYPES
    assert [e.get("name") for e in common.findall(XSD + "element")] == [*FAULTS, "authHeader"]


@pytest.mark.parametrize(
    ("path", "namespace"), [(VERSIONED_XSD, "versioned"), (COMMON_XSD, "common")]
)
def test_schema_namespace(path: Path, namespace: str) -> None:
    schema = root(path)
    assert schema.get("targetNamespace") == FACTS["namespaces"][namespace]
    assert schema.get("elementFormDefault") == "qualified"


def test_versioned_auth_header(versioned: etree._Element) -> None:
    fact = HEADERS[FACTS["namespaces"]["versioned"]]
    node = global_element(versioned, "authHeader")
    assert schema_fields(node) == fact_fields(fact["fields"])
    assert_any_attribute(node)


def test_common_auth_header_is_unordered(common: etree._Element) -> None:
    fact = HEADERS[FACTS["namespaces"]["common"]]
    node = global_element(common, "authHeader")
    assert schema_fields(node, model="all") == fact_fields(fact["fields"])
    assert_any_attribute(node)


@pytest.mark.parametrize("name", FAULTS)
def test_fault_elements(common: etree._Element, name: str) -> None:
    node = global_element(common, name)
    assert schema_fields(node) == fact_fields(FACTS["faults"]["fields"])
    assert_any_attribute(node)


def assert_any_attribute(node: etree._Element) -> None:
    (anything,) = node.findall(XSD + "anyAttribute")
    assert attributes(anything) == {"namespace": "##other", "processContents": "lax"}


def test_schemas_use_plain_constructs_only(
    versioned: etree._Element, common: etree._Element
) -> None:
    plain = {
        "annotation",
        "documentation",
        "element",
        "complexType",
        "sequence",
        "all",
        "anyAttribute",
    }
    for schema in (versioned, common):
        tags = {etree.QName(node).localname for node in schema.iterdescendants(XSD + "*")}
        assert tags <= plain
        assert not [n for n in schema.iter(XSD + "element") if n.get("nillable")]


@pytest.mark.parametrize("path", [VERSIONED_XSD, COMMON_XSD])
def test_schema_compiles(path: Path) -> None:
    etree.XMLSchema(etree.parse(str(path)))
    xmlschema.XMLSchema(str(path))


@pytest.mark.parametrize("path", [VERSIONED_XSD, COMMON_XSD])
def test_wsdl_holds_the_same_schema_inline(wsdl: etree._Element, path: Path) -> None:
    alone = root(path)
    inline = {s.get("targetNamespace"): s for s in wsdl.iter(XSD + "schema")}
    assert len(inline) == 2
    assert canonical(inline[alone.get("targetNamespace")]) == canonical(alone)


def canonical(schema: etree._Element) -> str:
    """Canonical text of a schema without its surroundings, layout and comments."""
    parser = etree.XMLParser(remove_blank_text=True, remove_comments=True)
    copy = etree.fromstring(etree.tostring(schema, exclusive=True, with_tail=False), parser)
    return str(etree.tostring(copy, method="c14n", exclusive=True).decode())


def test_wsdl_names_nothing_outside_itself(wsdl: etree._Element) -> None:
    foreign = {XSD + "import", XSD + "include", XSD + "redefine", W + "import"}
    assert not [node for node in wsdl.iter() if node.tag in foreign]


def test_messages(wsdl: etree._Element) -> None:
    types, flt = FACTS["namespaces"]["versioned"], FACTS["namespaces"]["common"]
    expected = {"authHeader": [("authHeader", f"{{{types}}}authHeader")]}
    expected |= {f"{name}Exception": [("fault", f"{{{flt}}}{name}")] for name in FAULTS}
    for fact in FACTS["operations"].values():
        for side in SIDES:
            part = (fact["messages"][f"{side}_part"], f"{{{types}}}{fact[side]['element']}")
            expected[fact["messages"][side]] = [part]
    found = {
        str(m.get("name")): [(str(p.get("name")), qualified(p, str(p.get("element")))) for p in m]
        for m in wsdl.findall(W + "message")
    }
    assert found == expected


def test_port_type(wsdl: etree._Element) -> None:
    target = "{" + FACTS["wsdl"]["target_namespace"] + "}"
    (port_type,) = wsdl.findall(W + "portType")
    assert port_type.get("name") == FACTS["wsdl"]["portType"]
    assert [o.get("name") for o in port_type] == list(FACTS["operations"])
    for node in port_type:
        fact = FACTS["operations"][str(node.get("name"))]
        found = [(c.tag, c.get("name"), qualified(c, str(c.get("message")))) for c in node]
        assert found == [
            (W + "input", None, target + fact["messages"]["input"]),
            (W + "output", None, target + fact["messages"]["output"]),
            *[(W + "fault", name, f"{target}{name}Exception") for name in fact["faults"]],
        ]


@pytest.mark.parametrize("fact", FACTS["wsdl"]["bindings"], ids=lambda b: b["soap"])
def test_binding(wsdl: etree._Element, fact: dict[str, str]) -> None:
    soap = SOAP[fact["soap"]]
    (binding,) = [b for b in wsdl.findall(W + "binding") if b.get("name") == fact["name"]]
    style, *operations = list(binding)
    assert (style.tag, attributes(style)) == (
        soap + "binding",
        {"style": fact["style"], "transport": fact["transport"]},
    )
    assert [o.get("name") for o in operations] == list(FACTS["operations"])
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


def test_service_and_ports(wsdl: etree._Element) -> None:
    assert wsdl.get("name") == FACTS["wsdl"]["definitions_name"]
    assert wsdl.get("targetNamespace") == FACTS["wsdl"]["target_namespace"]
    (service,) = wsdl.findall(W + "service")
    assert service.get("name") == FACTS["wsdl"]["service"]
    ports = [
        {"name": str(p.get("name")), "binding": attributes(p)["binding"].removeprefix("tns:")}
        for p in service.findall(W + "port")
    ]
    assert ports == FACTS["wsdl"]["ports"]


def test_zeep_loads_the_wsdl_strictly() -> None:
    settings = Settings(strict=True, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    client = zeep.Client(str(WSDL), settings=settings)  # type: ignore[no-untyped-call]
    ports = client.wsdl.services["IpsApiService"].ports
    for name in ("IpsApiSoapPort", "IpsApiSoap12Port"):
        assert set(ports[name].binding._operations) == set(FACTS["operations"])
