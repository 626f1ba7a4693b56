"""Pages about what is said twice or by several, and about effects of which not all are what they
seem."""

from __future__ import annotations

from s7spec.model.rules import Rule
from s7spec.report.rule_pages.page import Found, RulePage, converting

PAGES: tuple[RulePage, ...] = (
    RulePage(
        rule=Rule.MODIFIER_AND_MACRO,
        meaning="An export has both is_modifier and macro.",
        why=(
            "Adobe documents their order for the format only: there the preset prevails. That it "
            "prevails for sizes and everything else too is inferred, not documented."
        ),
        bad=converting("{wid: 800}", macro="$Thumbnail$"),
        good=converting('"$Thumbnail$&wid=800"'),
        remedy=(
            "Write one of them. A preset can stand in is_modifier, where the order is documented: "
            "what comes later prevails."
        ),
    ),
    RulePage(
        rule=Rule.PRESET_OVERRIDES,
        meaning=(
            "A command stands in front of a preset that says the same command. It is told when "
            "the company's presets are known."
        ),
        why=(
            "Presets are expanded where they stand and what comes later prevails: your command "
            "has no effect."
        ),
        bad=converting('"wid=800&$Thumbnail$"'),
        good=converting('"$Thumbnail$&wid=800"'),
        remedy="Write the command behind the preset, or leave it out.",
        found=Found.IPS,
    ),
    RulePage(
        rule=Rule.ASSET_OVERRIDES,
        meaning=(
            "An asset has a modifier of its own, urlPostApplyModifier, that says a command which "
            "the export says, too."
        ),
        why=(
            "Image Serving lets what it calls an asset's PostModifier always prevail; that "
            "urlPostApplyModifier is the same is inferred. That picture comes out otherwise than "
            "the rest of the job."
        ),
        bad=converting('{wid: 800, op_usm: "1,1,5"}'),
        good=converting("{wid: 800}"),
        remedy=(
            "Change it at the asset in Dynamic Media Classic, leave the command out, or expect "
            "what the asset says."
        ),
        found=Found.IPS,
    ),
    RulePage(
        rule=Rule.SAID_TWICE,
        meaning="A modifier says a command twice for the same layer.",
        why="The last one prevails: the first has no effect, and readers may take it for the one.",
        bad=converting('"wid=800&hei=800&wid=900"'),
        good=converting('"wid=900&hei=800"'),
        remedy="Remove the one that is not meant.",
    ),
    RulePage(
        rule=Rule.SHARPENED_TWICE,
        meaning="`op_sharpen` stands together with op_usm or op_usmR.",
        why="The picture is sharpened twice, by two methods: Adobe advises to use one of them.",
        bad=converting('{wid: 800, op_sharpen: 1, op_usm: "1,1,5"}'),
        good=converting('{wid: 800, op_usm: "1,1,5"}'),
        remedy="Leave op_sharpen out: op_usm can be set more finely.",
    ),
    RulePage(
        rule=Rule.SHARPEN_MEANS_USM,
        meaning="`op_sharpen` has the fields of op_usm: amount, radius, threshold.",
        why=(
            "`op_sharpen` is only 0 or 1. A page of Adobe's advice shows it with three fields, but "
            "the reference has those for op_usm; what a server makes of it is not documented."
        ),
        bad=converting('{wid: 800, op_sharpen: "1,1,5"}'),
        good=converting('{wid: 800, op_usm: "1,1,5"}'),
        remedy="Write op_usm.",
    ),
    RulePage(
        rule=Rule.NOISE,
        meaning="`op_noise` adds random noise.",
        why=(
            "Each run delivers other files, although neither the asset nor the manifest changed: "
            "whoever compares them finds differences everywhere."
        ),
        bad=converting("{wid: 800, op_noise: 5}"),
        good=converting("{wid: 800}"),
        remedy="Leave it out where files are compared, or silence the warning.",
    ),
)
