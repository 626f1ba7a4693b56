"""What a lint says of a modifier."""

from __future__ import annotations

from dataclasses import dataclass

from s7spec.model.rules import Rule
from s7spec.modifiers.effective import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A stretch of the text of ``is_modifier`` or ``macro``, in characters counted from 0.

    ``piece`` counts the pieces between the ``&`` that say something; None when the stretch is not
    within one of them.
    """

    source: Source
    start: int
    end: int
    piece: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModifierFinding:
    """``rule`` is broken at ``spot``. ``summary`` is one sentence without a full stop, ``hint``
    says what to write instead."""

    rule: Rule
    spot: Spot
    summary: str
    hint: str
