"""Pages about what an export says, and about names."""

from __future__ import annotations

from s7spec.model.rules import Rule
from s7spec.report.rule_pages.page import Example, RulePage

PAGES: tuple[RulePage, ...] = (
    RulePage(
        rule=Rule.UNUSED_DECLARATION,
        meaning=(
            "A variable, a data file, a library, a named selection or a template's parameter "
            "is declared, and no template and no export of the document uses it. Said of "
            "manifests that expand without errors, and of the templates they use."
        ),
        why=(
            "Changing it changes nothing: most often a name was misspelt where it should be "
            "used, or an export was removed and left it behind."
        ),
        bad="""\
vars: {season: ss27, root: Acme}
exports:
  - id: main
    assets: {folder: "Acme/Products/{{ vars.season }}/"}
    fmt: orig
""",
        good="""\
vars: {season: ss27, root: Acme}
exports:
  - id: main
    assets: {folder: "{{ vars.root }}/Products/{{ vars.season }}/"}
    fmt: orig
""",
        remedy=(
            "Use it or remove it. What is there for people may stay: let its name begin with "
            "`_`, or end its line with `# s7spec: ignore=S7W003 reason=...`."
        ),
    ),
    RulePage(
        rule=Rule.NOTHING_TO_CONVERT,
        meaning=(
            "`fmt: convert` says how to export but not what to: is_modifier and macro are "
            "both missing."
        ),
        why=(
            "Without either, IPS delivers pictures at its default size and format, which "
            "nobody asked for."
        ),
        bad="""\
exports:
  - id: main
    assets: {names: [hero]}
    fmt: convert
""",
        good="""\
exports:
  - id: main
    assets: {names: [hero]}
    fmt: convert
    is_modifier: {wid: 800, fmt: jpeg}
""",
        remedy="Add is_modifier or macro, or say fmt: orig for the uploaded files.",
    ),
    RulePage(
        rule=Rule.ORIG_WITH_CONVERSION,
        meaning="`fmt: orig` stands together with is_modifier or macro.",
        why=(
            "IPS delivers originals as they are and ignores the conversion; somebody "
            "expects other files."
        ),
        bad="""\
exports:
  - id: main
    assets: {names: [hero]}
    fmt: orig
    macro: $Thumbnail$
""",
        good="""\
exports:
  - id: main
    assets: {names: [hero]}
    fmt: convert
    macro: $Thumbnail$
""",
        remedy="Say fmt: convert, or remove is_modifier and macro.",
    ),
    RulePage(
        rule=Rule.SECRET_IN_YAML,
        meaning="A key that holds credentials stands in a YAML file.",
        why="Whoever reads the repository could log in to IPS, and git never forgets.",
        bad="""\
environments:
  production: {ips: na, company: Acme, password: abc}
""",
        good="""\
environments:
  production: {ips: na, company: Acme}
""",
        remedy=(
            "Remove it, change the password on IPS, and set S7SPEC_USER and S7SPEC_PASSWORD "
            "where s7spec runs."
        ),
        example=Example.PROJECT,
    ),
    RulePage(
        rule=Rule.UNKNOWN_SELECTION,
        meaning=("An export names a selection that the manifest does not have under `assets`."),
        why="Without the selection nobody knows what to export.",
        bad="""\
assets:
  packshots: {folder: Acme/Products/}
exports:
  - id: main
    assets: packshot
    fmt: orig
""",
        good="""\
assets:
  packshots: {folder: Acme/Products/}
exports:
  - id: main
    assets: packshots
    fmt: orig
""",
        remedy="Correct the name, or add the selection under `assets`.",
    ),
    RulePage(
        rule=Rule.DUPLICATE_NAME,
        meaning="Two manifests of the project have the same metadata.name.",
        why=("The name is part of every job's key; the ledger could not tell their jobs apart."),
        bad="""\
exports:
  - id: main
    assets: {names: [hero]}
    fmt: orig
---
apiVersion: s7spec/v1
kind: ExportManifest
metadata: {name: shop}
exports:
  - id: other
    assets: {names: [hero]}
    fmt: orig
""",
        good="""\
exports:
  - id: main
    assets: {names: [hero]}
    fmt: orig
---
apiVersion: s7spec/v1
kind: ExportManifest
metadata: {name: other-shop}
exports:
  - id: other
    assets: {names: [hero]}
    fmt: orig
""",
        remedy="Rename one of them; renaming makes its jobs new ones.",
    ),
    RulePage(
        rule=Rule.NOT_BUILT,
        meaning=(
            "A word that is reserved for later: it belongs to the language, but this version of "
            "s7spec cannot carry out what it says."
        ),
        why="Passing over it would do something else than what is written.",
        bad="""\
defaults: {emailSetting: None}
environments:
  local: {ips: embedded, company: Acme}
""",
        good="""\
environments:
  local: {ips: embedded, company: Acme}
""",
        remedy="Remove it, or use a version of s7spec that has it.",
        example=Example.PROJECT,
    ),
    RulePage(
        rule=Rule.WRONG_SURGERY,
        meaning=(
            "`moved`, `forget` or `adopt` names a job that the manifest still declares, or one "
            "that no export makes."
        ),
        why=(
            "The history of a job would go to another one, or to none: the next plan would run "
            "what has run already."
        ),
        bad="""\
exports:
  - id: main
    assets: {names: [hero]}
    fmt: orig
moved:
  - {from: old, to: mian}
""",
        good="""\
exports:
  - id: main
    assets: {names: [hero]}
    fmt: orig
moved:
  - {from: old, to: main}
""",
        remedy="Compare the keys with those that `s7spec render` lists.",
    ),
    RulePage(
        rule=Rule.NO_EFFECT,
        meaning=(
            "An entry of `exports` makes no job, an entry of a matrix's `exclude` matches no "
            "combination, or `unsafe_modifiers` allows what no job of the export needs."
        ),
        why=(
            "What was meant to go out does not, or what was meant to stay does: mostly a value "
            "is spelt otherwise than in the data."
        ),
        bad="""\
exports:
  - id: "main-{{ matrix.size }}"
    matrix:
      size: [large, small]
      exclude: [{size: hugee}]
    assets: {names: [hero]}
    fmt: orig
""",
        good="""\
exports:
  - id: "main-{{ matrix.size }}"
    matrix:
      size: [large, small]
      exclude: [{size: small}]
    assets: {names: [hero]}
    fmt: orig
""",
        remedy=(
            "Compare the value with those there are. A `when` that looks at neither `matrix` nor "
            "`each` is a switch: about that nothing is said."
        ),
    ),
)
