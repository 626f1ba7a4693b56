"""Rules and their pages for programs (schemas/rules.schema.json)."""

from __future__ import annotations

from collections.abc import Iterable

from s7spec.report.json_document import document
from s7spec.report.rule_pages import RulePage


def rules_json(pages: Iterable[RulePage]) -> str:
    """The pages in the order given; the examples as they are shown to people."""
    return document({"rules": [_rule(page) for page in pages]})


def _rule(page: RulePage) -> dict[str, object]:
    rule = page.rule
    return {
        "id": rule.id,
        "name": rule.name,
        "title": rule.title,
        "severity": "warning" if rule.is_warning else "error",
        "can_be_ignored": rule.can_be_ignored,
        "found": page.found.value,
        "meaning": page.meaning,
        "why": page.why,
        "example": page.example.value,
        "bad": page.bad,
        "good": page.good,
        "remedy": page.remedy,
    }
