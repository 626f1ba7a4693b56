"""Modifiers looked at: an everyday one, one with all that can be told, and hostile ones."""

from __future__ import annotations

from s7spec.modifiers import parse_modifier
from s7spec.modifiers.prediction import Color
from s7spec.modifiers.preview import ImageServerAddress
from s7spec.pipeline.inspecting import (
    Inspected,
    PictureSource,
    Published,
    Surroundings,
    Tried,
    inspect_modifier,
)
from tests.report.hostile import HOSTILE

CANARY = "canary-7b31"
PRESETS = {
    "view": parse_modifier("wid=480&$base$&qlt=85").modifier,
    "base": parse_modifier("resMode=sharp2&op_usm=1.75,0.5,2,0").modifier,
}
_SHOE = Published(
    server=ImageServerAddress(url="https://s7d1.scene7.com"), company="Acme", asset="shoe 1"
)


def everyday(line: int | None = None) -> Inspected:
    """Without a finding."""
    source = PictureSource(width=3000, height=2000, alpha=False, color=Color.RGB)
    text = "wid=800&hei=800&fit=constrain,0&fmt=jpeg&qlt=85,1"
    return inspect_modifier(text, Surroundings(source=source, published=_SHOE), line=line)


def everything() -> Inspected:
    """Presets in presets, both fields, variables, comments, what prevails and what does not."""
    around = Surroundings(
        macro="$view$",
        presets=PRESETS,
        snapshot="presets/Acme.json",
        source=PictureSource(width=400, height=300, alpha=True, color=Color.CMYK),
        published=_SHOE,
    )
    text = (
        "$w=1200&wid=$w$&hei=1200&fit=fit,1&.for%20the%20shop&$View$&fmt=jpeg,rgb&qlt=750"
        "&icc=U.S.%20Web%20Coated%20%28SWOP%29%20v2%20of%20the%20printer"
    )
    return inspect_modifier(text, around)


def unknown() -> Inspected:
    """A preset that is not in the snapshot: it may say anything."""
    around = Surroundings(
        presets=PRESETS,
        snapshot="presets/Acme.json",
        source=PictureSource(width=400, height=300),
        published=_SHOE,
    )
    return inspect_modifier("$veiw$&hei=300&$glow$&src=other", around)


def refused() -> Inspected:
    """What is no modifier."""
    return inspect_modifier("https://s7d1.scene7.com/is/image/Acme/shoe?wid=8", Surroundings())


def hostile() -> Inspected:
    """Every hostile text as a name, as a value and as a comment, and secrets."""
    text = "&".join(f"a{each}b=1&wid={each}&.{each}" for each in HOSTILE)
    secrets = f"token={CANARY}&src={{http://u:{CANARY}@h/x}}&icc=http%3A%2F%2Fu%3A{CANARY}%40h"
    return inspect_modifier(f"{text}&{secrets}", Surroundings(published=_SHOE), line=3)


def tried() -> Tried:
    """A picture that was rendered."""
    return Tried(
        path="my hero-try.jpg",
        width=480,
        height=360,
        format="jpeg",
        extension="jpg",
        size_bytes=48_211,
        warnings=("the source has 3 frames; only the first was rendered",),
        marker="emulated, not Adobe output",
    )
