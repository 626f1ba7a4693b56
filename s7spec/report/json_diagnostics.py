"""Findings for programs (schemas/diagnostics.schema.json)."""

from __future__ import annotations

from collections.abc import Sequence

from s7spec.model.diagnostics import Diagnostic, Severity, has_errors
from s7spec.report.json_document import document, place_fields
from s7spec.report.snippets import near


def diagnostics_json(findings: Sequence[Diagnostic]) -> str:
    """All findings in the order given; ``valid`` is false when one of them is an error."""
    errors = sum(1 for finding in findings if finding.severity is Severity.ERROR)
    return document(
        {
            "valid": not has_errors(findings),
            "error_count": errors,
            "warning_count": len(findings) - errors,
            "diagnostics": [finding_fields(finding) for finding in findings],
        }
    )


def finding_fields(finding: Diagnostic) -> dict[str, object]:
    """One finding; of a long line what stands around its place."""
    return {
        "rule": finding.rule.id,
        "title": finding.rule.title,
        "severity": finding.severity.value,
        "summary": finding.summary,
        "hint": finding.hint,
        "where": place_fields(finding.where),
        "snippet": near(finding.snippet, finding.where),
        "related": [
            {
                "where": place_fields(place.where),
                "message": place.message,
                "snippet": near(place.snippet, place.where),
            }
            for place in finding.related
        ],
    }
