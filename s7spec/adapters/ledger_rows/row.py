"""What a database's driver gives for a row."""

from __future__ import annotations

from typing import Any, Protocol, TypeAlias

Cell: TypeAlias = str | int | bytes | None


class Row(Protocol):
    """Cells by the names of their columns."""

    def __getitem__(self, column: str, /) -> Any: ...


class Rows(Protocol):
    """A cursor over plain tuples."""

    def fetchmany(self, size: int, /) -> list[tuple[Any, ...]]: ...
