"""Pages about comments that ignore warnings."""

from __future__ import annotations

from s7spec.model.rules import Rule
from s7spec.report.rule_pages.page import RulePage

PAGES: tuple[RulePage, ...] = (
    RulePage(
        rule=Rule.BAD_IGNORE,
        meaning=(
            "A comment that begins with `# s7spec:` is not of the form ignore=RULE "
            "reason=TEXT, names a rule that cannot be ignored, or gives no reason."
        ),
        why=(
            "A comment that looks like an ignore and is none would mislead; a reason tells "
            "the next reader whether it still holds."
        ),
        bad="""\
exports:
  - id: main # s7spec: ignore=S7W001
    assets: {names: [hero]}
    fmt: orig
""",
        good="""\
exports:
  - id: main # s7spec: ignore=S7W001 reason=the set stays on IPS on purpose
    assets: {names: [hero]}
    fmt: orig
""",
        remedy=(
            "Write ignore= with the IDs of warnings, separated by commas, then reason= with "
            "a text to the end of the line. Errors cannot be ignored: mend them."
        ),
    ),
    RulePage(
        rule=Rule.UNUSED_IGNORE,
        meaning=(
            "A comment ignores a warning that is not there: it was mended, the comment "
            "stands on another line, or above nothing. Found only where the run could have "
            "found the warning itself, in files without errors."
        ),
        why="An ignore that is left behind hides the next warning of its kind.",
        bad="""\
# s7spec: ignore=S7W001 reason=a blank line follows

exports:
  - id: main
    assets: {names: [hero]}
    fmt: orig
""",
        good="""\
exports:
  - id: main
    # s7spec: ignore=S7W001 reason=the set stays on IPS on purpose
    assets: {names: [hero]}
    fmt: orig
""",
        remedy=("Remove it, or put it at the end of the finding's line or directly above it."),
    ),
)
