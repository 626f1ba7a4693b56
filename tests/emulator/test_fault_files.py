"""Files of faults: read strictly, and by the schema and the emulator alike."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from s7spec.emulator.faults import rules
from s7spec.emulator.faults.errors import FaultsFileError
from s7spec.emulator.faults.operations import DOWNLOADS, EVERY_OPERATION, SOAP_OPERATIONS
from s7spec.emulator.faults.reading import KINDS, STATUSES, read_faults
from s7spec.emulator.soap.faults import FaultCode
from s7spec.load import load_text
from s7spec.model.source import SourceFile
from tests.emulator.conftest import CONTRACT

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases" / "faults"
VALID = sorted((CASES / "valid").glob("*.yaml"))
INVALID = sorted((CASES / "invalid").glob("*.yaml"))
SCHEMA: dict[str, Any] = json.loads((ROOT / "schemas" / "ips-faults.schema.json").read_text())
PAGE = ROOT / "docs" / "fault-injection.md"
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)


def by_schema(text: str) -> bool:
    """The schema's word on a text; what is no sound YAML is not valid."""
    loaded = load_text(SourceFile(path="faults.yaml", text=text))
    if loaded.diagnostics or len(loaded.documents) != 1:
        return False
    return bool(jsonschema.Draft202012Validator(SCHEMA).is_valid(loaded.documents[0].value))


def by_emulator(folder: Path, text: str) -> bool:
    (folder / "faults.yaml").write_text(text)
    try:
        read_faults(folder / "faults.yaml")
    except FaultsFileError:
        return False
    return True


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_valid_files(path: Path) -> None:
    assert by_schema(path.read_text())
    assert len(read_faults(path).rules) == path.read_text().count("kind:")


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_invalid_files(path: Path) -> None:
    """The first line says where and what."""
    place, _, text = path.read_text().splitlines()[0].removeprefix("# ").partition(" ")
    assert not by_schema(path.read_text())
    with pytest.raises(FaultsFileError) as caught:
        read_faults(path)
    assert f"{caught.value.line}:{caught.value.column}" == place, caught.value
    assert text in str(caught.value)
    assert str(caught.value).startswith(f"{path}:{place}: ")


@pytest.mark.parametrize("text", EXAMPLES, ids=range(len(EXAMPLES)))
def test_examples_of_the_page(tmp_path: Path, text: str) -> None:
    assert by_schema(text)
    assert by_emulator(tmp_path, text)


def test_the_page_has_an_example_of_every_kind() -> None:
    text = "\n".join(EXAMPLES)
    assert [kind for kind in KINDS if f"kind: {kind}" not in text] == []


VALUES = st.sampled_from(
    (
        *("0", "1", "2", "-1", "0.5", ".5", "1.", "01", "1e3", "1e999", "+1", "0x1", "0o7", "1_0"),
        *("503", "20009", "true", "no", "~", "''", "'1'", "x", "[]", "{}", "submitJob", "'*'"),
    )
)
KEYS = st.sampled_from(
    (
        *(
            "seconds",
            "acted",
            "probability",
            "nth",
            "every",
            "first",
            "times",
            "operations",
            "status",
        ),
        *("code", "reason", "share", "chunkBytes", "after", "retryAfter"),
    )
)


@given(
    kind=st.sampled_from(KINDS),
    keys=st.dictionaries(KEYS, VALUES, max_size=3),
    good=st.booleans(),
)
def test_reader_and_schema_agree_on_whatever_is_written(
    tmp_path_factory: pytest.TempPathFactory, kind: str, keys: dict[str, str], good: bool
) -> None:
    needed = {"latency": "seconds", "http-error": "status", "fault": "code", "slow-body": "seconds"}
    if good and kind in needed:
        keys = {needed[kind]: {"status": "503", "code": "20009"}.get(needed[kind], "1"), **keys}
    inner = "".join(f", {key}: {value}" for key, value in keys.items())
    text = f"faults:\n  - {{kind: {kind}{inner}}}\n"
    folder = tmp_path_factory.mktemp("faults")
    assert by_emulator(folder, text) is by_schema(text), text


@pytest.mark.parametrize("text", ["", "faults: [", "faults: []\n---\nfaults: []\n", "\x00"])
def test_files_that_are_no_yaml(tmp_path: Path, text: str) -> None:
    assert not by_emulator(tmp_path, text)
    assert not by_schema(text)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FaultsFileError, match="cannot be read"):
        read_faults(tmp_path / "none.yaml")


def test_schema_and_code_know_the_same() -> None:
    definitions = SCHEMA["$defs"]
    rule = definitions["rule"]
    assert tuple(rule["properties"]["kind"]["enum"]) == KINDS
    assert definitions["anyOperation"]["anyOf"][0]["enum"] == [
        *(EVERY_OPERATION, *SOAP_OPERATIONS, *DOWNLOADS)
    ]
    by_kind = {part["if"]["properties"]["kind"]["const"]: part["then"] for part in rule["allOf"]}
    assert by_kind["fault"]["properties"]["code"]["enum"] == [int(code) for code in FaultCode]
    assert tuple(by_kind["http-error"]["properties"]["status"]["enum"]) == STATUSES
    allowed = {
        kind: definitions[part["properties"]["operations"]["$ref"].rpartition("/")[2]]
        for kind, part in by_kind.items()
    }
    for kind in KINDS:
        assert tuple(allowed[kind]["anyOf"][0]["enum"]) == rules.allowed_operations(kind)


def test_every_operation_of_the_contract_can_be_hit() -> None:
    xsd = etree.parse(str(CONTRACT / "IpsApi-2014-04-03.xsd"))
    names = [str(node.get("name")) for node in xsd.getroot() if node.get("name") is not None]
    operations = {name.removesuffix("Param") for name in names if name.endswith("Param")}
    assert operations
    assert operations <= set(SOAP_OPERATIONS)
