"""Commands for texts on layers (facts: Image Serving section 5)."""

from __future__ import annotations

from s7spec.modifiers.commands.definition import (
    Definition,
    Effect,
    Use,
    choice,
    integer,
    real,
    words,
)

TEXT_COMMANDS = (
    Definition("text", (words("string"),), Effect.TEXT, Use.NO_SINGLE_LAYER),
    Definition("textPs", (words("string"),), Effect.TEXT, Use.NO_SINGLE_LAYER),
    Definition("textAngle", (real("angle"),), Effect.TEXT, Use.NO_SINGLE_LAYER),
    Definition(
        "textAttr",
        (
            integer("res", above=0),
            choice(
                "antiAliasing", ("off", "norm", "crisp", "sharp", "strong", "smooth"), optional=True
            ),
            choice("resMode", ("fixedRes", "autoRes", "maxRes"), optional=True),
            choice("wordWrap", ("wrap", "noWrap", "nbWrap"), optional=True),
        ),
        Effect.TEXT,
        Use.NO_SINGLE_LAYER,
    ),
    Definition("textPath", (words("pathDefinition"),), Effect.TEXT, Use.NO_SINGLE_LAYER),
    Definition(
        "pathAttr",
        (
            choice("direction", ("norm", "reverse")),
            real("startPos", least=0, below=1, optional=True),
            real("endPos", below=2, optional=True),
        ),
        Effect.TEXT,
        Use.NO_SINGLE_LAYER,
    ),
    Definition(
        "textFlowPath", (words("pathDefinition", optional=True),), Effect.TEXT, Use.NO_SINGLE_LAYER
    ),
    Definition(
        "textFlowXPath", (words("pathDefinition", optional=True),), Effect.TEXT, Use.NO_SINGLE_LAYER
    ),
)
