"""What is wrong with a catalog, and where."""

from __future__ import annotations

from pathlib import Path


class CatalogError(Exception):
    """A catalog folder or its catalog.yaml cannot be used.

    ``line`` and ``column`` count from 1 and are None when the trouble is not in a text file.
    ``hint`` says what to do, or is empty.
    """

    def __init__(
        self,
        message: str,
        *,
        path: Path,
        line: int | None = None,
        column: int | None = None,
        hint: str = "",
    ) -> None:
        place = ":".join(str(part) for part in (path, line, column) if part is not None)
        super().__init__(f"{place}: {message}" + (f" ({hint})" if hint else ""))
        self.message = message
        self.path = path
        self.line = line
        self.column = column
        self.hint = hint
