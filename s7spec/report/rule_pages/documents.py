"""Pages about documents: what the schemas and the checks beside them find."""

from __future__ import annotations

from s7spec.model.rules import Rule
from s7spec.report.rule_pages.page import RulePage

PAGES: tuple[RulePage, ...] = (
    RulePage(
        rule=Rule.UNKNOWN_KIND,
        meaning=(
            "The document does not say which kind of s7spec document it is, or names one "
            "that is not expected here."
        ),
        why=(
            "The kind decides which keys are known; guessing it would make every other "
            "finding doubtful."
        ),
        bad="""\
apiVersion: s7spec/v1
kind: ExportManifst
metadata: {name: shop}
""",
        good="""\
exports:
  - id: main
    assets: {names: [hero]}
    fmt: orig
""",
        remedy=(
            "Write kind: ExportManifest in manifests and kind: Project in s7spec.yaml, both "
            "with apiVersion: s7spec/v1."
        ),
    ),
    RulePage(
        rule=Rule.UNKNOWN_KEY,
        meaning="A key that this part of the document does not have.",
        why=(
            "A misspelt key would otherwise be passed over in silence, and what it asks for "
            "would not happen."
        ),
        bad="""\
exports:
  - id: main
    assets: {names: [hero]}
    fmt: orig
    emailSettings: None
""",
        good="""\
exports:
  - id: main
    assets: {names: [hero]}
    fmt: orig
    emailSetting: None
""",
        remedy=(
            "Take the key that the hint names; IPS fields keep IPS's spelling, also its capitals."
        ),
    ),
    RulePage(
        rule=Rule.MISSING_KEY,
        meaning="A key that is required here is not there.",
        why=(
            "s7spec guesses neither names nor assets: a job must be the same for everybody "
            "who reads it."
        ),
        bad="""\
exports:
  - assets: {names: [hero]}
    fmt: orig
""",
        good="""\
exports:
  - id: main
    assets: {names: [hero]}
    fmt: orig
""",
        remedy=("Add the key; the hint shows a value. Also look for a misspelt key beside it."),
    ),
    RulePage(
        rule=Rule.WRONG_TYPE,
        meaning=(
            "A value of another type than the key takes: a text for a list, a list for a "
            "mapping, nothing at all."
        ),
        why=(
            "YAML takes nearly everything as something; a list that was meant as a text "
            "would select other assets."
        ),
        bad="""\
exports:
  - id: main
    assets: {names: hero}
    fmt: orig
""",
        good="""\
exports:
  - id: main
    assets: {names: [hero]}
    fmt: orig
""",
        remedy=("Write the type that the summary names; put quotes around numbers that are names."),
    ),
    RulePage(
        rule=Rule.NOT_ALLOWED,
        meaning=(
            "A value outside of what the key admits: not one of the choices, not of the "
            "form, or twice in a list."
        ),
        why="IPS would refuse it after the submit, or take it as something else.",
        bad="""\
exports:
  - id: main
    assets: {names: [hero]}
    fmt: original
""",
        good="""\
exports:
  - id: main
    assets: {names: [hero]}
    fmt: orig
""",
        remedy="Take one of the values that the hint names.",
    ),
    RulePage(
        rule=Rule.OUT_OF_BOUNDS,
        meaning="A number, a list or a text is too small or too large.",
        why=(
            "Empty lists select nothing, and what is too large costs time on IPS before it "
            "fails there."
        ),
        bad="""\
exports:
  - id: main
    assets: {names: []}
    fmt: orig
""",
        good="""\
exports:
  - id: main
    assets: {names: [hero]}
    fmt: orig
""",
        remedy="Stay within the bounds that the summary names, or remove what is empty.",
    ),
)
