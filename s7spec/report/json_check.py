"""A look at the way to IPS, for programs (schemas/ips-check.schema.json)."""

from __future__ import annotations

from collections.abc import Sequence

from s7spec.model.check import CheckLine, CheckOutcome
from s7spec.report.json_document import document


def check_json(environment: str, endpoint: str, lines: Sequence[CheckLine]) -> str:
    """``ok`` says that no line failed. Lines keep the order of the steps."""
    return document(
        {
            "environment": environment,
            "endpoint": endpoint,
            "ok": all(line.outcome is not CheckOutcome.FAILED for line in lines),
            "lines": [
                {
                    "step": line.step.value,
                    "outcome": line.outcome.value,
                    "found": line.found,
                    "remedy": line.remedy,
                }
                for line in lines
            ],
        }
    )
