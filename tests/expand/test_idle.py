"""What has no effect is told: entries without jobs, exclusions that match nothing."""

from __future__ import annotations

import pytest

from tests.expand.compiling import compile_text

HEAD = "apiVersion: s7spec/v1\nkind: ExportManifest\nmetadata: {name: m}\nexports:\n"
EXPORT = '  - id: "a-{{{{ matrix.n }}}}"\n    matrix: {{n: [1, 2]{0}}}\n{1}'
REST = "    assets: {names: [x]}\n    fmt: orig\n"


def rules(exclude: str = "", when: str = "") -> list[str]:
    return compile_text(HEAD + EXPORT.format(exclude, when) + REST).rules


def test_an_exclusion_that_matches_nothing() -> None:
    assert rules(", exclude: [{n: 1}, {n: 3}]") == ["S7W004 6:47"]
    assert rules(', exclude: [{n: "1"}]') == ["S7W004 6:39"]
    assert rules(", exclude: [{n: 1}]") == []


@pytest.mark.parametrize(
    ("when", "found"),
    [
        ('    when: "{{ matrix.n > 2 }}"\n', ["S7W004 7:11"]),
        ('    when: "{{ matrix.n > 1 }}"\n', []),
        ("    when: \"{{ env.name == 'production' }}\"\n", []),
        ("    when: false\n", []),
    ],
)
def test_an_entry_that_makes_no_job(when: str, found: list[str]) -> None:
    assert rules(when=when) == found


def test_an_empty_list() -> None:
    outcome = compile_text(
        HEAD.replace("exports:", "vars: {rows: []}\nexports:")
        + '  - id: "a-{{ each }}"\n    for_each: "{{ vars.rows }}"\n'
        + REST
    )
    assert outcome.rules == ["S7W004 6:9"]
    assert not outcome.jobs


def test_a_fault_in_a_later_row_is_told_too() -> None:
    rows = "".join(f"  - {{wid: {'zz' if n < 25 else n}, hei: {n}}}\n" for n in range(60))
    rows = rows.replace("hei: 41}", "hie: 41}").replace("wid: zz", "wdi: 1")
    outcome = compile_text(
        "apiVersion: s7spec/v1\nkind: ExportManifest\nmetadata: {name: m}\n"
        "vars:\n rows:\n" + rows + "exports:\n"
        '  - id: "a-{{ each.hei | default(41) }}"\n    for_each: "{{ vars.rows }}"\n'
        "    assets: {names: [x]}\n    fmt: convert\n"
        '    is_modifier: {wid: "{{ each.wid }}", hei: "{{ each.hei }}"}\n'
    )
    assert [finding.summary for finding in outcome.findings] == [
        "`each.wid` is undefined",
        "`each.hei` is undefined",
    ]
