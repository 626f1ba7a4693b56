"""How a command ends early: findings to show and the exit code they mean."""

from __future__ import annotations

from s7spec.cli.exit_codes import ExitCode
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.rules import Rule
from s7spec.model.source import SourceRange


class Stop(Exception):
    """Raised by commands, shown and turned into the exit code at the one boundary."""

    def __init__(
        self, findings: tuple[Diagnostic, ...], exit_code: ExitCode = ExitCode.INVALID
    ) -> None:
        super().__init__("; ".join(finding.summary for finding in findings))
        self.findings = findings
        self.exit_code = exit_code


def stop(
    rule: Rule,
    summary: str,
    *,
    hint: str | None = None,
    where: SourceRange | None = None,
    snippet: str | None = None,
    exit_code: ExitCode = ExitCode.INVALID,
) -> Stop:
    """A Stop of one finding."""
    finding = Diagnostic(rule=rule, summary=summary, hint=hint, where=where, snippet=snippet)
    return Stop((finding,), exit_code)
