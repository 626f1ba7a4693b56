"""What is left of the findings after the comments were heard."""

from __future__ import annotations

import pytest

from s7spec.model.diagnostics import Diagnostic
from s7spec.model.ignores import Ignore, apply_ignores, ignored_by
from s7spec.model.rules import SEEN_ON_IPS, Rule, nearest_rule, rule_named
from s7spec.model.source import SourceRange


def place(line: int, path: str = "a.yaml") -> SourceRange:
    return SourceRange(path=path, line=line, column=3, end_line=line, end_column=9)


def warning(line: int, path: str = "a.yaml") -> Diagnostic:
    return Diagnostic(rule=Rule.EXCLUDED_ASSET, summary="s", where=place(line, path))


def ignore(first: int, last: int) -> Ignore:
    return Ignore(
        rule=Rule.EXCLUDED_ASSET,
        reason="r",
        where=place(first),
        first_line=first,
        last_line=last,
    )


ERROR = Diagnostic(rule=Rule.WRONG_TYPE, summary="e", where=place(4))


def test_findings_on_covered_lines_are_left_out() -> None:
    findings = (warning(3), warning(4), warning(5), warning(6), warning(4, "b.yaml"), ERROR)
    asked = (ignore(4, 5),)
    left = apply_ignores(findings, asked)
    assert left == (warning(3), ERROR, warning(6), warning(4, "b.yaml"))
    assert ignored_by(findings, asked) == (warning(4), warning(5))


@pytest.mark.parametrize(
    ("others", "looked_for", "unused"),
    [
        ((), SEEN_ON_IPS, 1),
        ((), frozenset(), 0),
        ((ERROR,), SEEN_ON_IPS, 0),
        ((warning(4),), SEEN_ON_IPS, 0),
        ((warning(5),), SEEN_ON_IPS, 1),
    ],
)
def test_unused_ignores(
    others: tuple[Diagnostic, ...], looked_for: frozenset[Rule], unused: int
) -> None:
    left = apply_ignores(others, (ignore(4, 4),), looked_for=looked_for)
    assert [finding.rule for finding in left].count(Rule.UNUSED_IGNORE) == unused


def test_an_offline_run_says_nothing_about_what_only_ips_knows() -> None:
    assert apply_ignores((), (ignore(4, 4),)) == ()


def test_one_above_nothing_is_unused_in_every_run() -> None:
    (finding,) = apply_ignores((), (ignore(0, 0),), looked_for=frozenset())
    assert finding.rule is Rule.UNUSED_IGNORE


def test_errors_and_the_warning_about_ignores_cannot_be_ignored() -> None:
    assert not Rule.WRONG_TYPE.can_be_ignored
    assert not Rule.UNUSED_IGNORE.can_be_ignored
    assert Rule.EXCLUDED_ASSET.can_be_ignored


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("S7E12", Rule.MISSING_KEY),
        ("e12", Rule.MISSING_KEY),
        ("s7-e012", None),
        ("12", Rule.MISSING_KEY),
        ("S7W0001", Rule.EXCLUDED_ASSET),
        ("unknown-key", Rule.UNKNOWN_KEY),
        ("s7x999", None),
        ("", None),
    ],
)
def test_nearest_rule(text: str, rule: Rule | None) -> None:
    found = nearest_rule(text)
    assert found is rule or (rule is None and found is not None and text == "s7-e012")


def test_rules_are_found_by_their_id() -> None:
    assert [rule_named(rule.id.lower()) for rule in Rule] == list(Rule)
    assert rule_named("S7E12") is None
