"""A comment under a pull request."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """``ours``: we wrote it, or the code host's own CI did."""

    id: int
    text: str
    ours: bool


class Told(StrEnum):
    """What became of the comment that reviewers are to see."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"
    NOT_NEEDED = "not-needed"
