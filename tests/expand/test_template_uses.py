"""Uses of templates: repetition on the use, arguments, selections of both, and who is told what."""

from __future__ import annotations

from pathlib import Path

import pytest

from s7spec.model.diagnostics import Diagnostic
from s7spec.model.job import ExpandedJob
from tests.expand.compiling import place
from tests.expand.test_projects import compiled

PROJECT = """\
apiVersion: s7spec/v1
kind: Project
manifests: [shop.yaml]
default_environment: local
environments:
  local: {ips: embedded, company: Acme}
"""
SHOP = "apiVersion: s7spec/v1\nkind: ExportManifest\nmetadata: {name: shop}\n"
TEMPLATE = "apiVersion: s7spec/v1\nkind: ExportTemplate\nmetadata: {name: t}\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "s7spec.yaml").write_text(PROJECT, "utf-8")
    return tmp_path


def outcome(
    project: Path, shop: str, template: str, library: str = ""
) -> tuple[tuple[ExpandedJob, ...], tuple[Diagnostic, ...]]:
    (project / "shop.yaml").write_text(SHOP + shop, "utf-8")
    (project / "t.yaml").write_text(TEMPLATE + template, "utf-8")
    (project / "lib.j2").write_text(library, "utf-8")
    return compiled(project)


def said(finding: Diagnostic) -> list[str]:
    """Where a finding stands, then the places beside it."""
    assert finding.where is not None
    beside = [f"{each.where.path}:{each.where.line} {each.message}" for each in finding.related]
    return [f"{finding.where.path}:{place(finding)}", *beside]


ONE_EXPORT = """\
params: {a: {type: string}}
exports:
  - {id: "{{ params.a }}-{{ matrix.s }}", matrix: {s: [x, y]}, assets: {names: [n]}, fmt: orig}
"""


def test_rows_and_axes_of_the_use_stand_outside_of_those_of_the_template(project: Path) -> None:
    shop = """\
exports:
  - template: t.yaml
    for_each: [p, q]
    matrix: {n: [1, 2, 3], exclude: [{n: 3}]}
    when: "{{ each == 'p' or matrix.n == 2 }}"
    with: {a: "{{ each }}{{ matrix.n }}"}
"""
    jobs, findings = outcome(project, shop, ONE_EXPORT)
    assert findings == ()
    assert [job.key.export for job in jobs] == ["p1-x", "p1-y", "p2-x", "p2-y", "q2-x", "q2-y"]


def test_a_template_sees_its_own_matrix_and_each_only(project: Path) -> None:
    shop = "exports: [{template: t.yaml, for_each: [p], matrix: {n: [1]}, with: {a: b}}]\n"
    template = """\
params: {a: {type: string}}
exports:
  - {id: "{{ params.a }}{{ matrix.n }}", assets: {names: [n]}, fmt: orig}
  - {id: "{{ params.a }}{{ each }}", assets: {names: [n]}, fmt: orig}
"""
    jobs, findings = outcome(project, shop, template)
    assert jobs == ()
    assert [finding.rule.id for finding in findings] == ["S7E031", "S7E031"]


@pytest.mark.parametrize(
    ("kind", "argument", "modifier"),
    [
        ("integer", '"{{ vars.n }}"', "v=3"),
        ("integer", '"{{ vars.n * 2 }}"', "v=6"),
        ("number", '"{{ vars.n / 2 }}"', "v=1.5"),
        ("boolean", '"{{ vars.n == 3 }}"', "v=1"),
        ("string", '"{{ vars.n }}x"', "v=3x"),
        ("array", '"{{ vars.l }}"', "v=7"),
        ("array", '["{{ vars.n }}", 8]', "v=3"),
        ("object", '{k: {deep: "{{ vars.n }}"}}', "v=3"),
    ],
)
def test_arguments_keep_their_types(kind: str, argument: str, modifier: str, project: Path) -> None:
    used = {"array": "params.v[0]", "object": "params.v.k.deep"}.get(kind, "params.v")
    shop = f"vars: {{n: 3, l: [7]}}\nexports: [{{template: t.yaml, with: {{v: {argument}}}}}]\n"
    if kind != "array" or "vars.l" not in argument:
        shop = shop.replace(", l: [7]", "")
    if "vars.n" not in argument:
        shop = shop.replace("n: 3, ", "")
    template = f"""\
params: {{v: {{type: {kind}}}}}
exports:
  - id: a
    assets: {{names: [n]}}
    fmt: convert
    is_modifier: {{scl: 1, $v: "{{{{ {used} }}}}"}}
"""
    jobs, findings = outcome(project, shop, template)
    assert findings == ()
    assert [job.is_modifier for job in jobs] == [f"scl=1&${modifier}"]


