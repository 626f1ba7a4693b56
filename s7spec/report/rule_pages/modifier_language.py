"""Pages about modifiers that cannot be read as they are meant, and about words in them."""

from __future__ import annotations

from s7spec.model.rules import Rule
from s7spec.report.rule_pages.page import Example, Found, RulePage, converting

PAGES: tuple[RulePage, ...] = (
    RulePage(
        rule=Rule.MODIFIER_NUMBER,
        meaning=(
            "A number in a modifier is outside the range that Image Serving documents for it, is "
            "no whole number where one is needed, or is no number at all."
        ),
        why=(
            "What a server does with it is not documented: it may refuse the picture, or take "
            "another number without a word. A quality of 750 is even among Adobe's own samples."
        ),
        bad=converting("{wid: 800, fmt: jpeg, qlt: 750}"),
        good=converting("{wid: 800, fmt: jpeg, qlt: 75}"),
        remedy="Write a number of the range that the hint names.",
    ),
    RulePage(
        rule=Rule.MODIFIER_WORD,
        meaning=(
            "A command has a name that Image Serving does not document, or a value that is none "
            "of the words or colours that the command takes."
        ),
        why=(
            "Whether a server refuses an unknown command or passes over it is not documented. "
            "Passed over, every picture of the job is delivered without what you asked for."
        ),
        bad=converting("{wid: 800, hei: 800, fit: cropp}"),
        good=converting("{wid: 800, hei: 800, fit: crop}"),
        remedy=(
            "Take the word that the hint proposes. A command that your company's server knows "
            "all the same is allowed by its name: unsafe_modifiers: [name]."
        ),
    ),
    RulePage(
        rule=Rule.MODIFIER_SYNTAX,
        meaning=(
            "A modifier is broken as a text: a blank or control character, a percent sign that is "
            "no escape, braces that do not close, a name with other signs than ASCII letters, "
            "digits, `-`, `_` and `.`, or a `$` that begins neither a preset nor a variable."
        ),
        why=(
            "Image Serving splits the text at `&`, `=` and braces: a broken one moves the border "
            "between commands, and the rest of the text means something else."
        ),
        bad=converting('"wid=800&$Thumbnail&fmt=jpeg"'),
        good=converting('"wid=800&$Thumbnail$&fmt=jpeg"'),
        remedy=(
            "Repair the place that the finding points at: write a blank as %20, a percent sign "
            "as %25. A mapping instead of a text encodes its values by itself."
        ),
    ),
    RulePage(
        rule=Rule.UNDEFINED_VARIABLE,
        meaning=(
            "A value refers to a variable, $name$, that nothing before it defines: no $name=value "
            "of the modifier and no preset."
        ),
        why=(
            "An undefined reference stays in the value as it is: `wid=$size$` is then no number, "
            "and the picture fails."
        ),
        bad=converting('"$size=800&wid=$sise$"'),
        good=converting('"$size=800&wid=$size$"'),
        remedy=(
            "Define it in front of its first use, or correct the name; capitals do not count. "
            "Values that differ from job to job are better written with the manifest's templates."
        ),
    ),
    RulePage(
        rule=Rule.UNSAFE_MODIFIER,
        meaning=(
            "A modifier uses a command that reaches beyond the asset it is for: src, mask, "
            "template, locale, defaultImage, req, cache, the variable $object, or an icc profile "
            "by its path."
        ),
        why=(
            "Such a command can replace every picture of the job, fetch foreign URLs or other "
            "companies' assets, and make servers write or repeat their work. Nobody should learn "
            "that from the delivered files."
        ),
        bad=converting("{wid: 800, src: Acme/other}"),
        good=converting("{wid: 800}"),
        remedy=(
            "Leave it out. If it is wanted, allow it by name for the export, where reviewers see "
            "it: unsafe_modifiers: [src]."
        ),
    ),
    RulePage(
        rule=Rule.MODIFIER_FIELDS,
        meaning=(
            "A command lacks a field between its commas that it needs, or has more fields than "
            "it takes."
        ),
        why=(
            "What a server takes for a missing field, or does with one too many, is not documented."
        ),
        bad=converting("{wid: 800, hei: 800, align: 0}"),
        good=converting('{wid: 800, hei: 800, align: "0,0"}'),
        remedy="Write the fields as the hint lists them; those in brackets may be left out.",
    ),
    RulePage(
        rule=Rule.MODIFIER_SPELLING,
        meaning=(
            "A command or word is spelt otherwise than in the reference: other capitals, an older "
            "name such as colorize, or a slip of the documentation such as web-alpha."
        ),
        why=(
            "Names of commands may have any capitals. Whether words in values may is not "
            "documented, and older names may stop working."
        ),
        bad=converting("{wid: 800, fmt: JPG}"),
        good=converting("{wid: 800, fmt: jpg}"),
        remedy="Write it as the hint does.",
    ),
    RulePage(
        rule=Rule.DOLLAR_IN_VALUE,
        meaning=(
            "A value has a single `$`, which refers to nothing, or an encoded pair around a word, "
            "%24name%24."
        ),
        why=(
            "Adobe's pages disagree on whether a `$` may stand in a value as it is, and do not "
            "say whether an encoded pair is still taken for a variable."
        ),
        bad=converting('"wid=800&clipPathE=Path$1"'),
        good=converting('"wid=800&clipPathE=Path%241"'),
        remedy=(
            "Write $name$ for a variable and %24 for the sign itself; in a mapping the sign is "
            "encoded for you. Avoid names with the sign on both sides."
        ),
    ),
    RulePage(
        rule=Rule.NOT_FOR_EXPORTS,
        meaning=(
            "A command is made for deliveries to browsers (bfc, dpr, network, id), or for "
            "pictures composed of several layers or with text (pos, blendMode, text)."
        ),
        why=(
            "Adobe does not list what an export heeds. Nothing is known that these would do to a "
            "single picture; most often they were copied from a URL."
        ),
        bad=converting('"wid=800&bfc=off"'),
        good=converting('"wid=800"'),
        remedy="Leave it out. If you saw it work in an export, keep it and silence the warning.",
    ),
    RulePage(
        rule=Rule.CANNOT_RENDER,
        meaning=(
            "`s7spec modifier --try` cannot render the picture: the renderer of the embedded IPS "
            "does not do what the modifier asks for, the server would refuse it, or the file is "
            "no picture that it reads."
        ),
        why=(
            "A picture that leaves something out without a word would show you what IPS does not "
            "deliver. What is not emulated may still work on IPS."
        ),
        bad="""\
$ s7spec modifier 'wid=800&fmt=eps' --try hero.tif
""",
        good="""\
$ s7spec modifier 'wid=800&fmt=tif' --try hero.tif
""",
        remedy=(
            "Read the message: it names the command or the file. Try the rest of the modifier "
            "without that command, or look at the asset on an image server with --asset and "
            "--image-server."
        ),
        example=Example.CONSOLE,
        found=Found.RUN,
    ),
)
