"""The ledger's path, and whether the file that was opened still lies there."""

from __future__ import annotations

from pathlib import Path

from s7spec.ports import LedgerUnwritable


class Place:
    """SQLite keeps writing to a file that was deleted or replaced, and nobody would ever know."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._absolute = path.absolute()
        self._file = (0, 0)

    @property
    def uri(self) -> str:
        """For SQLite, behind any links; good also when the working folder has changed."""
        return self._absolute.resolve().as_uri()

    def remember(self) -> None:
        self._file = self._here()

    def check(self) -> None:
        """Raises LedgerUnwritable unless the remembered file is still the one at the path."""
        if self._here() != self._file:
            raise self._gone()

    def _here(self) -> tuple[int, int]:
        try:
            found = self._absolute.stat()
        except OSError as error:
            raise self._gone() from error
        return (found.st_dev, found.st_ino)

    def _gone(self) -> LedgerUnwritable:
        return LedgerUnwritable(
            str(self.path), f"the ledger {self.path} was removed or replaced while in use"
        )
