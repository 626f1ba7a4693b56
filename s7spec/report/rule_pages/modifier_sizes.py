"""Pages about the size of what is delivered, and about what is cut, padded or enlarged for it."""

from __future__ import annotations

from s7spec.model.rules import Rule
from s7spec.report.rule_pages.page import Found, RulePage, converting

PAGES: tuple[RulePage, ...] = (
    RulePage(
        rule=Rule.FIT_WITHOUT_SIZE,
        meaning="`fit` says how a picture goes into wid and hei, but neither of them is there.",
        why="Image Serving answers fit without wid and hei with an error: nothing is delivered.",
        bad=converting('{fit: "fit,1", fmt: jpeg}'),
        good=converting('{wid: 800, hei: 800, fit: "fit,1", fmt: jpeg}'),
        remedy="Add wid and hei, or leave fit out.",
    ),
    RulePage(
        rule=Rule.COMMAND_AND_TWIN,
        meaning=(
            "A command in pixels stands together with its relative form for the same layer: crop "
            "with cropN, size with sizeN, anchor with anchorN."
        ),
        why="Which of the two counts is not documented: the cut may be another than you think.",
        bad=converting('{wid: 800, crop: "0,0,900,900", cropN: "0,0,0.5,0.5"}'),
        good=converting('{wid: 800, cropN: "0,0,0.5,0.5"}'),
        remedy="Write one of them: the relative form suits sources of different sizes.",
    ),
    RulePage(
        rule=Rule.NO_SIZE,
        meaning="A conversion says no size: neither wid or hei nor scl, and no preset that does.",
        why=(
            "Image Serving then reduces larger pictures to the company's DefaultPix, 1280x1280 "
            "for new accounts, and says nothing. Whether an export does the same is not "
            "documented: print files of 1280 pixels are found too late."
        ),
        bad=converting("{fmt: png}"),
        good=converting("{scl: 1, fmt: png}"),
        remedy="Add wid and hei, or scl: 1 for the full size of each source.",
    ),
    RulePage(
        rule=Rule.SCL_BESIDE_SIZE,
        meaning="`scl` stands together with fit, or with wid or hei.",
        why=(
            "`scl` alone sets the scale: fit has no effect then, and wid and hei no longer fit the "
            "picture in but cut pieces off or add margins."
        ),
        bad=converting("{scl: 2, wid: 800, hei: 800}"),
        good=converting("{wid: 800, hei: 800}"),
        remedy=(
            "Leave scl out to fit pictures into wid and hei. If a cut-out at a fixed scale is "
            "meant, silence the warning and say so."
        ),
    ),
    RulePage(
        rule=Rule.SCL_ENLARGES,
        meaning="`scl` is below 1. It divides: scl=0.5 doubles the picture, scl=2 halves it.",
        why=(
            "The command scale goes the other way, so the two are mixed up easily, and files of "
            "four times the pixels go out instead of a quarter."
        ),
        bad=converting("{scl: 0.5, fmt: jpeg}"),
        good=converting("{scl: 2, fmt: jpeg}"),
        remedy="Write the number that the hint names, or wid and hei.",
    ),
    RulePage(
        rule=Rule.SCALED_TWICE,
        meaning="`size`, `sizeN`, `scale` or `res` sizes the layer, and scl is not there.",
        why=(
            "The finished picture is scaled once more, to wid and hei or to the company's "
            "DefaultPix: the size you wrote is not the size that is delivered."
        ),
        bad=converting("{scale: 0.5, fmt: jpeg}"),
        good=converting("{scl: 1, scale: 0.5, fmt: jpeg}"),
        remedy="Add scl: 1, or say the size with wid and hei alone.",
    ),
    RulePage(
        rule=Rule.ALIGN_IGNORED,
        meaning=(
            "`align` stands where nothing can be moved: with one of wid and hei only, or with "
            "fit=constrain, wrap or stretch."
        ),
        why=(
            "The reply is exactly as large as the picture, so there is no margin and no cut to "
            "place: what should be at the edge is not."
        ),
        bad=converting('{wid: 800, align: "0,1"}'),
        good=converting('{wid: 800, hei: 800, align: "0,1"}'),
        remedy="Give both wid and hei and a fit that pads or cuts, or leave align out.",
    ),
    RulePage(
        rule=Rule.UPSCALED,
        meaning=(
            "An asset is smaller than what is asked of it, and is enlarged: by fit=...,1, by scl "
            "below 1, or by size or scale."
        ),
        why="Enlarged pictures are soft, and nothing in the delivered files says that they are.",
        bad=converting('{wid: 2000, hei: 2000, fit: "fit,1"}'),
        good=converting('{wid: 2000, hei: 2000, fit: "fit,0"}'),
        remedy=(
            "Upload a larger source, ask for fewer pixels, or forbid it with fit=fit,0, which "
            "pads instead."
        ),
        found=Found.IPS,
    ),
    RulePage(
        rule=Rule.DISTORTED,
        meaning=(
            "`fit=stretch` brings an asset to wid and hei although its sides have another ratio."
        ),
        why="Everything in the picture becomes broader or narrower than it is.",
        bad=converting("{wid: 800, hei: 800, fit: stretch}"),
        good=converting("{wid: 800, hei: 800, fit: crop}"),
        remedy="Let fit=fit pad, fit=crop cut, or give only one of wid and hei.",
        found=Found.IPS,
    ),
    RulePage(
        rule=Rule.BACKGROUND_CONFUSED,
        meaning=(
            "`bgColor` is given, but not bgc, where wid and hei can leave margins and the picture "
            "is neither turned, cut nor extended."
        ),
        why=(
            "`bgColor` fills the layer; the margins around it are filled by bgc, else by the "
            "company's own background colour. They come out in a colour nobody wrote."
        ),
        bad=converting("{wid: 800, hei: 800, bgColor: F5F5F5}"),
        good=converting("{wid: 800, hei: 800, bgc: F5F5F5}"),
        remedy="Write bgc for margins; bgColor is for rotate, extend and transparent sources.",
    ),
    RulePage(
        rule=Rule.EMPTY_PICTURE,
        meaning="`rgn`, `crop` or `rect` cuts out a region that lies outside of an asset.",
        why=(
            "Image Serving pads what is not there: files without a single pixel of the picture are "
            "delivered, and no log complains."
        ),
        bad=converting("{wid: 300, rgn: '9000,9000,300,300'}"),
        good=converting("{wid: 300, cropN: '0.25,0.25,0.5,0.5'}"),
        remedy="Choose a region within every picture; cropN counts in shares of its sides.",
        found=Found.IPS,
    ),
    RulePage(
        rule=Rule.LARGE_OUTPUT,
        meaning=(
            "A picture comes out with more than 25 million pixels, or more than 100 million, or "
            "beyond the company's MaxPix, 5000x5000 at most. `validate` tells it of sizes that "
            "the modifier sets by itself, `plan` of each picture and of MaxPix, and of jobs whose "
            "files, originals or converted, take more than 1 GB together."
        ),
        why=(
            "Dynamic Media Classic renders at most 25 million pixels for previews and documents "
            "100 million for a conversion in an export. Whether IPS enforces the latter for jobs "
            "of its API is not documented; somebody learns it when a night's job has failed."
        ),
        bad=converting("{wid: 6000, hei: 5000}"),
        good=converting("{wid: 3000, hei: 2500}"),
        remedy=(
            "Deliver fewer pixels, or see one picture through before the whole job. A picture of "
            "more than 25 million pixels may be exported all the same: it has no preview."
        ),
    ),
)
