"""One comment under a pull request that is kept up to date: found again by its first line."""

from __future__ import annotations

from s7spec.model.comment import Comment, Told
from s7spec.ports import Clock, CodeHostUnanswered, CommentGone, Discussion

_TRIES = 4
_PAUSE_SECONDS = 1.0


def tell_reviewers(
    discussion: Discussion, text: str, *, marker: str, add_when_missing: bool, clock: Clock
) -> Told:
    """Makes ``text``, which begins with ``marker``, the only comment of ours that does.

    Whether the answer to an addition is lost or the comment goes while it is changed: it is looked
    for anew, so that there are never two. Raises CodeHostRefused, CodeHostUnavailable.
    """
    for tries_left in reversed(range(_TRIES)):
        try:
            return _told(discussion, text, marker, add_when_missing=add_when_missing)
        except (CodeHostUnanswered, CommentGone):
            if not tries_left:
                raise
            clock.sleep(_PAUSE_SECONDS)
    raise AssertionError("the last try has returned or raised")


def _told(discussion: Discussion, text: str, marker: str, *, add_when_missing: bool) -> Told:
    found = [each for each in discussion.comments() if each.ours and _has(each, marker)]
    if not found:
        if not add_when_missing:
            return Told.NOT_NEEDED
        discussion.add(text)
        return Told.ADDED
    first, *doubles = found
    # Two runs that began together may both have added one; what they say must not contradict.
    for double in doubles:
        _change(discussion, double, f"{marker}\nThe plan stands in an earlier comment.\n")
    return Told.CHANGED if _change(discussion, first, text) else Told.SAME


def _has(comment: Comment, marker: str) -> bool:
    return comment.text.lstrip().partition("\n")[0].rstrip() == marker


def _change(discussion: Discussion, comment: Comment, text: str) -> bool:
    """False when it says so already."""
    if _plain(comment.text) == _plain(text):
        return False
    discussion.change(comment, text)
    return True


def _plain(text: str) -> str:
    """What a code host may have changed in passing does not count."""
    return text.replace("\r\n", "\n").strip()
