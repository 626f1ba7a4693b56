"""Files of a project that differ from what they were at a revision."""

from __future__ import annotations

from dataclasses import dataclass

from s7spec.model.source import SourceFile


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedFiles:
    """``revision`` as it was asked for; ``base`` is the commit that was compared with, its merge
    base with what is checked out.

    ``paths`` are relative to the project: changed, new, gone, and both names of what was renamed.
    ``before`` is the YAML among them that was there at ``base``, as it was. Of ``ignored`` files
    git cannot tell.
    """

    revision: str
    base: str
    paths: frozenset[str]
    ignored: frozenset[str] = frozenset()
    before: tuple[SourceFile, ...] = ()
