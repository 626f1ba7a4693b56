"""A look at the way to IPS, for people: one line a step, a remedy below what failed."""

from __future__ import annotations

from s7spec.model.check import CheckLine, CheckOutcome, CheckStep
from s7spec.report.view import View
from s7spec.report.visible import visible

_OUTCOME_CELLS = max(len(outcome) for outcome in CheckOutcome)
_STEP_CELLS = max(len(step) for step in CheckStep)
_COLOURS = {CheckOutcome.OK: "32", CheckOutcome.FAILED: "1;31", CheckOutcome.SKIPPED: "2"}


def check_line_text(line: CheckLine, view: View) -> str:
    """The line and, when something is to be done, a second one. Never wrapped: a line is a find
    for grep."""
    outcome = line.outcome.value.ljust(_OUTCOME_CELLS)
    if view.colour:
        outcome = f"\x1b[{_COLOURS[line.outcome]}m{outcome}\x1b[0m"
    found = visible(line.found, unicode=view.unicode)
    text = f"{outcome}  {line.step.value.ljust(_STEP_CELLS)}  {found}"
    if not line.remedy:
        return text
    indent = " " * (_OUTCOME_CELLS + _STEP_CELLS + 4)
    return f"{text}\n{indent}{view.arrow} {visible(line.remedy, unicode=view.unicode)}"
