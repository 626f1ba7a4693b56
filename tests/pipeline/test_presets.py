"""The file of a company's image presets: written, read back, and refused when it is odd."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s7spec.load.presets import MAX_PRESET_BYTES
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.preset import Preset, PresetSnapshot, preset_hash, preset_key
from s7spec.model.project import Environment
from s7spec.model.rules import Rule
from s7spec.pipeline.presets import OfflinePresets
from s7spec.report.preset_snapshot import snapshot_json
from tests.expand.compiling import schemas

ACME = Environment(pointer=(), name="local", ips="embedded", company="Acme")
SNAPSHOT = PresetSnapshot(
    company="Acme",
    environment="local",
    ips="embedded",
    presets=(
        Preset(name="!_s7product$", urlModifier=""),
        Preset(name="Thumb", urlModifier="wid=10&text=\u202eü"),
        Preset(name="zoom", urlModifier="$Thumb$&wid=2000"),
    ),
)


def offline(root: Path, environment: Environment = ACME) -> OfflinePresets:
    return OfflinePresets(root, environment, schemas=schemas())


def put(root: Path, text: str | bytes, path: str = "presets/Acme.json") -> OfflinePresets:
    file = root / path
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return offline(root)


def finding(root: Path, text: str | bytes) -> Diagnostic:
    """The only one about a file of this text; nothing is known then."""
    presets = put(root, text)
    assert presets.found.snapshot is None
    assert presets.of("Acme") is None
    (found,) = presets.found.diagnostics
    assert found.where is not None
    assert found.where.path == "presets/Acme.json"
    assert found.hint
    return found


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    presets = put(tmp_path, snapshot_json(SNAPSHOT))
    assert presets.found.diagnostics == ()
    assert presets.found.snapshot == SNAPSHOT
    known = presets.of("Acme")
    assert known is not None
    assert list(known) == ["!_s7product", "thumb", "zoom"]
    assert known["thumb"] is SNAPSHOT.presets[1] or known["thumb"] == SNAPSHOT.presets[1]
    assert presets.of("Acme") is known
    assert presets.of("Other") is None


names = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Co", "Cn"]), min_size=1)


@given(
    st.lists(
        st.builds(Preset, name=names.filter(preset_key), urlModifier=st.text("ab=&$%,ü\t")),
        max_size=6,
        unique_by=lambda preset: preset_key(preset.name),
    ),
    st.randoms(use_true_random=False),
)
def test_equal_presets_give_equal_bytes_that_can_be_read(
    presets: list[Preset], chance: Any
) -> None:
    text = snapshot_json(replace(SNAPSHOT, presets=tuple(presets)))
    assert text.isascii()
    assert offline(Path()).unreadable_as(text) == ()
    chance.shuffle(presets)
    assert snapshot_json(replace(SNAPSHOT, presets=tuple(presets))) == text


def test_a_snapshot_is_read_once(tmp_path: Path) -> None:
    presets = put(tmp_path, snapshot_json(SNAPSHOT))
    first = presets.found
    put(tmp_path, "gone")
    assert presets.found is first


def test_without_a_file_nothing_is_known_and_nothing_is_wrong(tmp_path: Path) -> None:
    assert offline(tmp_path).found.diagnostics == ()
    assert offline(tmp_path).of("Acme") is None
    (tmp_path / "presets").write_text("a file, no folder")
    assert offline(tmp_path).found.diagnostics == ()


@pytest.mark.parametrize(
    ("company", "path"),
    [
        ("Acme", "presets/Acme.json"),
        ("Acme Shoes & Söhne", "presets/Acme-Shoes-Söhne.json"),
        ("..", "presets/company.json"),
        ("a:b\\c*", "presets/a-b-c.json"),
        ("靴" * 255, f"presets/{'靴' * 50}.json"),
    ],
)
def test_the_usual_file_is_named_for_the_company(company: str, path: str, tmp_path: Path) -> None:
    presets = offline(tmp_path, replace(ACME, company=company))
    assert presets.path == path
    assert presets.found.diagnostics == ()


def test_an_environment_can_name_another_file(tmp_path: Path) -> None:
    staging = replace(ACME, presets="kept/staging.json")
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "staging.json").write_text(snapshot_json(SNAPSHOT))
    assert offline(tmp_path, staging).found.snapshot == SNAPSHOT


DEEP = '{"format": "s7spec-presets", "presets": ' + "[" * 100_000 + "]" * 100_000 + "}"


@pytest.mark.parametrize(
    ("text", "rule", "words"),
    [
        (b"x" * (MAX_PRESET_BYTES + 1), Rule.BAD_PRESETS, "larger than 8 MiB"),
        (b'"\xff\xfe"', Rule.UNREADABLE_FILE, "UTF-8"),
        (b"", Rule.BAD_PRESETS, "the file is empty"),
        (b"{\x00}", Rule.BAD_PRESETS, "control or unassigned character"),
        (b"{", Rule.BAD_PRESETS, "ends too early"),
        (b'<<<<<<< HEAD\n{"format": 1}', Rule.BAD_PRESETS, "not valid JSON"),
        (b'{"format": "a", "format": "b"}', Rule.BAD_PRESETS, "stands twice"),
        (b'{"format": 1e999}', Rule.BAD_PRESETS, "too large"),
        (DEEP.encode(), Rule.BAD_PRESETS, "levels deep"),
        (b"null", Rule.BAD_PRESETS, "no snapshot of image presets"),
        (b"[]", Rule.BAD_PRESETS, "no snapshot of image presets"),
        (b'{"format": "s7spec-plan"}', Rule.BAD_PRESETS, "no snapshot of image presets"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_files_that_are_no_snapshots(text: bytes, rule: Rule, words: str, tmp_path: Path) -> None:
    found = finding(tmp_path, text)
    assert found.rule is rule
    assert words in found.summary


def _changed(**changes: Any) -> Callable[[dict[str, Any]], object]:
    return lambda document: document.update(changes)


def _named(name: str) -> Callable[[dict[str, Any]], object]:
    """Another preset of this name, with a hash that fits."""

    def change(document: dict[str, Any]) -> None:
        document["presets"].append({"name": name, "urlModifier": "wid=1"})
        presets = (Preset(**preset) for preset in document["presets"])
        document["hash"] = preset_hash(presets)

    return change


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (_changed(format_version="2.0"), 3, "another format version than 1.0"),
        (_changed(company="Other"), 4, "holds the presets of `Other`, not of `Acme`"),
        (_changed(hash="sha256:" + "0" * 64), 7, "do not match their hash"),
        (_changed(hash="md5:0"), 7, "hash"),
        (_changed(hash=7), 7, "hash"),
        (_changed(ips=None), 6, "ips"),
        (_changed(more=1), 22, "more"),
        (_changed(presets={}), 8, "presets"),
        (lambda document: document.pop("environment"), 2, "environment"),
        (lambda document: document["presets"][1].update(urlModifier="wid=11"), 7, "hash"),
        (lambda document: document["presets"].pop(), 7, "do not match their hash"),
        (lambda document: document["presets"][0].update(urlModifier=None), 11, "urlModifier"),
        (lambda document: document["presets"].append("zoom"), 21, "presets[3]"),
        (_named("ZOOM"), 22, "`zoom` and `ZOOM` are one to Image Serving"),
        (_named("$zoom$"), 22, "`zoom` and `$zoom$` are one to Image Serving"),
        (_named("zoom"), 22, "`zoom` and `zoom` are one to Image Serving"),
        (_named("a\nb"), 22, "cannot be the name of a preset"),
        (_named("$$"), 22, "cannot be the name of a preset"),
        (_named("a\x1bb"), 22, "control character"),
        (_named("a\u2028b"), 22, "cannot be the name of a preset"),
        (_named(""), 22, "name"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_snapshots_that_were_changed(
    change: Callable[[dict[str, Any]], object], line: int, words: str, tmp_path: Path
) -> None:
    document = json.loads(snapshot_json(SNAPSHOT))
    change(document)
    found = finding(tmp_path, json.dumps(document, indent=2))
    assert found.rule is Rule.BAD_PRESETS
    assert found.where is not None
    assert found.where.line == line
    assert words in found.summary


def test_a_file_that_cannot_be_opened_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "presets" / "Acme.json").mkdir(parents=True)
    (found,) = offline(tmp_path).found.diagnostics
    assert found.rule is Rule.UNREADABLE_FILE
    (tmp_path / "presets" / "Acme.json").rmdir()
    os.mkfifo(tmp_path / "presets" / "Acme.json")
    (found,) = offline(tmp_path).found.diagnostics
    assert found.rule is Rule.UNREADABLE_FILE
    assert not offline(tmp_path).may_be_replaced()


def test_links_do_not_lead_out_of_the_project(tmp_path: Path) -> None:
    root, elsewhere = tmp_path / "project", tmp_path / "elsewhere"
    elsewhere.mkdir()
    root.mkdir()
    (elsewhere / "Acme.json").write_text(snapshot_json(SNAPSHOT))
    (root / "presets").symlink_to(elsewhere)
    presets = offline(root)
    (found,) = presets.found.diagnostics
    assert (found.rule, presets.of("Acme")) == (Rule.PATH_ESCAPES, None)
    (root / "presets").unlink()
    (root / "presets").symlink_to("presets")
    (found,) = offline(root).found.diagnostics
    assert found.rule is Rule.UNREADABLE_FILE


@pytest.mark.parametrize(
    ("text", "may"),
    [
        (snapshot_json(SNAPSHOT), True),
        ("<<<<<<< HEAD\n" + snapshot_json(SNAPSHOT), True),
        ("", True),
        ('[{"sku": "a"}]', False),
    ],
)
def test_only_snapshots_are_replaced(text: str, may: bool, tmp_path: Path) -> None:
    assert put(tmp_path, text).may_be_replaced() is may
