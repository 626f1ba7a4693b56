"""Pages about the format of what is delivered, and about commands that it has no use for."""

from __future__ import annotations

from s7spec.model.rules import Rule
from s7spec.report.rule_pages.page import Found, RulePage, converting

PAGES: tuple[RulePage, ...] = (
    RulePage(
        rule=Rule.WRONG_COMPRESSION,
        meaning="`fmt` names a compression that the format does not have.",
        why=(
            "The combination is not documented, so nobody knows whether the job fails or the "
            "files come compressed otherwise."
        ),
        bad=converting('{wid: 800, fmt: "png,,lzw"}'),
        good=converting('{wid: 800, fmt: "tif,,lzw"}'),
        remedy="Take a compression that the hint lists, another format, or none.",
    ),
    RulePage(
        rule=Rule.WRONG_PIXEL_TYPE,
        meaning="`fmt` names a pixel type (rgb, gray or cmyk) that the format does not have.",
        why=(
            "The format cannot hold such pixels: a printer who waits for CMYK gets RGB, or the "
            "job fails; which of them is not documented."
        ),
        bad=converting('{wid: 800, fmt: "webp,cmyk"}'),
        good=converting('{wid: 800, fmt: "tif,cmyk"}'),
        remedy="Take a format for those pixels: the hint lists them.",
    ),
    RulePage(
        rule=Rule.NO_PICTURE,
        meaning=(
            "A modifier asks for something else than the picture: a list of videos (fmt=m3u8, "
            "f4m), properties (req=), or a size by the device of whoever asks (dpr=on)."
        ),
        why="An export delivers pictures: the job fails, or its ZIP holds files nobody can use.",
        bad=converting("{wid: 800, fmt: m3u8}"),
        good=converting("{wid: 800, fmt: jpeg}"),
        remedy="Leave the command out, or write a format of pictures.",
    ),
    RulePage(
        rule=Rule.WRONG_PROFILE,
        meaning=(
            "`icc` names a profile for colours that the format cannot hold, or others than fmt "
            "says. It is told by the profile's name."
        ),
        why="Image Serving answers with an error when the profile and the format disagree.",
        bad=converting("{wid: 800, fmt: png, icc: USWebCoatedSWOP}"),
        good=converting('{wid: 800, fmt: "tif,cmyk", icc: USWebCoatedSWOP}'),
        remedy="Let fmt say the pixel type of the profile, or take a profile for the format.",
    ),
    RulePage(
        rule=Rule.QUALITY_IGNORED,
        meaning=(
            "`qlt` stands with a format that has no quality to set: png, gif, eps, heic, anything "
            "lossless, and tif or pdf unless their compression is jpeg."
        ),
        why="It has no effect: the files are larger than whoever wrote it expects.",
        bad=converting("{wid: 800, fmt: png, qlt: 80}"),
        good=converting("{wid: 800, fmt: jpeg, qlt: 80}"),
        remedy="Leave it out, or take a format that heeds it.",
    ),
    RulePage(
        rule=Rule.JPEG_SIZE_IGNORED,
        meaning="`jpegSize` stands with a format other than JPEG.",
        why="It has no effect: files may be larger than the limit that you wrote.",
        bad=converting("{wid: 800, fmt: png, jpegSize: 90}"),
        good=converting("{wid: 800, fmt: jpeg, jpegSize: 90}"),
        remedy="Write fmt=jpeg or pjpeg; for other formats choose qlt or fewer pixels.",
    ),
    RulePage(
        rule=Rule.SCANS_IGNORED,
        meaning="`pscan` stands with a format other than pjpeg.",
        why="It has no effect: the files are not progressive.",
        bad=converting("{wid: 800, fmt: jpeg, pscan: 4}"),
        good=converting("{wid: 800, fmt: pjpeg, pscan: 4}"),
        remedy="Write fmt=pjpeg, or leave pscan out.",
    ),
    RulePage(
        rule=Rule.QUANTIZE_IGNORED,
        meaning="`quantize` stands with a format that has no palette.",
        why="It has no effect: colours stay as they are and files as large.",
        bad=converting("{wid: 800, fmt: png, quantize: web}"),
        good=converting("{wid: 800, fmt: png8, quantize: web}"),
        remedy="Write fmt=gif, png8 or their -alpha forms, or leave quantize out.",
    ),
    RulePage(
        rule=Rule.BACKGROUND_IGNORED,
        meaning=(
            "`bgc` stands with a format that keeps transparency and is documented to ignore it: "
            "tif-alpha, png-alpha, gif-alpha or swf-alpha. Of other -alpha formats that is not "
            "documented, and nothing is said."
        ),
        why="Where a coloured background is expected, the files are transparent.",
        bad=converting("{wid: 800, fmt: png-alpha, bgc: FFFFFF}"),
        good=converting("{wid: 800, fmt: png, bgc: FFFFFF}"),
        remedy="Take the format without -alpha for a filled background, or leave bgc out.",
    ),
    RulePage(
        rule=Rule.ALPHA_FLATTENED,
        meaning=(
            "An asset has transparency and the format cannot keep it. Without fmt the format is "
            "JPEG."
        ),
        why=(
            "Transparent parts are filled with bgc or the company's background colour: cut-out "
            "products get a box around them."
        ),
        bad=converting("{wid: 800, fmt: jpeg}"),
        good=converting("{wid: 800, fmt: png-alpha}"),
        remedy="Take a format with -alpha; or write the bgc that you want, and silence this.",
        found=Found.IPS,
    ),
    RulePage(
        rule=Rule.EMBED_IGNORED,
        meaning="`iccEmbed`, `xmpEmbed` or `pathEmbed` stands with a format that cannot hold it.",
        why=(
            "It is ignored in silence: the profile, the metadata or the paths are missing from "
            "the files, and colours may look otherwise at the receiver's."
        ),
        bad=converting("{wid: 800, fmt: webp, iccEmbed: 1}"),
        good=converting("{wid: 800, fmt: png, iccEmbed: 1}"),
        remedy="Take one of the formats that the hint lists, or leave it out.",
    ),
    RulePage(
        rule=Rule.CMYK_JPEG,
        meaning="A CMYK JPEG is asked for with its profile embedded.",
        why="Some browsers show such files with inverted colours.",
        bad=converting('{wid: 800, fmt: "jpeg,cmyk", iccEmbed: 1}'),
        good=converting('{wid: 800, fmt: "tif,cmyk", iccEmbed: 1}'),
        remedy="Write tif,cmyk for print and jpeg,rgb for screens.",
    ),
    RulePage(
        rule=Rule.DEAD_FORMAT,
        meaning="`fmt` is swf or swf3: Flash.",
        why="Nothing shows it any more: whoever receives the files cannot open them.",
        bad=converting("{wid: 800, fmt: swf}"),
        good=converting("{wid: 800, fmt: webp}"),
        remedy="Write jpeg or webp, or png-alpha and webp-alpha for transparency.",
    ),
)
