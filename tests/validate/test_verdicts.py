"""jsonschema-rs and jsonschema give one verdict, and jsonschema one explanation."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from s7spec.load import load_file
from s7spec.model.source import SourceDocument
from s7spec.validate import SchemaSet, check_value, read_manifest, read_project
from s7spec.validate.documents import API_VERSION
from s7spec.validate.planned import PLANNED_IN_PROJECTS
from s7spec.validate.reduction import reduce_errors
from s7spec.validate.reference import reference_for, registry_of
from tests.expand.compiling import REPOSITORY, SCHEMA_FILES, schemas
from tests.expand.test_cases import EXAMPLES, INVALID, TEMPLATES, VALID
from tests.validate.mutating import mutants
from tests.validate.sampling import sample

COUNT = int(os.environ.get("S7SPEC_TEST_DOCUMENTS", "20000"))
"""How many documents both validators see; S7SPEC_TEST_DOCUMENTS=500000 for a long run."""
NAMES = [path.name.removesuffix(".schema.json") for path in SCHEMA_FILES]
TEXTS = {path.name.removesuffix(".schema.json"): path.read_text("utf-8") for path in SCHEMA_FILES}
NEVER = sys.maxsize


@cache
def reference(name: str) -> Any:
    return reference_for(json.loads(TEXTS[name]), registry_of([]), lambda _: None, long=NEVER)


@cache
def written(name: str) -> list[Any]:
    """Documents that people wrote."""
    paths = (*VALID, *EXAMPLES, *TEMPLATES)
    values = [d.value for p in paths for d in load_file(p, root=p.parent).documents]
    kinds = {
        "manifest": "ExportManifest",
        "export-template": "ExportTemplate",
        "project": "Project",
    }
    return [v for v in values if isinstance(v, dict) and v.get("kind") == kinds.get(name)]


def documents(name: str, count: int) -> Iterator[Any]:
    """Documents and damaged ones, half and half."""
    seeded = random.Random(f"verdicts of {name}")  # noqa: S311 - a seed, not a secret
    schema = json.loads(TEXTS[name])
    for index in range(count // 4):
        texts = written(name)
        value = texts[index % len(texts)] if texts and index % 2 else sample(schema, schema, seeded)
        yield value
        if isinstance(value, dict) and value:
            yield from mutants(value, seeded, 3)


def test_both_validators_give_one_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    verdicts: Counter[tuple[str, bool]] = Counter()
    for name in NAMES:
        for value in documents(name, COUNT // len(NAMES)):
            verdict = schemas().accepts(value, name)
            assert verdict == reference(name).is_valid(value), (name, value)
            verdicts[name, verdict] += 1
    with capsys.disabled():
        valid = sum(count for (_, verdict), count in verdicts.items() if verdict)
        print(f" [{sum(verdicts.values()):,} documents, {valid:,} of them valid] ", end="")
    assert sum(verdicts.values()) > COUNT * 0.9
    assert {name for name in NAMES if verdicts[name, True] >= 5} == set(NAMES)
    assert {name for name in NAMES if verdicts[name, False] >= 20} == set(NAMES)


@pytest.fixture(scope="module")
def searching() -> SchemaSet:
    return SchemaSet(TEXTS, long=0)


@pytest.fixture(scope="module")
def walking() -> SchemaSet:
    return SchemaSet(TEXTS, long=NEVER)


def read(document: SourceDocument, schemas: SchemaSet) -> object:
    is_project = document.file.path.startswith("project-")
    return (read_project if is_project else read_manifest)(document, schemas)[1]


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_searching_first_finds_the_same(
    path: Path, searching: SchemaSet, walking: SchemaSet
) -> None:
    for document in load_file(path, root=path.parent).documents:
        assert read(document, searching) == read(document, walking)


@pytest.mark.parametrize("name", NAMES)
def test_searching_first_finds_the_same_in_damaged_documents(
    name: str, searching: SchemaSet, walking: SchemaSet
) -> None:
    found = 0
    for value in documents(name, 160):
        errors = list(walking.errors(value, name))
        assert list(searching.errors(value, name)) == errors
        found += bool(errors)
    assert found > 20


def test_what_is_wrong_in_a_large_document_is_found(walking: SchemaSet) -> None:
    (value,) = [d.value for d in load_file(VALID[0], root=VALID[0].parent).documents[:1]]
    assert isinstance(value, dict)
    names: list[Any] = [f"hero_{index:05}" for index in range(20_000)]
    names[12_345], names[17_000], names[19_999] = 5, " x", names[3]
    value["exports"] = [{"id": "a", "assets": {"names": names}, "fmt": "orig"}]
    value["vars"] = {f"v{index}": index for index in range(1000)} | {"9": 1}
    errors = list(schemas().errors(value, "manifest"))
    assert {error.pointer[-1] for error in errors} == {"names", 12_345, 17_000, "vars"}
    assert errors == list(walking.errors(value, "manifest"))


def test_many_values_are_accepted_in_one_call() -> None:
    good = {"fmt": "orig", "emailSetting": "None"}
    bad = {"fmt": "orig", "emailSetting": "Never"}
    assert schemas().accept_all([], "export-job")
    assert schemas().accept_all([good] * 100, "export-job")
    assert schemas().accept_all((good, good), "export-job")
    assert not schemas().accept_all([good] * 99 + [bad], "export-job")
    assert not schemas().accept_all([{1: 2}], "export-job")
    with pytest.raises(KeyError):
        schemas().accept_all([good], "nothing")


@pytest.mark.parametrize("name", NAMES)
def test_lists_are_accepted_as_their_members_are(name: str) -> None:
    values = list(documents(name, 200))
    accepted = [value for value in values if schemas().accepts(value, name)]
    assert schemas().accept_all(accepted, name)
    for value in values:
        assert schemas().accept_all([*accepted[:2], value], name) == schemas().accepts(value, name)


def test_references_hold_in_lists_too() -> None:
    parts = {"n": {"type": "string"}}
    ours = SchemaSet(
        {
            "plain": json.dumps({"$ref": "#/$defs/n", "$defs": parts}),
            "named": json.dumps(
                {"$id": "https://s7spec.dev/y", "$ref": "#/$defs/n", "$defs": parts}
            ),
            "other": json.dumps({"$ref": "https://s7spec.dev/y"}),
        }
    )
    for name in ("plain", "named", "other"):
        assert ours.accept_all(["a", "b"], name)
        assert not ours.accept_all(["a", 1], name)


@pytest.mark.parametrize("value", [float("nan"), ["\ud800"]], ids=repr)
def test_a_value_that_only_one_refuses_never_passes(value: object) -> None:
    ours = SchemaSet(
        {"x": json.dumps({"type": ["number", "array"], "items": {"pattern": "^[^a]$"}})}
    )
    (said,) = check_value(value, "x", ours)
    assert said.endswith("is not allowed here")
    (error,) = ours.errors(value, "x")
    assert "jsonschema-rs says" in error.schema["$comment"]


def test_its_words_repeat_no_value() -> None:
    ours = SchemaSet({"x": json.dumps({"items": {"type": "number"}})})
    (error,) = ours.errors([1, float("nan")], "x")
    assert error.pointer == (1,)
    assert "nan" not in error.schema["$comment"].lower()


WITHOUT = """
import sys
from pathlib import Path
from s7spec.load import load_file
from s7spec.validate import SchemaSet, read_manifest, check_export_job
files = Path(sys.argv[1]).glob("*.schema.json")
texts = {path.name.removesuffix(".schema.json"): path.read_text() for path in files}
schemas = SchemaSet(texts)
for path in map(Path, sys.argv[2:]):
    for document in load_file(path, root=path.parent).documents:
        assert read_manifest(document, schemas)[0] is not None
