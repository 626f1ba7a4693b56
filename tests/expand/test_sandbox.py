"""What a stranger would try: libraries, macros as values, rows with treacherous keys."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from s7spec.load import load_text
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.inputs import Inputs
from s7spec.model.source import SourceFile
from s7spec.validate import read_manifest
from tests.expand.compiling import expanded, schemas
from tests.expand.test_projects import compiled

MANIFEST = """\
apiVersion: s7spec/v1
kind: ExportManifest
metadata: {name: m}
vars: {s: "text", l: [1, 2], m: {a: 1}}
libraries: {mod: l.j2}
exports:
  - id: a
    for_each: [{__class__: dunder, items: own, keys: k, __init__: x, "": e}]
    assets: {folder: x}
    fmt: convert
    is_modifier: {"a": %s}
"""
LIBRARY = """\
{% macro m(a, b=3) %}{{ a }}{{ b }}{% endmacro %}
{% macro show(x) %}{{ x }}{% endmacro %}
{% macro name(x) %}{{ x.name }}{% endmacro %}
{% macro call(x) %}{{ x() }}{% endmacro %}
{% macro through(x) %}{{ x.m(1) }}{% endmacro %}
"""


def outcome(leaf: str, library: str = LIBRARY) -> list[str]:
    """A modifier or rule and words for each result."""
    text = MANIFEST % json.dumps(leaf)
    (document,) = load_text(SourceFile(path="m.yaml", text=text)).documents
    manifest, findings = read_manifest(document, schemas())
    assert manifest is not None, findings
    libraries = {"l.j2": SourceFile(path="l.j2", text=library)}
    return [
        f"{each.rule.id} {each.summary}" if isinstance(each, Diagnostic) else str(each.is_modifier)
        for each in expanded(manifest, inputs=Inputs(libraries=libraries))
    ]


@pytest.mark.parametrize(
    "leaf",
    [
        *("{{ mod }}", "{{ mod.m }}", "{{ mod['m'] }}", "{{ mod.get('m') }}", "{{ mod|string }}"),
        *("{{ mod.m.name }}", "{{ mod.m.arguments }}", "{{ mod.m.catch_kwargs }}"),
        *(
            "{{ mod.m.caller }}",
            "{{ mod.m._func }}",
            "{{ mod['m']['_func'] }}",
        ),
        *("{{ mod.m ~ 'x' }}", "{{ [mod.m]|join }}", "{{ [mod.m]|map(attribute='name')|join }}"),
        *("{{ [mod]|map(attribute='m')|join }}", "{{ mod.m is lower }}", "{{ mod|modifier }}"),
        *("{{ mod.show(mod.m) }}", "{{ mod.name(mod.m) }}", "{{ mod.call(mod.show) }}"),
        *(
            "{{ mod.call(range) }}",
            "{{ mod.call(vars) }}",
            "{{ mod.m(1, caller=3) }}",
        ),
        *("{{ '%s' % mod.m }}", "{{ '%(a)r' % {'a': mod.m} }}", "{{ '%s'|format(mod) }}"),
        *("{{ vars() }}", "{{ vars.s() }}", "{{ vars.l() }}", "{{ each.items() }}", "{{ 1() }}"),
        *("{{ each.__dict__ }}", "{{ (vars.l|map('string')).gi_frame }}", "{{ range(3).start }}"),
        *("{% for x in vars.l %}{{ loop }}{% endfor %}", "{{ vars.s.upper.__self__ }}"),
        *("{% for x in vars.l %}{{ loop._iterable }}{% endfor %}", "{{ vars.s.format_map(vars) }}"),
        *("{% for x in vars.l %}{{ loop.changed(x) }}{% endfor %}", "{{ vars.l.append(3) }}"),
        *("{{ '%1000000000d' is odd }}", "{{ ['%1000000000d']|select('even')|list }}"),
        *("{{ '%1000000000d' is divisibleby(3) }}", "{{ 1|s7spec_leaf(-999) }}", "{{ _leaf0 }}"),
        *("{{ mod.m(**{'_loop_vars': 1}) }}", "{{ vars.m.pop('a') }}", "{{ vars.l[vars.l] }}"),
        *("{{ vars.nope|default(mod.m) }}", "{{ [vars.nope]|first }}", "{{ mod[1:] }}"),
    ],
)
def test_nothing_comes_out_but_values(leaf: str) -> None:
    (said,) = outcome(leaf)
    assert said[:6] in ("S7E030", "S7E031", "S7E032", "S7E033")
    assert "0x" not in said
    assert "<" not in said


@pytest.mark.parametrize(
    ("leaf", "modifier"),
    [
        ("{{ mod.get('m')(1) }}", "a=13"),
        ("{{ mod.through(mod) }}", "a=13"),
        ("{{ mod.m(*[1], **{'b': 2}) }}", "a=12"),
        ("{{ each.__class__ }}{{ each.items }}{{ each.keys }}", "a=dunderownk"),
        ("{{ each['__init__'] }}{{ each.values()|length }}", "a=x5"),
        ("{{ vars.l|map('string')|first }}{{ vars.l[::-1]|join }}", "a=121"),
        ("{{ 1 < 2 < 3 }}{{ 1 < 3 < 2 }}", "a=truefalse"),
        ("{{ vars.l[0:99999999999999999999]|length }}{{ 2 in vars.l }}", "a=2true"),
    ],
)
def test_keys_are_data_and_nothing_else(leaf: str, modifier: str) -> None:
    assert outcome(leaf) == [modifier]


@pytest.mark.parametrize(
    ("library", "leaf", "said"),
    [
        (
            "{% macro range(a) %}r{{ a }}{% endmacro %}"
            "{% macro m(a) %}{{ range(a) }}{% endmacro %}",
            "{{ mod.m(3) }}{{ range(2)|join }}",
            "a=r301",
        ),
        ("{% macro vars(a) %}{{ a }}{% endmacro %}", "{{ mod.vars(3) }}{{ vars.s }}", "a=3text"),
        ("{% macro m(a=range(3)|list) %}{{ a|join }}{% endmacro %}", "{{ mod.m() }}", "a=012"),
        ("{% macro m(a=b, b=2) %}{{ a }}{% endmacro %}", "{{ mod.m() }}", "S7E031 `b` is"),
        ("{% macro m(a=m()) %}{{ a }}{% endmacro %}", "{{ mod.m() }}", "S7E032 the template calls"),
        ("{% macro m() %}a\x1fb{% endmacro %}", "{{ mod.m() }}", "S7E033 the value of `a` holds"),
        ("{% macro m() %}a\x00b{% endmacro %}", "{{ mod.m() }}", "S7E033 the value of `a` holds"),
        ("{% macro m(x) %}{{ m }}{% endmacro %}", "{{ mod.m(1) }}", "S7E032 the template cannot"),
    ],
)
def test_libraries_that_are_odd(library: str, leaf: str, said: str) -> None:
    (found,) = outcome(leaf, library)
    assert found.startswith(said)


@pytest.mark.parametrize(
    "library",
    [
        *("{% import 'x' as y %}", "{% from 'x' import y %}", "{% include 'x' %}", "{{ 1 }}"),
        "{% macro m() %}{% include 'x' %}{% endmacro %}",
        "{% macro m() %}{% set x = 1 %}{% endmacro %}",
        "{% macro m(a) %}{{ vars.s }}{% endmacro %}",
        "{% macro m(a) %}{{ caller() }}{% endmacro %}",
        "{% macro m(a) %}{{ varargs }}{{ kwargs }}{% endmacro %}",
        "{% macro m(a=vars) %}{{ a }}{% endmacro %}",
        "{% macro m(a, a) %}{{ a }}{% endmacro %}",
        "{% macro m() %}1{% endmacro %}{% macro m() %}2{% endmacro %}",
        "{% macro m() %}{% macro n() %}{% endmacro %}{% endmacro %}",
        "{% macro m() %}{{ " + "[" * 300 + "]" * 300 + " }}{% endmacro %}",
        "{% macro m() %}{{ 1" + "+1" * 3000 + " }}{% endmacro %}",
        "{% macro m(x) %}{{ x" + "|upper" * 400 + " }}{% endmacro %}",
        "{% macro m(x) %}" + "{% if x %}" * 100 + "{% endif %}" * 100 + "{% endmacro %}",
    ],
    ids=lambda library: library[:40],
)
def test_libraries_that_are_refused(library: str) -> None:
    found = outcome("x", library)
    assert found[-1] == "a=x"
    assert {said[:6] for said in found[:-1]} <= {"S7E030", "S7E031"}
    assert len(found) > 1


@pytest.mark.parametrize("leaf", ["{{ each.v }}", "x{{ each.v }}", "{{ each.v|lower }}"])
@pytest.mark.parametrize(
    "key", ["id", "macro", "rerun", "code_version", "inputs", "is_modifier", "names"]
)
def test_control_characters_in_data_never_move_a_text(key: str, leaf: str, tmp_path: Path) -> None:
    """A job's texts are kept side by side, a control character between them."""
    export = {
        "id": leaf if key == "id" else "a",
        "for_each": "{{ data.rows }}",
        "assets": {"names": [leaf if key == "names" else "x"]},
        "fmt": "convert",
        "is_modifier": leaf if key == "is_modifier" else "w=1",
        "macro": leaf if key == "macro" else "m",
        "rerun": leaf if key == "rerun" else "r",
        "code_version": leaf if key == "code_version" else "c",
        "inputs": {"i": leaf if key == "inputs" else 1},
    }
    head = {"apiVersion": "s7spec/v1", "kind": "ExportManifest", "metadata": {"name": "m"}}
    manifest = {**head, "data": {"rows": "rows.json"}, "exports": [export]}
    project = {
        "apiVersion": "s7spec/v1",
        "kind": "Project",
        "manifests": ["m.yaml"],
        "environments": {"local": {"ips": "embedded", "company": "Acme"}},
    }
    (tmp_path / "s7spec.yaml").write_text(json.dumps(project), "utf-8")
    (tmp_path / "m.yaml").write_text(json.dumps(manifest), "utf-8")
    (tmp_path / "rows.json").write_text('[{"v": "a\\u001fb"}]', "utf-8")
    jobs, findings = compiled(tmp_path)
    assert jobs == ()
    assert findings != ()
    assert {finding.rule.id for finding in findings} <= {"S7E008", "S7E033"}


def test_a_library_that_is_no_utf_8_is_refused(tmp_path: Path) -> None:
    project = "apiVersion: s7spec/v1\nkind: Project\nmanifests: [m.yaml]\nenvironments:\n"
    (tmp_path / "s7spec.yaml").write_text(project + "  local: {ips: embedded, company: Acme}\n")
    (tmp_path / "m.yaml").write_text(MANIFEST % '"{{ mod.m() }}"')
    (tmp_path / "l.j2").write_bytes(b"{% macro m() %}\xff\xfe{% endmacro %}")
    jobs, findings = compiled(tmp_path)
    assert [finding.rule.id for finding in findings] == ["S7E001"]
    assert jobs == ()
