"""Findings as SARIF 2.1.0, for code scanning."""

from __future__ import annotations

import hashlib
import json
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from s7spec.model.diagnostics import Diagnostic, RelatedPlace, Severity
from s7spec.model.rules import Rule
from s7spec.model.source import SourceFile, SourceRange
from s7spec.report.rule_pages import PAGES, Example, RulePage, whole
from s7spec.report.snippets import LONGEST_SNIPPET

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT = "%SRCROOT%"
_FINGERPRINT = "s7specFinding/v1"
_TWO_UNITS = re.compile("[\U00010000-\U0010ffff]")


def diagnostics_sarif(
    findings: Sequence[Diagnostic], tool_version: str, files: Sequence[SourceFile] = ()
) -> str:
    """One run with the rules that were broken and a result per finding, in the order given.

    Paths are relative to the project's root. Columns count UTF-16 code units, as viewers do;
    ours count characters, so ``files`` give the lines to count in. A file that is not among them
    is counted by the findings' snippets.
    """
    rules = sorted({finding.rule for finding in findings}, key=lambda rule: rule.id)
    index = {rule: position for position, rule in enumerate(rules)}
    columns = _Columns(files, findings)
    run = {
        "tool": {
            "driver": {
                "name": "s7spec",
                "version": tool_version,
                "rules": [_rule(rule) for rule in rules],
            }
        },
        "columnKind": "utf16CodeUnits",
        "results": [
            _result(finding, index[finding.rule], fingerprint, columns)
            for finding, fingerprint in zip(findings, _fingerprints(findings), strict=True)
        ],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


class _Columns:
    """Columns in characters -> columns in UTF-16 code units, both from 1."""

    def __init__(self, files: Sequence[SourceFile], findings: Sequence[Diagnostic]) -> None:
        self._files = {file.path: file for file in files}
        self._snippets: dict[tuple[str, int], str] = {}
        for finding in findings:
            places: tuple[Diagnostic | RelatedPlace, ...] = (finding, *finding.related)
            for place in places:
                if place.where is not None and place.snippet is not None:
                    self._snippets[place.where.path, place.where.line] = place.snippet
        self._wide: dict[tuple[str, int], list[int]] = {}

    def utf16(self, path: str, line: int, column: int) -> int:
        return column + bisect_left(self._wide_in(path, line), column - 1)

    def _wide_in(self, path: str, line: int) -> list[int]:
        """Where in a line characters of two units stand: looked for once, lines may be long."""
        known = self._wide.get((path, line))
        if known is None:
            file = self._files.get(path)
            text = file.line(line) if file is not None else self._snippets.get((path, line))
            found = () if not text or text.isascii() else _TWO_UNITS.finditer(text)
            known = self._wide[path, line] = [match.start() for match in found]
        return known


def _fingerprints(findings: Sequence[Diagnostic]) -> Iterator[str]:
    """The same for a finding whose line has only moved; equal findings of a file are numbered."""
    seen: Counter[str] = Counter()
    for finding in findings:
        path = finding.where.path if finding.where is not None else ""
        parts = (finding.rule.id, path, finding.summary, (finding.snippet or "").strip())
        text = "\0".join(parts).encode("utf-8", errors="surrogatepass")
        digest = hashlib.sha256(text).hexdigest()[:32]
        seen[digest] += 1
        yield f"{digest}:{seen[digest]}"


def _rule(rule: Rule) -> dict[str, object]:
    page = PAGES[rule]
    severity = Severity.WARNING if rule.is_warning else Severity.ERROR
    return {
        "id": rule.id,
        "name": "".join(word.capitalize() for word in rule.name.split("_")),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": f"{page.meaning} {page.why}"},
        "help": {"text": _help(page), "markdown": _help_markdown(page)},
        "defaultConfiguration": {"level": severity.value},
    }


def _help(page: RulePage) -> str:
    bad, good = whole(page.bad, page.example), whole(page.good, page.example)
    return f"{page.remedy}\n\nBad:\n\n{bad}\nGood:\n\n{good}"


def _help_markdown(page: RulePage) -> str:
    language = "console" if page.example is Example.CONSOLE else "yaml"
    bad, good = (f"```{language}\n{whole(text, page.example)}```" for text in (page.bad, page.good))
    return f"{page.meaning} {page.why}\n\nBad:\n\n{bad}\n\nGood:\n\n{good}\n\n{page.remedy}\n"


def _result(
    finding: Diagnostic, rule_index: int, fingerprint: str, columns: _Columns
) -> dict[str, object]:
    hint = f"\nhint: {finding.hint}" if finding.hint else ""
    result: dict[str, object] = {
        "ruleId": finding.rule.id,
        "ruleIndex": rule_index,
        "level": finding.severity.value,
        "message": {"text": finding.summary + hint},
        "partialFingerprints": {_FINGERPRINT: fingerprint},
    }
    if finding.where is not None:
        location = _location(finding.where, finding.snippet, columns)
        result["locations"] = [{"physicalLocation": location}]
    if finding.related:
        result["relatedLocations"] = [
            _related(number, place, columns)
            for number, place in enumerate(finding.related, start=1)
        ]
    return result


def _related(number: int, place: RelatedPlace, columns: _Columns) -> dict[str, object]:
    return {
        "id": number,
        "physicalLocation": _location(place.where, place.snippet, columns),
        "message": {"text": place.message},
    }


def _location(where: SourceRange, snippet: str | None, columns: _Columns) -> dict[str, object]:
    location: dict[str, object] = {"artifactLocation": _artifact(where.path)}
    if where.line == 0:
        return location
    region = _region(where, columns)
    location["region"] = region
    # A context must reach beyond its region: the line does, for a part of this one line.
    fits = snippet is not None and len(snippet) <= LONGEST_SNIPPET
    if fits and region.get("endLine") == where.line and "endColumn" in region:
        location["contextRegion"] = {"startLine": where.line, "snippet": {"text": snippet}}
    return location


def _artifact(path: str) -> dict[str, object]:
    if path.startswith("/"):
        return {"uri": f"file://{quote(path, errors='surrogatepass')}"}
    return {"uri": quote(path, errors="surrogatepass"), "uriBaseId": _ROOT}


def _region(where: SourceRange, columns: _Columns) -> dict[str, object]:
    region: dict[str, object] = {"startLine": where.line}
    if where.column:
        region["startColumn"] = columns.utf16(where.path, where.line, where.column)
    if (where.end_line, where.end_column) >= (where.line, where.column) and where.end_column:
        end = columns.utf16(where.path, where.end_line, where.end_column)
        region |= {"endLine": where.end_line, "endColumn": end}
    return region
