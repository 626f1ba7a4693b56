"""What a modifier says once its presets are filled in, command by command."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectiveCommand:
    """A command that prevails when presets are filled in: ``wid=300``, decoded.

    ``origin`` says who says it: ``is_modifier``, ``macro $view$`` or ``$view$ in is_modifier``;
    ``overrides`` are commands that it makes useless, each with its origin, the last one first.
    ``order_is_inferred`` when nothing documents that it prevails (facts: Image Serving section 3).
    """

    command: str
    origin: str
    overrides: tuple[str, ...] = ()
    order_is_inferred: bool = False
