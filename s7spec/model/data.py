"""Data files: rows and values that manifests take their exports from."""

from __future__ import annotations

from dataclasses import dataclass

from s7spec.model.source import Locator, Pointer, SourceFile, SourceRange


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DataFile:
    """A CSV, JSON or YAML file as plain values, and the way back to its text.

    ``value`` holds only dict, list, str, int, float, bool and None. A CSV file is a list of dicts
    from column names to texts.
    """

    file: SourceFile
    value: object
    locator: Locator

    @property
    def path(self) -> str:
        """As diagnostics print it."""
        return self.file.path

    def locate(self, pointer: Pointer, *, key: bool = False) -> SourceRange:
        """Where the value (or, with ``key``, the key) at ``pointer`` stands.

        ``(2,)`` is the third row of a CSV file, ``(2, "sku")`` a cell of it; the key of a cell is
        its column's name in the header. A pointer that leads nowhere gives its nearest parent
        that exists.
        """
        return self.locator(pointer, key=key)
