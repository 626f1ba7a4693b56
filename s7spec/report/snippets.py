"""Lines of text in reports for programs, as long as a program's reader will bear."""

from __future__ import annotations

from s7spec.model.source import SourceRange

LONGEST_SNIPPET = 2_000
"""Characters. A longer line is cut around the place; columns stay those of the whole line."""


def near(snippet: str | None, where: SourceRange | None) -> str | None:
    """``snippet``, or of a long line what stands around ``where``, with an ellipsis at each cut."""
    if snippet is None or len(snippet) <= LONGEST_SNIPPET:
        return snippet
    room = LONGEST_SNIPPET - 2
    column = where.column - 1 if where is not None else 0
    first = min(max(column - room // 2, 0), len(snippet) - room)
    before = "…" if first else ""
    after = "…" if first + room < len(snippet) else ""
    return f"{before}{snippet[first : first + room]}{after}"
