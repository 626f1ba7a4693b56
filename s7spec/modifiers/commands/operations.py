"""Commands that change colours and sharpness (facts: Image Serving section 5)."""

from __future__ import annotations

from s7spec.modifiers.commands.definition import (
    Definition,
    Effect,
    Use,
    choice,
    flag,
    integer,
    real,
    words,
)

OPERATIONS_COMMANDS = (
    Definition(
        "op_usm",
        (
            real("amount", least=0, most=5),
            real("radius", least=0, most=250, optional=True),
            integer("threshold", least=0, most=255, optional=True),
            flag("monochrome", optional=True),
        ),
        Effect.PIXELS,
        Use.YES,
    ),
    Definition(
        "op_usmR",
        (
            real("amount", least=0, most=5),
            real("radiusR", least=0, most=250, optional=True),
            integer("threshold", least=0, most=255, optional=True),
            flag("monochrome", optional=True),
        ),
        Effect.PIXELS,
        Use.YES,
    ),
    Definition("op_sharpen", (flag("flag"),), Effect.PIXELS, Use.YES),
    Definition("op_blur", (real("radius", least=0, most=100),), Effect.PIXELS, Use.YES),
    Definition("op_brightness", (integer("adj", least=-100, most=100),), Effect.PIXELS, Use.YES),
    Definition("op_contrast", (integer("adj", least=-100, most=100),), Effect.PIXELS, Use.YES),
    Definition("op_saturation", (integer("adj", least=-100, most=100),), Effect.PIXELS, Use.YES),
    Definition("op_hue", (integer("adj", least=-180, most=180),), Effect.PIXELS, Use.YES),
    Definition(
        "op_colorbalance",
        (
            integer("r", least=-100, most=100),
            integer("g", least=-100, most=100),
            integer("b", least=-100, most=100),
        ),
        Effect.PIXELS,
        Use.YES,
    ),
    # Its colour can hold commas and be followed by a mode and a contrast: not taken apart.
    Definition("op_colorize", (words("color"),), Effect.PIXELS, Use.YES),
    Definition("op_invert", (flag("flag"),), Effect.PIXELS, Use.YES),
    Definition(
        "op_noise",
        (
            integer("val", least=0, most=100),
            choice("dist", ("uniform", "gaussian"), optional=True),
            flag("monochrome", optional=True),
        ),
        Effect.PIXELS,
        Use.RARE,
    ),
    Definition("op_grow", (integer("radius", least=-100, most=100),), Effect.PIXELS, Use.RARE),
    Definition("op_growMask", (integer("radius", least=-100, most=100),), Effect.PIXELS, Use.RARE),
    Definition(
        "op_growMaskR", (integer("radiusR", least=-100, most=100),), Effect.PIXELS, Use.RARE
    ),
)
