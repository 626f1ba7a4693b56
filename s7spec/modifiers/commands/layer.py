"""Commands for layers; a single picture is layer 0 (facts: Image Serving section 5)."""

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

LAYER_COMMANDS = (
    Definition("layer", (words("n"), words("name", optional=True)), Effect.COMPOSITE, Use.RARE),
    Definition("effect", (integer("n", other_than=0),), Effect.COMPOSITE, Use.RARE),
    Definition(
        "crop", (integer("x"), integer("y"), integer("w"), integer("h")), Effect.GEOMETRY, Use.YES
    ),
    Definition("cropN", (real("nx"), real("ny"), real("nw"), real("nh")), Effect.GEOMETRY, Use.YES),
    Definition("cropPathE", (words("pathName"),), Effect.GEOMETRY, Use.YES),
    Definition("scale", (real("factor", above=0),), Effect.GEOMETRY, Use.YES),
    Definition("res", (real("val", above=0),), Effect.GEOMETRY, Use.RARE),
    Definition("anchor", (integer("x"), integer("y")), Effect.GEOMETRY, Use.RARE),
    Definition("anchorN", (real("nx"), real("ny")), Effect.GEOMETRY, Use.RARE),
    Definition("mask", (words("object"),), Effect.COMPOSITE, Use.RISKY),
    Definition("maskUse", (choice("mode", ("norm", "invert", "off")),), Effect.PIXELS, Use.RARE),
    Definition("size", (integer("w", least=0), integer("h", least=0)), Effect.GEOMETRY, Use.YES),
    Definition(
        "sizeN",
        (real("wN", least=0, most=1), real("hN", least=0, most=1)),
        Effect.GEOMETRY,
        Use.YES,
    ),
    Definition(
        "extend", (integer("l"), integer("t"), integer("r"), integer("b")), Effect.GEOMETRY, Use.YES
    ),
    Definition("extendN", (real("l"), real("t"), real("r"), real("b")), Effect.GEOMETRY, Use.YES),
    Definition("rotate", (real("angle"),), Effect.GEOMETRY, Use.YES),
    Definition("flip", (choice("dir", ("lr", "ud", "lrud")),), Effect.GEOMETRY, Use.YES),
    Definition("bgColor", (color("color"),), Effect.PIXELS, Use.YES),
    Definition("color", (color("color"),), Effect.COMPOSITE, Use.RARE),
    Definition(
        "opac",
        (
            integer("opacity", least=0, most=100),
            integer("fillOpacity", least=0, most=100, optional=True),
        ),
        Effect.PIXELS,
        Use.YES,
    ),
    Definition(
        "blendMode",
        (choice("mode", ("norm", "dissolve", "lighten", "darken", "mult", "screen")),),
        Effect.COMPOSITE,
        Use.NO_SINGLE_LAYER,
    ),
    Definition("hide", (flag("flag"),), Effect.COMPOSITE, Use.RARE),
    Definition("origin", (integer("x"), integer("y")), Effect.COMPOSITE, Use.NO_SINGLE_LAYER),
    Definition("originN", (real("nx"), real("ny")), Effect.COMPOSITE, Use.NO_SINGLE_LAYER),
    Definition("pos", (integer("x"), integer("y")), Effect.COMPOSITE, Use.NO_SINGLE_LAYER),
    Definition("posN", (real("nx"), real("ny")), Effect.COMPOSITE, Use.NO_SINGLE_LAYER),
    Definition("src", (words("object"),), Effect.COMPOSITE, Use.RISKY),
    Definition("clipPath", (words("pathDefinition"),), Effect.PIXELS, Use.RARE),
    Definition("clipPathE", (words("pathName"),), Effect.PIXELS, Use.RARE),
    Definition("clipXPath", (words("pathDefinition"),), Effect.PIXELS, Use.RARE),
    Definition("clipXPathE", (words("pathName"),), Effect.PIXELS, Use.RARE),
    Definition(
        "perspective",
        (
            real("x0"),
            real("y0"),
            real("x1"),
            real("y1"),
            real("x2"),
            real("y2"),
            real("x3"),
            real("y3"),
            words("resOptions", optional=True),
        ),
        Effect.GEOMETRY,
        Use.RARE,
    ),
    Definition(
        "perspectiveN",
        (
            real("x0"),
            real("y0"),
            real("x1"),
            real("y1"),
            real("x2"),
            real("y2"),
            real("x3"),
            real("y3"),
            words("resOptions", optional=True),
        ),
        Effect.GEOMETRY,
        Use.RARE,
    ),
    Definition("map", (words("string", optional=True),), Effect.QUERY, Use.NO),
    Definition("mapA", (words("string", optional=True),), Effect.QUERY, Use.NO),
)
