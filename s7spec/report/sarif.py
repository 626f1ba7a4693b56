"""Findings as SARIF 2.1.0, for code scanning."""

from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.parse import quote

from s7spec.model.diagnostics import Diagnostic, Severity
from s7spec.model.rules import Rule
from s7spec.model.source import SourceRange

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT = "%SRCROOT%"


def diagnostics_sarif(findings: Sequence[Diagnostic], tool_version: str) -> str:
    """One run with the rules that were broken and a result per finding, in the order given.

    Columns count Unicode characters, as ours do; paths are relative to the project's root.
    """
    rules = sorted({finding.rule for finding in findings}, key=lambda rule: rule.id)
    index = {rule: position for position, rule in enumerate(rules)}
    run = {
        "tool": {
            "driver": {
                "name": "s7spec",
                "version": tool_version,
                "rules": [_rule(rule) for rule in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, index[finding.rule]) for finding in findings],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(rule: Rule) -> dict[str, object]:
    severity = Severity.ERROR if rule.id.startswith("S7E") else Severity.WARNING
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "defaultConfiguration": {"level": severity.value},
    }


def _result(finding: Diagnostic, rule_index: int) -> dict[str, object]:
    hint = f"\nhint: {finding.hint}" if finding.hint else ""
    result: dict[str, object] = {
        "ruleId": finding.rule.id,
        "ruleIndex": rule_index,
        "level": finding.severity.value,
        "message": {"text": finding.summary + hint},
    }
    if finding.where is not None:
        location = _location(finding.where, finding.snippet)
        result["locations"] = [{"physicalLocation": location}]
    if finding.related:
        result["relatedLocations"] = [
            {
                "id": number,
                "physicalLocation": _location(place.where, None),
                "message": {"text": place.message},
            }
            for number, place in enumerate(finding.related, start=1)
        ]
    return result


def _location(where: SourceRange, snippet: str | None) -> dict[str, object]:
    location: dict[str, object] = {"artifactLocation": _artifact(where.path)}
    if where.line == 0:
        return location
    region = _region(where)
    location["region"] = region
    # A context must reach beyond its region: the line does, for a part of this one line.
    if snippet is not None and region.get("endLine") == where.line and "endColumn" in region:
        location["contextRegion"] = {"startLine": where.line, "snippet": {"text": snippet}}
    return location


def _artifact(path: str) -> dict[str, object]:
    if path.startswith("/"):
        return {"uri": f"file://{quote(path, errors='surrogatepass')}"}
    return {"uri": quote(path, errors="surrogatepass"), "uriBaseId": _ROOT}


def _region(where: SourceRange) -> dict[str, object]:
    region: dict[str, object] = {"startLine": where.line}
    if where.column:
        region["startColumn"] = where.column
    if (where.end_line, where.end_column) >= (where.line, where.column) and where.end_column:
        region |= {"endLine": where.end_line, "endColumn": where.end_column}
    return region
