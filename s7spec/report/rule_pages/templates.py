"""Pages about templates and the jobs that come of them."""

from __future__ import annotations

from s7spec.model.rules import Rule
from s7spec.report.rule_pages.page import RulePage

PAGES: tuple[RulePage, ...] = (
    RulePage(
        rule=Rule.TEMPLATE_SYNTAX,
        meaning=(
            "Jinja cannot parse a template: a bracket or tag is not closed, or a word is no tag."
        ),
        why="A template that cannot be parsed has no value.",
        bad="""\
exports:
  - id: "{{ manifest.name"
    assets: {names: [hero]}
    fmt: orig
""",
        good="""\
exports:
  - id: "{{ manifest.name }}"
    assets: {names: [hero]}
    fmt: orig
""",
        remedy=(
            "Close {{ with }} and {% with %}; write braces that are meant as text as {{ '{{' }}."
        ),
    ),
    RulePage(
        rule=Rule.UNDEFINED_NAME,
        meaning="A template uses a name that it cannot see.",
        why=(
            "Jinja alone would put nothing in its place, and a folder or size would be "
            "wrong in silence."
        ),
        bad="""\
vars: {season: ss27}
exports:
  - id: "{{ vars.saison }}"
    assets: {names: [hero]}
    fmt: orig
""",
        good="""\
vars: {season: ss27}
exports:
  - id: "{{ vars.season }}"
    assets: {names: [hero]}
    fmt: orig
""",
        remedy=(
            "Correct the name or define it. There is no clock, no chance, no environment "
            "variable and no file in templates."
        ),
    ),
    RulePage(
        rule=Rule.TEMPLATE_FAILED,
        meaning=("A template can be parsed, but its evaluation fails or takes too much work."),
        why=(
            "What it would have given is unknown; templates are bounded so that no manifest "
            "can stop a CI."
        ),
        bad="""\
vars: {size: 0}
exports:
  - id: "size-{{ 100 // vars.size }}"
    assets: {names: [hero]}
    fmt: orig
""",
        good="""\
vars: {size: 2}
exports:
  - id: "size-{{ 100 // vars.size }}"
    assets: {names: [hero]}
    fmt: orig
""",
        remedy=("Look at the values that go in; use ~ to join texts with numbers; shorten loops."),
    ),
    RulePage(
        rule=Rule.BAD_EXPANSION,
        meaning=(
            "The text is in order as it is written, but what its templates make of it is "
            "not allowed."
        ),
        why=(
            "The schema sees templates, not values: the payload is checked once more before "
            "it can reach IPS."
        ),
        bad="""\
vars: {size: big one}
exports:
  - id: main
    assets: {names: [hero]}
    fmt: convert
    macro: "{{ vars.size }}"
""",
        good="""\
vars: {size: big}
exports:
  - id: main
    assets: {names: [hero]}
    fmt: convert
    macro: "{{ vars.size }}"
""",
        remedy=(
            "Change the value that went in; the finding points at the leaf and names the "
            "values of the matrix."
        ),
    ),
    RulePage(
        rule=Rule.DUPLICATE_JOB,
        meaning="Two exports, or two values of a matrix, give jobs of one key.",
        why=(
            "The key is how the ledger knows a job again; of two with one key it could only "
            "follow one."
        ),
        bad="""\
exports:
  - id: main
    matrix: {wid: [100, 200]}
    assets: {names: [hero]}
    fmt: convert
    is_modifier: {wid: "{{ matrix.wid }}"}
""",
        good="""\
exports:
  - id: "main-{{ matrix.wid }}"
    matrix: {wid: [100, 200]}
    assets: {names: [hero]}
    fmt: convert
    is_modifier: {wid: "{{ matrix.wid }}"}
""",
        remedy=("Give each job its own id; with a matrix, use the values of every axis in it."),
    ),
)
