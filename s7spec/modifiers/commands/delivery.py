"""Commands for delivery and queries: an export has no use for them, or they reach beyond it
(facts: Image Serving sections 5 and 9)."""

from __future__ import annotations

from s7spec.modifiers.commands.definition import (
    Definition,
    Effect,
    Use,
    choice,
    real,
    words,
)

DELIVERY_COMMANDS = (
    Definition("locale", (words("locId", optional=True),), Effect.COMPOSITE, Use.RISKY),
    Definition("defaultImage", (words("object", optional=True),), Effect.COMPOSITE, Use.RISKY),
    Definition(
        "cache",
        (
            choice("control", ("on", "off", "validate", "update")),
            choice("serverControl", ("on", "off"), optional=True),
        ),
        Effect.DELIVERY,
        Use.NO,
    ),
    Definition("id", (words("val"),), Effect.DELIVERY, Use.NO),
    Definition("bfc", (choice("flag", ("on", "off")),), Effect.DELIVERY, Use.NO),
    Definition(
        "dpr",
        (choice("flag", ("on", "off")), real("dprValue", above=0, optional=True)),
        Effect.DELIVERY,
        Use.NO,
    ),
    Definition("network", (choice("flag", ("on", "off")),), Effect.DELIVERY, Use.NO),
    Definition("imageSet", (words("val", optional=True),), Effect.QUERY, Use.NO),
    Definition("type", (words("val", optional=True),), Effect.DELIVERY, Use.NO),
    Definition(
        "req",
        (
            choice(
                "type",
                (
                    "catalogprops",
                    "exists",
                    "imageprops",
                    "imageset",
                    "img",
                    "loadcache",
                    "map",
                    "mask",
                    "mbrSet",
                    "message",
                    "props",
                    "resolve",
                    "saveToFile",
                    "set",
                    "targets",
                    "tmb",
                    "userdata",
                    "validate",
                    "xlate",
                    "xmp",
                ),
            ),
        ),
        Effect.QUERY,
        Use.NO,
    ),
)
