"""Commands for the picture as a whole (facts: Image Serving section 5)."""

from __future__ import annotations

from s7spec.modifiers.commands.definition import (
    Definition,
    Effect,
    Use,
    choice,
    color,
    flag,
    integer,
    real,
    words,
)

VIEW_COMMANDS = (
    Definition("wid", (integer("val", above=0),), Effect.GEOMETRY, Use.YES),
    Definition("hei", (integer("val", above=0),), Effect.GEOMETRY, Use.YES),
    Definition("scl", (real("invFactor", above=0),), Effect.GEOMETRY, Use.YES),
    Definition(
        "fit",
        (
            choice("mode", ("fit", "constrain", "crop", "wrap", "stretch", "hfit", "vfit")),
            flag("upscale", optional=True),
        ),
        Effect.GEOMETRY,
        Use.YES,
    ),
    Definition(
        "align",
        (real("horiz", least=-1, most=1), real("vert", least=-1, most=1)),
        Effect.GEOMETRY,
        Use.YES,
    ),
    Definition(
        "rgn", (integer("x"), integer("y"), integer("w"), integer("h")), Effect.GEOMETRY, Use.YES
    ),
    Definition(
        "rect",
        (
            integer("x"),
            integer("y"),
            integer("w", above=0),
            integer("h", above=0),
            real("scale", optional=True),
        ),
        Effect.GEOMETRY,
        Use.RARE,
    ),
    Definition("bgc", (color("color"),), Effect.PIXELS, Use.YES),
    Definition("template", (words("object"),), Effect.COMPOSITE, Use.RISKY),
    Definition("effectMask", (flag("flag"),), Effect.COMPOSITE, Use.RARE),
)
