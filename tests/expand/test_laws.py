"""Laws of expansion: deterministic, lazy, ordered, sharing what is the same."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s7spec.expand import CheckPayloads
from s7spec.load import load_text
from s7spec.load.dump import to_yaml
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.job import ExpandedJob
from s7spec.model.manifest import Manifest
from s7spec.model.project import Environment
from s7spec.model.source import Pointer, SourceFile
from s7spec.validate import read_manifest
from tests.expand.compiling import LOCAL, compile_text, expanded, expansion, schemas

WORDS = st.text("abcdefghijkl", min_size=1, max_size=4)
AXES = st.dictionaries(
    WORDS.map(lambda word: f"axis_{word}"),
    st.lists(st.integers(0, 99), min_size=1, max_size=4, unique=True),
    min_size=1,
    max_size=3,
)


def manifest(value: Mapping[str, object]) -> Manifest:
    head = {"apiVersion": "s7spec/v1", "kind": "ExportManifest", "metadata": {"name": "law"}}
    text = to_yaml({**head, **value})
    (document,) = load_text(SourceFile(path="law.yaml", text=text)).documents
    read, findings = read_manifest(document, schemas())
    assert read is not None, findings
    return read


def jobs(read: Manifest, environment: Environment = LOCAL) -> list[ExpandedJob]:
    results = expanded(read, environment)
    assert not [result for result in results if isinstance(result, Diagnostic)]
    return [result for result in results if isinstance(result, ExpandedJob)]


def with_matrix(axes: Mapping[str, list[int]]) -> Manifest:
    key = "-".join(f"{{{{ matrix.{axis} }}}}" for axis in axes)
    export = {
        "id": key,
        "matrix": axes,
        "assets": {"folder": "Acme/"},
        "fmt": "convert",
        "is_modifier": {axis: f"{{{{ matrix.{axis} }}}}" for axis in axes},
    }
    return manifest({"exports": [export]})


@given(AXES)
@settings(max_examples=40, deadline=None)
def test_one_job_for_each_combination_in_order(axes: dict[str, list[int]]) -> None:
    found = jobs(with_matrix(axes))
    combinations = list(itertools.product(*axes.values()))
    assert [job.key.export for job in found] == ["-".join(map(str, c)) for c in combinations]
    assert [job.is_modifier for job in found] == [
        "&".join(f"{axis}={value}" for axis, value in zip(axes, chosen, strict=True))
        for chosen in combinations
    ]


@given(AXES)
@settings(max_examples=20, deadline=None)
def test_expanding_twice_gives_the_same_jobs(axes: dict[str, list[int]]) -> None:
    read = with_matrix(axes)
    assert jobs(read) == jobs(read)
    again = with_matrix(axes)
    assert [(j.key, j.is_modifier) for j in jobs(again)] == [
        (j.key, j.is_modifier) for j in jobs(read)
    ]


def test_jobs_are_made_when_they_are_taken() -> None:
    checked: list[str] = []

    def accept_all(key: str, texts: Sequence[str]) -> bool:
        checked.extend(texts)
        return True

    read = with_matrix({"a": list(range(100)), "b": list(range(100))})
    stream = expansion(
        read, CheckPayloads(accept=lambda _: True, accept_all=accept_all, explain=lambda _: ())
    )
    assert checked == []
    list(itertools.islice(stream, 3))
    assert len(checked) < 1000
    assert checked[0] == "a=0&b=0"


def test_jobs_share_the_selection_that_is_the_same_for_all() -> None:
    found = jobs(with_matrix({"a": [1, 2, 3]}))
    assert len({id(job.selection) for job in found}) == 1


def test_a_selection_may_depend_on_the_matrix() -> None:
    read = manifest(
        {
            "assets": {"of_channel": {"folder": "Acme/{{ matrix.channel }}/", "types": ["Image"]}},
            "exports": [
                {
                    "id": "{{ matrix.channel }}",
                    "matrix": {"channel": ["web", "print"]},
                    "assets": "of_channel",
                    "fmt": "orig",
                }
            ],
        }
    )
    assert [job.selection.folder for job in jobs(read)] == ["Acme/web/", "Acme/print/"]
    assert {job.selection.place.pointer for job in jobs(read)} == {("assets", "of_channel")}
    assert {job.selection.types for job in jobs(read)} == {("Image",)}


def test_the_environment_is_part_of_the_key_and_of_the_scope() -> None:
    read = manifest(
        {
            "exports": [
                {
                    "id": "{{ env.name }}-{{ env.company }}",
                    "assets": {"names": ["x"]},
                    "fmt": "orig",
                }
            ]
        }
    )
    production = Environment(pointer=(), name="production", ips="na", company="Beta")
    (job,) = jobs(read, production)
    assert str(job.key) == "Beta/production/law/production-Beta"


def test_a_job_knows_where_it_was_declared() -> None:
    outcome = compile_text(
        "apiVersion: s7spec/v1\nkind: ExportManifest\nmetadata: {name: a}\nexports:\n"
        "  - {id: one, assets: {names: [x]}, fmt: orig}\n"
        "  - id: two\n    assets: {names: [x]}\n    fmt: orig\n"
    )
    assert [str(job.origin) for job in outcome.jobs] == ["test.yaml:5:5", "test.yaml:6:5"]


def test_an_export_that_fails_does_not_hide_the_others() -> None:
    outcome = compile_text(
        "apiVersion: s7spec/v1\nkind: ExportManifest\nmetadata: {name: a}\nexports:\n"
        "  - {id: one, assets: {names: [x]}, fmt: orig}\n"
        '  - {id: "{{ vars.no }}", assets: {names: ["{{ vars.nor }}"]}, fmt: orig}\n'
        "  - {id: three, assets: {names: [x]}, fmt: orig}\n"
    )
    assert [job.key.export for job in outcome.jobs] == ["one", "three"]
    assert outcome.rules == ["S7E031 6:19", "S7E031 6:53"]


def test_a_fault_in_every_combination_is_said_once() -> None:
    read = manifest(
        {
            "exports": [
                {
                    "id": "a{{ matrix.n }}",
                    "matrix": {"n": list(range(1000))},
                    "assets": {"names": ["x"]},
                    "fmt": "convert",
                    "is_modifier": {"wid": "{{ matrix.n / 0 }}"},
                }
            ]
        }
    )
    finding, rest = expanded(read)
    assert isinstance(finding, Diagnostic)
    assert finding.rule.id == "S7E032"
    assert isinstance(rest, Diagnostic)
    assert "100 combinations of this export fail: the others were not tried" in rest.summary
    assert "n=0" in (finding.hint or "")


def test_a_payload_that_is_refused_points_at_its_leaf() -> None:
    def check(payload: Mapping[str, object]) -> tuple[tuple[Pointer, str], ...]:
        return ((("is_modifier",), "too grand"),)

    payloads = CheckPayloads(accept=lambda _: False, accept_all=lambda *_: False, explain=check)
    results = list(expansion(with_matrix({"a": [1]}), payloads))
    (finding,) = results
    assert isinstance(finding, Diagnostic)
    assert finding.rule.id == "S7E033"
    assert "too grand" in finding.summary
    assert finding.snippet is not None
    assert "is_modifier" in finding.snippet


@pytest.mark.parametrize("size", [0, 1, 5])
def test_whole_lists_of_names_stay_in_order(size: int) -> None:
    names = [f"PS_{number}" for number in range(size)] + ["{{ vars.last }}"]
    read = manifest(
        {
            "vars": {"last": "PS_last"},
            "exports": [{"id": "a", "assets": {"names": names}, "fmt": "orig"}],
        }
    )
    (job,) = jobs(read)
    assert job.selection.names == (*names[:-1], "PS_last")


def test_endless_findings_end() -> None:
    exports = [
        {"id": f"a{n}", "assets": {"names": ["{{ vars.no }}"]}, "fmt": "orig"} for n in range(300)
    ]
    results = expanded(manifest({"exports": exports}))
    assert len(results) == 101
    assert isinstance(results[-1], Diagnostic)
    assert "100 findings: the rest" in results[-1].summary


def test_endless_repetition_ends_within_one_export() -> None:
    export = {
        "id": "a-{{ matrix.n }}",
        "matrix": {"n": list(range(300)), "twice": ["x", "x"]},
        "assets": {"names": ["PS_1"]},
        "fmt": "orig",
    }
    findings = [
        result
        for result in expanded(manifest({"exports": [export]}))
        if isinstance(result, Diagnostic)
    ]
    assert [finding.rule.id for finding in findings] == ["S7E034"] * 100 + ["S7E032"]


@given(st.lists(st.sampled_from([1, 2, "1", "2", True, "true", "a", "A"]), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_keys_stay_unique_and_each_collision_is_one_finding(values: list[object]) -> None:
    export = {
        "id": "a-{{ matrix.v }}",
        "matrix": {"v": values},
        "assets": {"names": ["PS_1"]},
        "fmt": "orig",
    }
    results = expanded(manifest({"exports": [export]}))
    keys = [result.key for result in results if isinstance(result, ExpandedJob)]
    findings = [result for result in results if isinstance(result, Diagnostic)]
    printed = [str(value).lower() if value is True else str(value) for value in values]
    assert [key.export for key in keys] == [f"a-{text}" for text in dict.fromkeys(printed)]
    assert len(findings) == sum(printed.count(text) > 1 for text in set(printed))
