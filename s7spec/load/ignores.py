"""The comments of s7spec in a file. Nearly always there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from s7spec.model.diagnostics import Diagnostic
from s7spec.model.source import SourceFile

if TYPE_CHECKING:
    from s7spec.model.ignores import Ignore

_SIGN = "s7spec:"


def read_ignores(file: SourceFile) -> tuple[tuple[Ignore, ...], tuple[Diagnostic, ...]]:
    """The ignores of ``file``, and an error for each comment of s7spec that is none.

    Never raises; a file without such a comment costs one search of its text.
    """
    if _SIGN not in file.text:
        return (), ()
    from s7spec.load.ignore_comments import read_comments  # only here: most files have none

    return read_comments(file)