assert check_export_job({"fmt": "orig", "emailSetting": "None"}, schemas) == ()
print({"jsonschema", "referencing", "jsonschema_rs"} & sys.modules.keys())
"""


def test_valid_documents_need_no_jsonschema() -> None:
    paths = [str(path) for path in EXAMPLES if path.name != "s7spec.yaml"]
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT, str(REPOSITORY / "schemas"), *paths],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "{'jsonschema_rs'}"


def patterns(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("pattern"), str):
            yield node["pattern"]
        if isinstance(node.get("patternProperties"), dict):
            yield from node["patternProperties"]
        for below in node.values():
            yield from patterns(below)
    elif isinstance(node, list):
        for below in node:
            yield from patterns(below)


# A class, an escape that means the same everywhere, a group, a repetition, a plain character.
COMMON = re.compile(
    r"\^(?:\[\^?(?:[^\[\]\\]|\\[stnrSdDwW\\\[\].])+\]|\\[stnr\\.\[\]]|\((?!\?)|[)|*+?]|\{[0-9]+(?:,[0-9]*)?\}"
    r"|[A-Za-z0-9 /:_,;=@-])+\$"
)


@pytest.mark.parametrize("name", NAMES)
def test_patterns_mean_the_same_to_every_validator(name: str) -> None:
    """No \\Z, \\p{}, named or atomic groups, look-around; anchors at both ends only."""
    for pattern in patterns(json.loads(TEXTS[name])):
        assert COMMON.fullmatch(pattern), pattern


@pytest.mark.parametrize("pattern", [r"^a\Z", r"^\p{L}$", "^(?P<a>b)$", "^(?>a)$", "a$", "^a$|b"])
def test_other_patterns_are_told_apart(pattern: str) -> None:
    assert not COMMON.fullmatch(pattern)


def without_examples(schema: object) -> object:
    """What is shown may have any keys: a picture's `format`, say."""
    if isinstance(schema, dict):
        return {key: without_examples(it) for key, it in schema.items() if key != "examples"}
    return [without_examples(it) for it in schema] if isinstance(schema, list) else schema


@pytest.mark.parametrize("name", NAMES)
def test_schemas_use_nothing_that_validators_differ_in(name: str) -> None:
    text = json.dumps(without_examples(json.loads(TEXTS[name])))
    assert not re.search(r'"(multipleOf|\$dynamicRef|contentEncoding)"\s*:', text)
    assert not re.search(r'"format"\s*:\s*"', text)
    assert not re.search(r'"\$ref"\s*:\s*"[^#]', text)


@pytest.mark.parametrize("word", sorted(PLANNED_IN_PROJECTS))
def test_no_schema_accepts_a_reserved_word(word: str) -> None:
    """A document that its schema accepts is not searched for them."""
    document = {"apiVersion": API_VERSION, "kind": "Project", word: ["x"]}
    mistakes = reduce_errors(schemas().errors(document, "project"))
    assert (word,) in [mistake.pointer for mistake in mistakes if mistake.on_key]


def test_texts_are_accepted_by_what_is_said_of_their_property() -> None:
    good = "wid=1801&hei=2600&fit=fit,0"
    assert schemas().accept_texts([], "export-job", "is_modifier")
    assert schemas().accept_texts([good] * 100, "export-job", "is_modifier")
    for bad in ("", "&a", "a b", "ä", "\ud800", "a" * 65_537):
        assert not schemas().accept_texts([good, bad], "export-job", "is_modifier")
    with pytest.raises(KeyError):
        schemas().accept_texts([good], "export-job", "nothing")
