"""The order of findings: by place, the most specific first, whatever order they came in."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from s7spec.model.diagnostics import Diagnostic, RelatedPlace, in_order
from s7spec.model.rules import Rule
from s7spec.model.source import SourceRange


def at(line: int, column: int, end_line: int, end_column: int, path: str = "b.yaml") -> SourceRange:
    return SourceRange(
        path=path, line=line, column=column, end_line=end_line, end_column=end_column
    )


def finding(rule: Rule, where: SourceRange | None, summary: str = "s") -> Diagnostic:
    return Diagnostic(rule=rule, summary=summary, where=where)


WORD, MAPPING = at(3, 5, 3, 8), at(3, 5, 9, 2)
ORDERED = (
    finding(Rule.NO_CREDENTIALS, None),
    finding(Rule.WRONG_TYPE, at(9, 1, 9, 2, path="a.yaml")),
    finding(Rule.WRONG_TYPE, at(2, 7, 2, 9)),
    finding(Rule.UNKNOWN_KEY, WORD),
    finding(Rule.YAML_REFUSED, WORD),
    finding(Rule.WRONG_TYPE, WORD, "first"),
    finding(Rule.WRONG_TYPE, WORD, "second"),
    finding(Rule.EXCLUDED_ASSET, WORD),
    finding(Rule.UNKNOWN_KEY, MAPPING),
    finding(Rule.MISSING_KEY, MAPPING),
    finding(Rule.WRONG_TYPE, at(3, 6, 3, 7)),
    finding(Rule.YAML_REFUSED, SourceRange(path="b.yaml")),
    finding(Rule.WRONG_TYPE, at(1, 1, 1, 2, path="c.yaml")),
)


@given(st.permutations(ORDERED + ORDERED[:4]))
def test_order_depends_on_nothing_but_the_findings(shuffled: list[Diagnostic]) -> None:
    assert in_order(shuffled) == ORDERED


def test_only_exact_repetitions_are_dropped() -> None:
    one = finding(Rule.WRONG_TYPE, WORD)
    related = Diagnostic(
        rule=Rule.WRONG_TYPE,
        summary="s",
        where=WORD,
        related=(RelatedPlace(where=MAPPING, message="first here"),),
    )
    assert in_order((related, one, related, one)) == (one, related)
