"""Findings about modifiers stand where the modifier was written, to the character."""

from __future__ import annotations

import pytest

from tests.expand.compiling import Outcome, compile_text

HEAD = """\
apiVersion: s7spec/v1
kind: ExportManifest
metadata: {name: shop}
vars: {_bad: 750, _name: Ä, _side: 800, _all: "wid=800&qlt=750"}
exports:
  - id: main
    assets: {names: [hero]}
    fmt: convert
"""

# What stands behind `is_modifier:`, and what the finding about qlt points at.
WRITTEN = [
    ("wid=800&qlt=750", "750"),
    ("'wid=800&qlt=750'", "750"),
    ('"wid=800&qlt=750"', "750"),
    ("'&wid=800&qlt=750'", "750"),
    ("'wid=800&.it''s&qlt=750'", "750"),
    ("'wid=800&.ä%c3%a4&qlt=750'", "750"),
    (">-\n      wid=800&qlt=750", "750"),
    ("|-\n      wid=800&qlt=750", "750"),
    ("'wid={{ vars._side }}&qlt=750'", "750"),
    ("'wid={{ vars._side }}&qlt={{ vars._bad }}'", "{{ vars._bad }}"),
    ("'wid={{ vars._side }}&qlt={{ vars._bad }}&hei=800'", "{{ vars._bad }}"),
    ("'wid={{ vars._side }}{{ 0 }}&qlt=7{{ 50 }}'", "7{{ 50 }}"),
    ("'.{{ vars._name }}&wid=800&qlt=750'", "750"),
    ("'{{ vars._all }}'", "{{ vars._all }}"),
    ("{wid: 800, qlt: 750}", "750"),
    ("{wid: 800, qlt: '750'}", "750"),
    ("{wid: 800, qlt: '{{ vars._bad }}'}", "{{ vars._bad }}"),
    ("{wid: 800, $x: 'a b', qlt: '750,1'}", "750"),
    ("{wid: 800, $x: 'a %&=ä', qlt: '1{{ 0 }}1,1'}", "1{{ 0 }}1"),
    # Escapes of YAML and control structures of Jinja are not followed: the whole is shown.
    ('"wid=800\\x26qlt=750"', '"wid=800\\x26qlt=750"'),
    ("'wid=800{% if true %}&qlt=750{% endif %}'", "'wid=800{% if true %}&qlt=750{% endif %}'"),
]


def shown(outcome: Outcome, text: str) -> list[str]:
    lines = text.splitlines()
    places = [finding.where for finding in outcome.findings if finding.rule.id == "S7E101"]
    assert all(where is not None and where.line == where.end_line for where in places)
    return [lines[at.line - 1][at.column - 1 : at.end_column - 1] for at in places if at]


@pytest.mark.parametrize(("written", "expected"), WRITTEN)
def test_the_number_is_pointed_at(written: str, expected: str) -> None:
    text = f"{HEAD}    is_modifier: {written}\n"
    assert shown(compile_text(text), text) == [expected]


def test_a_folded_text_of_several_lines() -> None:
    text = f"{HEAD}    is_modifier: >-\n      wid=800\n      &qlt=1\n"
    finding, *others = compile_text(text).findings
    assert (finding.rule.id, others) == ("S7E107", [])  # the fold makes a blank of the line break
    assert str(finding.where) == "test.yaml:10:14"


def test_an_unknown_command_is_pointed_at_by_its_key() -> None:
    text = f"{HEAD}    is_modifier: {{wid: 800, widht: 3}}\n"
    (finding,) = compile_text(text).findings
    assert (finding.rule.id, str(finding.where)) == ("S7E102", "test.yaml:9:29")


def test_a_command_of_defaults_is_pointed_at_there() -> None:
    text = HEAD.replace("exports:", "defaults:\n  is_modifier: {qlt: 750}\nexports:")
    text += "    is_modifier: {wid: 800}\n"
    assert shown(compile_text(text), text) == ["750"]


def test_a_matrix_is_told_once_and_names_a_job() -> None:
    text = HEAD.replace("id: main", 'id: "m{{ matrix.q }}"\n    matrix: {q: [101, 7, 102]}')
    text += "    is_modifier: {wid: 800, qlt: '{{ matrix.q }}', op_blur: 900}\n"
    found = compile_text(text).findings
    assert [(finding.rule.id, finding.summary.endswith("(job `m101`)")) for finding in found] == [
        ("S7E101", True),
        ("S7E101", False),
    ]


def test_what_is_unreadable_is_pointed_at_before_it_is_spelt_in_one_way() -> None:
    text = f"{HEAD}    is_modifier: '&wid=800&.ä&.{{{{ vars._name }}}}&bgc=%zz'\n"
    (finding,) = compile_text(text).findings
    assert finding.where is not None
    line = text.splitlines()[8]
    assert line[finding.where.column - 1 : finding.where.end_column - 1] == "%zz"


def test_both_mistakes_of_one_command_are_told() -> None:
    text = f"{HEAD}    is_modifier: 'scl=1&crop=a,b,1,1'\n"
    found = compile_text(text).findings
    assert [(finding.rule.id, str(finding.where)) for finding in found] == [
        ("S7E101", "test.yaml:9:30"),
        ("S7E101", "test.yaml:9:32"),
    ]


def test_several_documents_of_one_file_do_not_hide_each_other() -> None:
    text = f"{HEAD}    is_modifier: 'wid=0'\n"
    other = text.replace("name: shop", "name: other")
    found = compile_text(f"{text}---\n{other}").findings
    assert [str(finding.where) for finding in found if finding.rule.id == "S7E101"] == [
        "test.yaml:9:23",
        "test.yaml:19:23",
    ]


def test_what_a_summary_masks_is_masked_in_the_hint() -> None:
    text = f"{HEAD}    is_modifier: 'wid=8&op_sharpen=1,password=hunter2'\n"
    found = compile_text(text).findings
    assert found
    assert "hunter2" not in "".join(f"{each.summary}{each.hint}{each.snippet}" for each in found)


def test_a_permission_that_nothing_needs_is_told() -> None:
    text = f"{HEAD}    unsafe_modifiers: [Src, locale]\n    is_modifier: 'wid=8&locale=de'\n"
    (finding,) = compile_text(text).findings
    assert (finding.rule.id, str(finding.where)) == ("S7W004", "test.yaml:9:24")


def test_of_a_text_that_is_all_mistakes_some_are_told() -> None:
    text = f"{HEAD}    is_modifier: '{'wid=x&' * 1300}wid=8'\n"
    assert len(compile_text(text).findings) == 200


@pytest.mark.parametrize(
    ("conversion", "found"),
    [
        ("is_modifier: '$img=Other/x&wid=8&$p$'", []),
        ("is_modifier: '$img=Other/x&wid=8'\n    macro: $p$", ["S7W120"]),
        # without a variable of the manifest, a preset's source is the company's own matter
        ("is_modifier: 'wid=8&$p$'", ["S7W004"]),
        ("macro: $p$", ["S7W004"]),
    ],
)
def test_a_permission_that_a_preset_may_need_is_not_called_idle(
    conversion: str, found: list[str]
) -> None:
    text = f"{HEAD}    unsafe_modifiers: [src]\n    {conversion}\n"
    assert [each.rule.id for each in compile_text(text).findings] == found
