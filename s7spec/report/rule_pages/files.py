"""Pages about files: reading them, and the YAML in them."""

from __future__ import annotations

from s7spec.model.rules import Rule
from s7spec.report.rule_pages.page import Example, Found, RulePage

PAGES: tuple[RulePage, ...] = (
    RulePage(
        rule=Rule.UNREADABLE_FILE,
        meaning="A file of the project cannot be opened, or its bytes are no UTF-8 text.",
        why=(
            "What cannot be read cannot be checked, and a plan that leaves it out would say "
            "nothing about its jobs."
        ),
        bad="""\
$ chmod 000 shop.yaml
$ s7spec validate
""",
        good="""\
$ chmod 644 shop.yaml
$ s7spec validate
""",
        remedy=(
            "Check the path and the rights; save texts as UTF-8 (UTF-16 needs its byte order mark)."
        ),
        example=Example.CONSOLE,
        found=Found.RUN,
    ),
    RulePage(
        rule=Rule.YAML_SYNTAX,
        meaning=(
            "The text is not YAML: a quote or bracket is not closed, a line is indented "
            "wrongly, a value begins with a sign that means something in YAML."
        ),
        why="The rest of the file cannot be trusted once its structure is lost.",
        bad="""\
exports:
  - id: main
    assets: {names: [hero]
    fmt: orig
""",
        good="""\
exports:
  - id: main
    assets: {names: [hero]}
    fmt: orig
""",
        remedy=(
            "Look at the place and the line above it: close brackets and quotes, line up "
            "the keys, quote values that begin with & * @ ` % or !."
        ),
    ),
    RulePage(
        rule=Rule.DUPLICATE_KEY,
        meaning="One mapping holds the same key twice.",
        why=("YAML readers disagree about which of the two counts; most drop one without a word."),
        bad="""\
exports:
  - id: main
    assets: {names: [hero]}
    fmt: orig
    fmt: orig
""",
        good="""\
exports:
  - id: main
    assets: {names: [hero]}
    fmt: orig
""",
        remedy="Keep one of the two; the finding shows where the first one stands.",
    ),
    RulePage(
        rule=Rule.YAML_REFUSED,
        meaning=(
            "Correct YAML that s7spec does not take: tags, merge keys, control characters, "
            "templates without quotes, or a file that is too large or too deep."
        ),
        why=(
            "Tags can build objects, aliases can explode, and a template without quotes is "
            "a mapping to every YAML reader."
        ),
        bad="""\
exports:
  - id: main
    assets: {names: [!env HERO]}
    fmt: orig
""",
        good="""\
exports:
  - id: main
    assets: {names: [hero]}
    fmt: orig
""",
        remedy=("Write the value plainly, templates in quotes; split files that are too large."),
    ),
    RulePage(
        rule=Rule.NOT_A_MAPPING,
        meaning="A document is empty, or it is a list or a single value.",
        why=("Every document of s7spec is a mapping that says what it is: apiVersion and kind."),
        bad="""\
exports:
  - id: main
    assets: {names: [hero]}
    fmt: orig
---
- id: other
""",
        good="""\
exports:
  - id: main
    assets: {names: [hero]}
    fmt: orig
""",
        remedy=(
            "Begin with apiVersion: s7spec/v1 and kind: ExportManifest; remove empty documents."
        ),
    ),
    RulePage(
        rule=Rule.NO_MANIFESTS,
        meaning=(
            "Neither the paths on the command line nor the patterns of s7spec.yaml lead to "
            "a manifest."
        ),
        why=("A run over nothing looks like success, and a typing error in a path should not."),
        bad="""\
$ s7spec validate empty-folder/
""",
        good="""\
$ s7spec validate manifests/
""",
        remedy=(
            "Name a manifest or a folder with manifests, or correct `manifests` in s7spec.yaml."
        ),
        example=Example.CONSOLE,
        found=Found.RUN,
    ),
    RulePage(
        rule=Rule.PATH_ESCAPES,
        meaning=(
            "A path leads out of the folder of s7spec.yaml: with `..`, from the root, or "
            "through a symbolic link."
        ),
        why=(
            "Plans run on branches that nobody has reviewed yet; their files must not reach "
            "beyond the checkout."
        ),
        bad="""\
manifests: ["../*.yaml"]
environments:
  local: {ips: embedded, company: Acme}
""",
        good="""\
manifests: ["shops/*.yaml"]
environments:
  local: {ips: embedded, company: Acme}
""",
        remedy=("Move the file into the project and write its path relative to s7spec.yaml."),
        example=Example.PROJECT,
    ),
    RulePage(
        rule=Rule.BAD_DATA,
        meaning=(
            "A data file is not what its ending says, or holds what cannot be used: a row with "
            "too many cells, a column twice, a number that JSON cannot keep."
        ),
        why="A row that is read wrongly exports the wrong pictures, and nobody sees it.",
        bad="""\
$ cat data/skus.csv
asset,channel
boot_0001,web,print
$ s7spec validate
""",
        good="""\
$ cat data/skus.csv
asset,channel
boot_0001,web
boot_0001,print
$ s7spec validate
""",
        remedy=(
            "Mend the row that is named; put quotes around cells that hold the delimiter, and "
            "name another delimiter with {file: ..., delimiter: ';'}."
        ),
        example=Example.CONSOLE,
        found=Found.RUN,
    ),
    RulePage(
        rule=Rule.NOT_FORMATTED,
        meaning=(
            "`s7spec fmt` would have changed more than blanks in this file, or could not find "
            "a layout that stays the same when it is formatted again: the file was left alone."
        ),
        why="A formatter that changes a value or loses a comment is worse than none.",
        bad="""\
$ cat shop.yaml
? id
: main
$ s7spec fmt shop.yaml
""",
        good="""\
$ cat shop.yaml
id: main
$ s7spec fmt shop.yaml
""",
        remedy="Write the place that is named in YAML's plain forms, or lay the file out by hand.",
        example=Example.CONSOLE,
        found=Found.RUN,
    ),
)
