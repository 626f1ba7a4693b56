"""What is said under a pull request, wherever the code is hosted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from s7spec.model.comment import Comment


class Discussion(Protocol):
    """The comments of one pull request (of a merge request: its notes).

    All raise CodeHostRefused and CodeHostUnavailable.
    """

    def comments(self) -> Iterable[Comment]:
        """All of them, the oldest first."""
        ...

    def add(self, text: str) -> None:
        """Raises CodeHostUnanswered when it may or may not have been added."""
        ...

    def change(self, comment: Comment, text: str) -> None:
        """Raises CommentGone when somebody has deleted it."""
        ...
