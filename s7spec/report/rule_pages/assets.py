"""Pages about assets: what only a company's IPS can tell."""

from __future__ import annotations

from s7spec.model.rules import Rule
from s7spec.report.rule_pages.page import Example, Found, RulePage

PAGES: tuple[RulePage, ...] = (
    RulePage(
        rule=Rule.UNKNOWN_ASSET,
        meaning="An asset that a selection names does not exist in the company.",
        why="IPS would export the others and say nothing about the missing one.",
        bad="""\
exports:
  - id: main
    assets: {names: [Hero_0001]}
    fmt: orig
""",
        good="""\
exports:
  - id: main
    assets: {names: [hero_0001]}
    fmt: orig
""",
        remedy=(
            "Write the asset's ID as IPS spells it: capitals count, and there is no file ending."
        ),
        found=Found.IPS,
    ),
    RulePage(
        rule=Rule.UNSUPPORTED_TYPE,
        meaning=(
            "A selection holds assets of a type that IPS cannot export: sets, eCatalogs, or "
            "templates as originals."
        ),
        why="IPS would fail such a job as a whole or leave out the assets.",
        bad="""\
exports:
  - id: main
    assets: {folder: Acme/Products/}
    fmt: orig
""",
        good="""\
exports:
  - id: main
    assets: {folder: Acme/Products/, types: [Image]}
    fmt: orig
""",
        remedy=("Narrow the selection with `types` or `exclude`, or say on_unsupported: exclude."),
        found=Found.IPS,
    ),
    RulePage(
        rule=Rule.EMPTY_SELECTION,
        meaning="A selection finds no asset at all.",
        why=("An export of nothing looks like success; most often the folder is misspelt."),
        bad="""\
exports:
  - id: main
    assets: {folder: Acme/Product/}
    fmt: orig
""",
        good="""\
exports:
  - id: main
    assets: {folder: Acme/Products/, recursive: true}
    fmt: orig
""",
        remedy=(
            "Write the folder from the company's root, with its capitals; recursive: true "
            "looks into its folders, too."
        ),
        found=Found.IPS,
    ),
    RulePage(
        rule=Rule.UNKNOWN_PRESET,
        meaning=(
            "The company has no image preset of the name in `macro`, in `is_modifier`, or in "
            "another preset that is used."
        ),
        why="IPS would convert without the preset's size and format.",
        bad="""\
exports:
  - id: main
    assets: {names: [hero]}
    fmt: convert
    macro: $Thumbnial$
""",
        good="""\
exports:
  - id: main
    assets: {names: [hero]}
    fmt: convert
    macro: $Thumbnail$
""",
        remedy=(
            "Take the name of a preset that exists, or make the preset in Dynamic Media "
            "Classic first."
        ),
        found=Found.IPS,
    ),
    RulePage(
        rule=Rule.TOO_MANY_ASSETS,
        meaning="A selection holds more assets than one export job takes (500).",
        why="IPS refuses the job, or ends it in the middle.",
        bad="""\
exports:
  - id: main
    assets: {folder: Acme/, recursive: true}
    fmt: orig
""",
        good="""\
exports:
  - id: shoes
    assets: {folder: Acme/Shoes/}
    fmt: orig
  - id: bags
    assets: {folder: Acme/Bags/}
    fmt: orig
""",
        remedy="Divide the selection by folder, names or `exclude`.",
        found=Found.IPS,
    ),
    RulePage(
        rule=Rule.BAD_PRESETS,
        meaning=(
            "The snapshot of the company's image presets is damaged, was changed by hand, is no "
            "snapshot at all, or that of another company; or what is on IPS cannot be kept in one."
        ),
        why="Whoever checks against presets that nobody has gets warnings about nothing.",
        bad="""\
$ sed -i 's/wid=240/wid=300/' presets/Acme.json
$ s7spec validate
""",
        good="""\
$ s7spec presets --save
$ s7spec validate
""",
        remedy=(
            "Write it anew: s7spec presets --save. Where two companies share a file, give one of "
            "their environments another with `presets:`."
        ),
        example=Example.CONSOLE,
        found=Found.RUN,
    ),
    RulePage(
        rule=Rule.UNKNOWN_PRESET_OFFLINE,
        meaning=(
            "An image preset that a job uses is not in the project's snapshot of the company's "
            "presets (presets/COMPANY.json). Without a snapshot nothing is said."
        ),
        why=(
            "Most often the name is misspelt, and s7spec plan would refuse the job (S7E043); but "
            "only IPS knows: the snapshot may be older than the preset."
        ),
        bad="""\
exports:
  - id: main
    assets: {names: [hero]}
    fmt: convert
    is_modifier: $Thumbnial$&fmt=png
""",
        good="""\
exports:
  - id: main
    assets: {names: [hero]}
    fmt: convert
    is_modifier: $Thumbnail$&fmt=png
""",
        remedy="Correct the name; for a new preset, s7spec presets --save renews the snapshot.",
        found=Found.RUN,
    ),
    RulePage(
        rule=Rule.DOUBTFUL_PRESET,
        meaning=(
            "An image preset that a job uses says something that no reference has, a number out "
            "of its range, or a command that reaches beyond the asset (src, mask, template ...)."
        ),
        why=(
            "Presets are the company's own, so it is no error of a manifest; but each export that "
            "uses one inherits what it says, and IPS may refuse it or deliver other pictures."
        ),
        bad="""\
exports:
  - id: main
    assets: {names: [hero]}
    fmt: convert
    macro: $TooGood$ # on IPS: wid=800&qlt=750
""",
        good="""\
exports:
  - id: main
    assets: {names: [hero]}
    fmt: convert
    macro: $Good$ # on IPS: wid=800&qlt=75
""",
        remedy="Mend the preset in Dynamic Media Classic, or say in the manifest what is meant.",
        found=Found.IPS,
    ),
    RulePage(
        rule=Rule.EXCLUDED_ASSET,
        meaning=(
            "An asset of the selection is not exported, because on_unsupported: exclude was "
            "said and IPS cannot export its type."
        ),
        why=("Nothing is left out in silence: whoever waits for the file learns it here."),
        bad="""\
exports:
  - id: main
    assets: {folder: Acme/Products/}
    on_unsupported: exclude
    fmt: orig
""",
        good="""\
exports:
  - id: main
    assets: {folder: Acme/Products/, types: [Image]}
    on_unsupported: exclude
    fmt: orig
""",
        remedy=(
            "Narrow the selection so that the asset is not in it, or ignore the warning "
            "where the selection stands, with a reason."
        ),
        found=Found.IPS,
    ),
)
