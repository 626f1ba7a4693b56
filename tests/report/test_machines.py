"""Findings for GitHub, code scanning and test reports."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from s7spec.model.diagnostics import Diagnostic, RelatedPlace
from s7spec.model.rules import Rule
from s7spec.model.source import SourceRange
from s7spec.report.github import LONGEST_MESSAGE, diagnostics_github
from s7spec.report.junit import diagnostics_junit
from s7spec.report.sarif import diagnostics_sarif
from tests.report.findings import findings
from tests.report.hostile import HOSTILE

_FILES = ("amazon.yaml", "clean.yaml", "empty.yaml", "zalando.yaml")


def test_github_golden(golden: Callable[[str, str], None]) -> None:
    golden("diagnostics.github.txt", diagnostics_github(findings()))


def test_sarif_golden(golden: Callable[[str, str], None]) -> None:
    golden("diagnostics.sarif.json", diagnostics_sarif(findings(), "0.1.0"))


def test_junit_golden(golden: Callable[[str, str], None]) -> None:
    golden("diagnostics.junit.xml", diagnostics_junit(findings(), _FILES))


@given(st.lists(st.text(st.characters(), max_size=30), min_size=4, max_size=4))
def test_github_commands_cannot_be_forged(texts: list[str]) -> None:
    """However hostile the texts, one finding is one line that GitHub reads back as it was."""
    path, summary, hint, related = texts
    where = SourceRange(path=path, line=3, column=2, end_line=3, end_column=9)
    finding = Diagnostic(
        rule=Rule.UNKNOWN_KEY,
        summary=f"{summary}\n::error::forged",
        where=where,
        hint=hint,
        related=(RelatedPlace(where=where, message=related),),
    )
    (command,) = diagnostics_github([finding]).removesuffix("\n").split("\n")
    assert command.isprintable()
    match = re.fullmatch(r"::error ([^:]*)::(.*)", command)
    assert match is not None
    properties = [pair.partition("=") for pair in match[1].split(",")]
    assert [name for name, _, _ in properties] == ["file", "line", "col", "endColumn", "title"]
    assert properties[-1][2] == "S7E011"
    assert "%0A::error::forged" in match[2]


@pytest.mark.parametrize(
    ("where", "position"),
    [
        (None, ""),
        (SourceRange(path="a,b:c%.yaml"), "file=a%2Cb%3Ac%25.yaml,"),
        (SourceRange(path="a", line=3), "file=a,line=3,"),
        (SourceRange(path="a", line=3, column=5), "file=a,line=3,col=5,"),
        (
            SourceRange(path="a", line=3, column=5, end_line=3, end_column=8),
            "file=a,line=3,col=5,endColumn=8,",
        ),
        (
            SourceRange(path="a", line=3, column=5, end_line=4, end_column=2),
            "file=a,line=3,endLine=4,",
        ),
    ],
)
def test_github_position(where: SourceRange | None, position: str) -> None:
    finding = Diagnostic(rule=Rule.EXCLUDED_ASSET, summary="s", where=where)
    assert diagnostics_github([finding]) == f"::warning {position}title=S7W001::s\n"


def test_github_puts_errors_first_and_says_what_it_will_not_show() -> None:
    warning, error = findings()[-1], findings()[0]
    lines = diagnostics_github([warning, *[error] * 11]).splitlines()
    assert [line.split(" ")[0] for line in lines[:12]] == ["::error"] * 11 + ["::warning"]
    assert "there are 11 errors, 1 warning" in lines[12]
    assert "::notice" not in diagnostics_github([warning, *[error] * 10])


def test_github_messages_fit_in() -> None:
    finding = replace(findings()[0], summary="x%" * 4000, hint="y")
    (command,) = diagnostics_github([finding]).splitlines()
    message = command.split("::", 2)[2].replace("%25", "%")
    assert len(message) == LONGEST_MESSAGE
    assert message.endswith("…")


def test_sarif_says_the_same() -> None:
    log = json.loads(diagnostics_sarif(findings(), "0.1.0"))
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted(rule["id"] for rule in rules)
    assert run["columnKind"] == "utf16CodeUnits"
    assert len(run["results"]) == len(findings())
    for finding, result in zip(findings(), run["results"], strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == finding.rule.id
        assert result["level"] == finding.severity
        assert result["message"]["text"].startswith(finding.summary)
        assert ("locations" in result) is (finding.where is not None)
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 14, "startColumn": 7, "endLine": 14, "endColumn": 10}
    empty = run["results"][4]["locations"][0]["physicalLocation"]
    assert "region" not in empty
    related = run["results"][1]["relatedLocations"][0]
    assert related["message"]["text"] == "first written here"


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("specs/a b#c.yaml", "specs/a%20b%23c.yaml"),
        ("/elsewhere/é.yaml", "file:///elsewhere/%C3%A9.yaml"),
        ("a:b.yaml", "a%3Ab.yaml"),
    ],
)
def test_sarif_paths_are_uris(path: str, uri: str) -> None:
    finding = replace(findings()[4], where=SourceRange(path=path))
    log = json.loads(diagnostics_sarif([finding], "0.1.0"))
    artifact = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact["uri"] == uri
    assert ("uriBaseId" in artifact) is not path.startswith("/")
    assert unquote(uri).removeprefix("file://") == path


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_breaks_sarif_or_junit(text: str) -> None:
    finding = Diagnostic(
        rule=Rule.UNKNOWN_KEY, summary=text, where=SourceRange(path=text, line=1), snippet=text
    )
    log = json.loads(diagnostics_sarif([finding], text))
    assert log["runs"][0]["results"][0]["message"]["text"] == text
    suites = etree.fromstring(diagnostics_junit([finding], (text,)).encode())
    assert len(suites.findall("testsuite/testcase/failure")) == 1
    assert not suites.xpath("//script | //h1")


def test_junit_has_a_case_for_every_file() -> None:
    suites = etree.fromstring(diagnostics_junit(findings(), _FILES).encode())
    (suite,) = suites.findall("testsuite")
    cases = {case.get("name"): case for case in suite.findall("testcase")}
    assert list(cases) == [*_FILES, "(project)"]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("5", "4", "0")
    assert cases["clean.yaml"].find("failure") is None
    (failure,) = cases["zalando.yaml"].findall("failure")
    assert failure.get("message") == "unknown key `wdi` (and 1 more error)"
    assert failure.get("type") == "S7E011"
    assert "--> zalando.yaml:14:7" in str(failure.text)
    assert "S7W001" in str(cases["zalando.yaml"].findtext("system-out"))


def test_junit_without_errors_does_not_fail() -> None:
    suites = etree.fromstring(diagnostics_junit(findings()[-1:], _FILES).encode())
    assert suites.get("failures") == "0"
    assert len(suites.findall("testsuite/testcase")) == 4
