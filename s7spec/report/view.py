"""How a person looks at a report: decided by the command line, never asked of the machine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """``width`` in terminal cells, ``colour`` as ANSI codes, ``unicode`` False for pure ASCII."""

    width: int = 80
    colour: bool = False
    unicode: bool = True

    @property
    def arrow(self) -> str:
        """Stands between before and after."""
        return "→" if self.unicode else "->"

    @property
    def ellipsis(self) -> str:
        """Stands where something was left out."""
        return "…" if self.unicode else "..."

    @property
    def dot(self) -> str:
        """Stands between the parts of one line."""
        return "·" if self.unicode else "|"
