"""Templates on their own, and the arguments they are used with."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pytest

from s7spec.load import load_text
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.manifest import Defaults, ExportTemplate, Param, ParamType, TemplateUse
from s7spec.model.source import JsonValue, Place, SourceFile
from s7spec.validate import argument_problem, check_arguments, read_manifest, read_template
from tests.expand.compiling import schemas

TEMPLATE = """\
apiVersion: s7spec/v1
kind: ExportTemplate
metadata: {name: marketplace}
params:
  side: {type: integer, choices: [1, 2, 3]}
  words: {type: array, default: [a, {b: c}]}
  note: {type: string, default: null}
vars: {white: "255"}
assets: {packshots: {folder: "{{ params.note }}"}}
exports:
  - {id: "{{ params.side }}"}
"""
USE = """\
apiVersion: s7spec/v1
kind: ExportManifest
metadata: {name: shop}
exports:
  - template: templates/marketplace.yaml
    with: {}
"""


def read(
    text: str = TEMPLATE, values: Mapping[str, JsonValue] | None = None
) -> tuple[ExportTemplate | None, tuple[Diagnostic, ...]]:
    (document,) = load_text(SourceFile(path="t.yaml", text=text)).documents
    place = Place(document=document, pointer=())
    defaults = None if values is None else Defaults(place=place, values=values)
    return read_template(document, schemas(), defaults=defaults)


def template() -> ExportTemplate:
    found, findings = read(values={"fmt": "orig", "assets": "packshots"})
    assert findings == ()
    assert found is not None
    return found


def arguments(text: str) -> list[str]:
    """The findings of a use with these arguments."""
    source = SourceFile(path="m.yaml", text=USE.replace("{}", text))
    (document,) = load_text(source).documents
    manifest, findings = read_manifest(document, schemas())
    assert findings == ()
    assert manifest is not None
    (use,) = manifest.exports
    assert isinstance(use, TemplateUse)
    found = check_arguments(use, template())
    return [f"{f.rule.id} {f.where} {f.summary} ({f.hint})" for f in found]


def test_a_template_is_read_as_it_is_written() -> None:
    found = template()
    assert found.name == "marketplace"
    side, words, note = found.params
    assert (side.type, side.has_default, side.choices) == (ParamType.INTEGER, False, (1, 2, 3))
    assert (words.has_default, words.default) == (True, ("a", {"b": "c"}))
    assert (note.has_default, note.default) == (True, None)
    assert note.place.pointer == ("params", "note")
    assert found.declarations.vars == {"white": "255"}
    assert found.declarations.selections["packshots"].folder == "{{ params.note }}"
    assert [export.assets for export in found.exports] == ["packshots"]


def test_alone_it_misses_nothing_that_a_manifest_may_give() -> None:
    assert read() == (None, ())
    complete = TEMPLATE.replace('side }}"}', 'side }}", assets: packshots, fmt: orig}')
    found, findings = read(complete)
    assert findings == ()
    assert found is not None


def test_used_it_must_be_complete() -> None:
    _, findings = read(values={})
    assert [f"{f.rule.id} {f.where}" for f in findings] == ["S7E012 t.yaml:11:6"] * 2
    _, findings = read(values={"assets": "p", "fmt": "convert"})
    assert [f"{f.rule.id} {f.where}" for f in findings] == ["S7E016 t.yaml:11:6"]


def test_arguments_that_fit() -> None:
    assert arguments("{side: 2}") == []
    assert arguments('{side: 2.0, words: [], note: "x"}') == []
    assert arguments("{side: 1, note: null}") == []


def test_arguments_with_templates_wait_for_expansion() -> None:
    assert arguments('{side: "{{ vars.side }}", words: ["{{ vars.x }}"], note: "{{ 1 }}"}') == []
    (finding,) = arguments('{side: 1, words: {a: "{{ vars.x }}"}}')
    assert "S7E013" in finding
    assert "must be a list, not a mapping" in finding


def test_arguments_that_do_not_fit() -> None:
    (missing,) = arguments("{}")
    assert missing.startswith("S7E012 m.yaml:5:5 ")
    assert "needs the parameter `side`, a whole number" in missing
    (misspelt,) = arguments("{sied: 2}")
    assert misspelt.startswith("S7E011 m.yaml:6:12 ")
    assert "did you mean `side`?" in misspelt
    (unknown,) = arguments("{side: 2, colour: red}")
    assert "it takes `side`, `words` and `note`" in unknown
    (choice,) = arguments("{side: 4}")
    assert choice.startswith("S7E014 m.yaml:6:18 ")
    assert "write `1`, `2` or `3`" in choice


@pytest.mark.parametrize(
    ("kind", "fitting", "unfitting"),
    [
        ("string", ["", "a"], [1, True, None, ["a"]]),
        ("integer", [0, -1, 2.0], [1.5, "1", True, None]),
        ("number", [0, 1.5], ["1", False, None]),
        ("boolean", [True, False], [0, 1, "true", None]),
        ("array", [[], ("a",)], ["a", {}, None]),
        ("object", [{}, MappingProxyType({"a": 1})], [[], "a", None]),
    ],
)
def test_types_of_values(kind: str, fitting: list[object], unfitting: list[object]) -> None:
    place = template().params[0].place
    param = Param(name="p", place=place, type=ParamType(kind))
    assert [argument_problem(param, value) for value in fitting] == [None] * len(fitting)
    for value in unfitting:
        problem = argument_problem(param, value)
        assert problem is not None
        assert problem[0].startswith("the parameter `p` must be ")


def test_truth_is_not_one() -> None:
    place = template().params[0].place
    param = Param(name="p", place=place, type=ParamType.BOOLEAN, choices=(True,))
    right, wrong = (argument_problem(param, value) for value in (True, False))
    assert right is None
    problem = wrong
    assert problem is not None
    assert problem[0] == "`false` is not a choice of the parameter `p`"


def test_lists_of_jinja_are_the_lists_of_choices() -> None:
    place = template().params[0].place
    param = Param(name="p", place=place, type=ParamType.ARRAY, choices=(({"a": 1},),))
    assert argument_problem(param, [{"a": 1.0}]) is None
    assert argument_problem(param, [{"a": 2}]) is not None
