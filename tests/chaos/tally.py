"""What is counted, and the table of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

_SECTIONS = (
    ("", ("rounds", "commands", "jobs submitted", "jobs ended on purpose badly")),
    ("kills", None),
    ("state in the ledger at a kill", None),
    ("mischief", None),
    ("exit codes", None),
    ("healthy runs until settled", None),
    ("left to people", None),
    ("faults fired", None),
    ("doubles the protocol allows", None),
    ("found", ("duplicates", "lost", "lies", "needless", "unsettled", "others")),
)


class Tally:
    """Counts by section and name."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()

    def add(self, section: str, name: str, number: int = 1) -> None:
        self.counts[section, name] += number

    def update(self, other: Tally) -> None:
        self.counts.update(other.counts)

    def total(self, section: str) -> int:
        return sum(number for (of, _), number in self.counts.items() if of == section)

    def table(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        for section, names in _SECTIONS:
            rows = self._rows(section, names)
            if not rows:
                continue
            if section:
                yield f"{section}: {self.total(section):,}"
            width = max(len(name) for name, _ in rows)
            indent = "  " if section else ""
            for name, number in rows:
                yield f"{indent}{name:<{width}}  {number:>8,}"

    def _rows(self, section: str, names: tuple[str, ...] | None) -> list[tuple[str, int]]:
        if names is not None:
            return [(name, self.counts[section, name]) for name in names]
        found = [(name, number) for (of, name), number in self.counts.items() if of == section]
        by_name = section == "healthy runs until settled"
        return sorted(found, key=lambda row: (0 if by_name else -row[1], row[0]))
