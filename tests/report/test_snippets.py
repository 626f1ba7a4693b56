"""Long lines in reports for programs."""

from __future__ import annotations

import json

import pytest

from s7spec.model.diagnostics import Diagnostic, RelatedPlace
from s7spec.model.rules import Rule
from s7spec.model.source import SourceFile, SourceRange
from s7spec.report.json_diagnostics import diagnostics_json
from s7spec.report.sarif import diagnostics_sarif
from s7spec.report.snippets import LONGEST_SNIPPET

LINE = "".join(f"{number:06} 👩 " for number in range(10_000))


def finding(column: int, text: str = LINE) -> Diagnostic:
    where = SourceRange(path="a.yaml", line=1, column=column, end_line=1, end_column=column + 6)
    related = RelatedPlace(where=where, message="first here", snippet=text)
    return Diagnostic(
        rule=Rule.UNKNOWN_KEY, summary="x", where=where, snippet=text, related=(related,)
    )


@pytest.mark.parametrize("number", [0, 1, 120, 5_000, 9_950, 9_999])
def test_json_cuts_around_the_place_and_keeps_the_column(number: int) -> None:
    column = number * 9 + 1
    (shown,) = json.loads(diagnostics_json([finding(column)]))["diagnostics"]
    for part in (shown, shown["related"][0]):
        snippet = part["snippet"]
        assert len(snippet) <= LONGEST_SNIPPET
        assert f"{number:06} 👩 " in snippet
        assert snippet.strip("…") in LINE
        assert snippet.startswith("…") is (number > 111)
        assert snippet.endswith("…") is (number < 9_888)
        assert part["where"]["column"] == column


def test_json_keeps_a_line_that_is_not_too_long() -> None:
    text = "x" * LONGEST_SNIPPET
    (shown,) = json.loads(diagnostics_json([finding(1_999, text)]))["diagnostics"]
    assert shown["snippet"] == text


@pytest.mark.parametrize("files", [(), (SourceFile(path="a.yaml", text=LINE),)])
def test_sarif_counts_true_columns_and_leaves_a_long_line_out(
    files: tuple[SourceFile, ...],
) -> None:
    text = diagnostics_sarif([finding(9 * 5_000 + 1)] * 3, "1", files)
    assert len(text) < 20_000
    for result in json.loads(text)["runs"][0]["results"]:
        location = result["locations"][0]["physicalLocation"]
        assert "contextRegion" not in location
        assert location["region"]["startColumn"] == 10 * 5_000 + 1
        assert location["region"]["endColumn"] == 10 * 5_000 + 7