def test_a_selection_of_the_manifest_is_expanded_in_the_manifest(project: Path) -> None:
    shop = """\
vars: {root: Acme}
assets:
  outer: {folder: "{{ vars.root }}/{{ each }}/{{ matrix.n }}/"}
exports:
  - {template: t.yaml, for_each: [p, q], matrix: {n: [1]}, with: {a: "{{ each }}"}}
"""
    template = """\
vars: {root: Wrong}
params: {a: {type: string}}
exports:
  - {id: "{{ params.a }}-{{ vars.root }}", assets: outer, fmt: orig}
"""
    jobs, findings = outcome(project, shop, template)
    assert findings == ()
    assert [job.selection.folder for job in jobs] == ["Acme/p/1/", "Acme/q/1/"]
    assert [job.key.export for job in jobs] == ["p-Wrong", "q-Wrong"]


def test_uses_that_collide_are_both_named(project: Path) -> None:
    shop = """\
exports:
  - {template: t.yaml, with: {a: same}}
  - {template: t.yaml, with: {a: same}}
"""
    jobs, findings = outcome(project, shop, ONE_EXPORT)
    assert len(jobs) == 2
    assert [finding.rule.id for finding in findings] == ["S7E034", "S7E034"]
    for finding in findings:
        assert said(finding) == [
            "t.yaml:6:10",
            "shop.yaml:5 first used here",
            "shop.yaml:6 the template is used here",
        ]


def test_a_mistake_in_a_template_names_its_line_and_that_of_the_use(project: Path) -> None:
    shop = "exports:\n  - {template: t.yaml, for_each: [p], with: {a: x}}\n"
    template = ONE_EXPORT.replace("matrix.s }}", "matrix.z }}")
    _, (finding,) = outcome(project, shop, template)
    assert finding.rule.id == "S7E031"
    place_of_template, *beside = said(finding)
    assert place_of_template.startswith("t.yaml:6:")
    assert "shop.yaml:5 the template is used here, with each=p" in beside


def test_a_mistake_in_a_macro_names_its_line_and_that_of_the_call(project: Path) -> None:
    shop = """\
libraries: {lib: lib.j2}
exports:
  - {id: a, assets: {names: [n]}, fmt: convert, is_modifier: "{{ lib.m(0) }}"}
"""
    library = "{# one #}\n{% macro m(n) %}\nwid={{ 1 // n }}\n{% endmacro %}\n"
    (project / "t.yaml").unlink(missing_ok=True)
    _, (finding,) = outcome(project, shop, ONE_EXPORT, library)
    assert said(finding) == ["shop.yaml:6:62", "lib.j2:3 in a macro of this library"]


def test_a_mistake_in_a_macro_of_a_template_names_all_three(project: Path) -> None:
    shop = "exports:\n  - {template: t.yaml}\n"
    template = """\
libraries: {lib: lib.j2}
exports:
  - {id: a, assets: {names: [n]}, fmt: convert, is_modifier: "{{ lib.m(0) }}"}
"""
    _, (finding,) = outcome(project, shop, template, "{% macro m(n) %}{{ 1 // n }}{% endmacro %}")
    assert said(finding) == [
        "t.yaml:6:62",
        "lib.j2:1 in a macro of this library",
        "shop.yaml:5 the template is used here",
    ]


@pytest.mark.parametrize(
    "leaf", ["{% set x = 1 %}{{ x }}", "{{ nope }}", "{{ vars.nope }}", "{{ 1 +", "{{ 1 / 0 }}"]
)
def test_what_is_wrong_with_a_template_is_said_once(leaf: str, project: Path) -> None:
    shop = """\
exports:
  - {template: t.yaml, for_each: [p, q], with: {a: "{{ each }}"}}
  - {template: t.yaml, with: {a: r}}
"""
    template = f"""\
params: {{a: {{type: string}}}}
exports:
  - {{id: "{{{{ params.a }}}}", assets: {{names: [n]}}, fmt: convert, is_modifier: "w={leaf}"}}
"""
    jobs, findings = outcome(project, shop, template)
    assert jobs == ()
    assert [finding.where and finding.where.path for finding in findings] == ["t.yaml"]


def test_a_template_that_cannot_be_read_is_said_once(project: Path) -> None:
    shop = "exports:\n" + "  - {template: t.yaml, with: {a: x}}\n" * 3
    jobs, findings = outcome(project, shop, ONE_EXPORT.replace("fmt: orig", "fmt: origin"))
    assert jobs == ()
    assert [finding.where and finding.where.path for finding in findings] == ["t.yaml"]
