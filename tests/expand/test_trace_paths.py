"""Which variables a template uses, as far as anybody can say without running it."""

from __future__ import annotations

import pytest

from s7spec.expand.simple import Path, is_template
from s7spec.expand.tracing.paths import MISSING, dotted, paths_in, value_at
from s7spec.expand.tracing.roots import LibraryRoot
from s7spec.model.source import SourceFile
from s7spec.model.trace import VariableOrigin

VALUES = {
    "vars": {"colours": {"white": 1, "items": 2}, "list": [{"a": 1}], "name": "white", "at": 0},
    "each": {"full name": "x"},
    "matrix": {},
    "data": {"rows": [{"sku": "4711"}]},
}


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("plain", []),
        ("{{ vars.name }}-{{ vars.name }}", ["vars.name"]),
        ("{{ each['full name'] | upper }}", ["each['full name']"]),
        ("{{ vars.colours[vars.name] | int }}", ["vars.colours.white", "vars.name"]),
        ("{{ vars.list[vars.at].a + 1 }}", ["vars.list[0].a", "vars.at"]),
        ("{{ vars.colours[vars.name ~ ''].x }}", ["vars.colours", "vars.name"]),
        ("{{ vars.colours.items() | length }}", ["vars.colours"]),
        ("{{ vars.colours.items + 1 }}", ["vars.colours.items"]),
        ("{{ vars.name.split('-')[0] ~ '' }}", ["vars.name"]),
        ("{{ (data.rows | first).sku }}", ["data.rows"]),
        ("{{ mod.fit(vars.name, by=vars.at) }}", ["mod.fit", "vars.name", "vars.at"]),
        ("{% for row in data.rows %}{{ row.sku }}{% endfor %}", ["data.rows"]),
        ("{% for each in data.rows %}{{ each.sku }}{% endfor %}", ["data.rows"]),
        ("{% if vars.at %}{{ vars.none | default(1) }}{% endif %}", ["vars.at", "vars.none"]),
        ("{{ range(vars.at) | list }}", ["vars.at"]),
        ("{{ vars | length }}", ["vars"]),
        ("{{ 'a' if vars.name in ['b', vars.at] else vars.list[-1].a }}",
         ["vars.name", "vars.at", "vars.list"]),
    ],
)  # fmt: skip
def test_paths(text: str, paths: list[str]) -> None:
    found = paths_in(text, VALUES, frozenset({"mod"}))
    assert sorted(dotted(path.name, *path.steps) for path in found) == sorted(paths)
    assert is_template(text) == bool(paths)


def test_values() -> None:
    assert value_at(Path("vars", ("list", 0, "a")), VALUES) == 1
    for steps in (("list", 1), ("list", "a"), ("name", 0), ("nothing",)):
        assert value_at(Path("vars", steps), VALUES) is MISSING
    assert value_at(Path("params", ()), VALUES) is MISSING


LIBRARY = """\
{# {% macro fit() %} #}
{% macro fitting() %}{% endmacro %}  {%- macro fit(by,
    enlarge=false) -%}x{% endmacro %}
"""


def test_macros_are_found_by_their_whole_name_and_not_in_comments() -> None:
    root = LibraryRoot(SourceFile(path="mod.j2", text=LIBRARY))
    found = root.trace(Path("mod", ("fit",)))
    assert str(found.where) == "mod.j2:2:48"
    assert found.where is not None
    assert found.where.end_column == 51
    assert found.value is None
    assert root.trace(Path("mod", ("fitt",))).origin is VariableOrigin.MISSING
