"""The pages of `s7spec explain`: one for each rule, and what they show is true."""

from __future__ import annotations

import pytest

from s7spec.load import load_text
from s7spec.model.rules import Rule
from s7spec.model.source import SourceFile
from s7spec.report.rule_pages import PAGES, Example, Found, RulePage, whole
from tests.expand.compiling import Outcome, compile_loaded

_YAML = [page for page in PAGES.values() if page.example is not Example.CONSOLE]


def compiled(text: str, page: RulePage) -> Outcome:
    name = "project-page.yaml" if page.example is Example.PROJECT else "page.yaml"
    return compile_loaded(load_text(SourceFile(path=name, text=whole(text, page.example))))


def test_every_rule_has_a_page() -> None:
    assert [rule.name for rule in Rule if rule not in PAGES] == []


@pytest.mark.parametrize("page", PAGES.values(), ids=lambda page: page.rule.id)
def test_page_is_complete(page: RulePage) -> None:
    for text in (page.meaning, page.why, page.remedy):
        assert text.endswith(".")
        assert text[0] == "`" or not text[0].islower() or text.startswith("s7spec")
    assert page.bad != page.good
    for example in (page.bad, page.good):
        assert example.endswith("\n")
        assert max(len(line) for line in example.splitlines()) <= 80
    if page.example is Example.CONSOLE:
        assert "s7spec" in page.bad
        assert "s7spec" in page.good
        assert page.found is Found.RUN


@pytest.mark.parametrize("page", _YAML, ids=lambda page: page.rule.id)
def test_bad_example_breaks_the_rule_and_good_one_none(page: RulePage) -> None:
    """What only IPS can tell must at least be in order offline."""
    rules = {finding.rule for finding in compiled(page.bad, page).findings}
    assert rules == ({page.rule} if page.found is Found.OFFLINE else set())
    assert compiled(page.good, page).findings == ()


def test_most_rules_are_shown_in_yaml_that_is_checked() -> None:
    checked = [page for page in _YAML if page.found is Found.OFFLINE]
    assert len(checked) >= 24
