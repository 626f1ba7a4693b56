"""Conditions on rows as SQL, made from operators of IPS (facts: IPS API section 7)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Value = str | int | float


@dataclass(frozen=True, slots=True)
class Clause:
    """SQL that is true or false for a row, and the values of its question marks."""

    sql: str
    values: tuple[Value, ...] = ()


ALWAYS = Clause("1")
NEVER = Clause("0")


def every(clauses: Sequence[Clause]) -> Clause:
    return _joined(clauses, " AND ", ALWAYS)


def some(clauses: Sequence[Clause]) -> Clause:
    return _joined(clauses, " OR ", NEVER)


def _joined(clauses: Sequence[Clause], word: str, empty: Clause) -> Clause:
    if len(clauses) < 2:
        return clauses[0] if clauses else empty
    sql = word.join(f"({clause.sql})" for clause in clauses)
    return Clause(sql, tuple(value for clause in clauses for value in clause.values))


def negated(clause: Clause) -> Clause:
    return Clause(f"NOT ({clause.sql})", clause.values)


def one_of(column: str, values: Sequence[Value]) -> Clause:
    return Clause(f"{column} IN ({', '.join('?' * len(values))})", tuple(values))


def _starts(column: str, value: str) -> Clause:
    """The bounds let SQLite walk an index; the comparison alone would do."""
    begins = Clause(f"substr({column}, 1, length(?)) = ?", (value, value))
    bounds = [Clause(f"{column} >= ?", (value,))]
    last = ord(value[-1]) if value else 0x10FFFF
    # The character after the last one; those around the surrogates have none that is valid.
    if last < 0x10FFFF and not 0xD7FF <= last <= 0xDFFF:
        bounds.append(Clause(f"{column} < ?", (value[:-1] + chr(last + 1),)))
    return every((*bounds, begins))


_TEXT: dict[str, Callable[[str, str], Clause]] = {
    "Equals": lambda column, value: Clause(f"{column} = ?", (value,)),
    "NotEquals": lambda column, value: Clause(f"{column} <> ?", (value,)),
    "Contains": lambda column, value: Clause(f"instr({column}, ?) > 0", (value,)),
    "NotContains": lambda column, value: Clause(f"instr({column}, ?) = 0", (value,)),
    "StartsWith": _starts,
    "EndsWith": lambda column, value: Clause(
        f"length({column}) >= length(?) AND substr({column}, 1 + length({column}) - length(?)) = ?",
        (value, value, value),
    ),
}
_ORDER = {
    "Equals": "=",
    "NotEquals": "<>",
    "LessThan": "<",
    "LessThanEquals": "<=",
    "GreaterThan": ">",
    "GreaterThanEquals": ">=",
}
TEXT_OPERATORS = tuple(_TEXT)
ORDER_OPERATORS = tuple(_ORDER)
RANGE_OPERATORS = ("Between", "NotBetween")


def text(column: str, operator: str, value: str) -> Clause:
    """One of ``TEXT_OPERATORS``; upper and lower case differ."""
    return _TEXT[operator](column, value)


def order(column: str, operator: str, value: float) -> Clause:
    """One of ``ORDER_OPERATORS``."""
    return Clause(f"{column} {_ORDER[operator]} ?", (value,))


def between(column: str, operator: str, least: float, most: float) -> Clause:
    """One of ``RANGE_OPERATORS``; both ends belong to the range."""
    inside = Clause(f"{column} BETWEEN ? AND ?", (least, most))
    return inside if operator == "Between" else negated(inside)


def below(column: str, path: str) -> Clause:
    """Paths that begin with ``path``, which ends in a slash; the character after it is a zero."""
    return Clause(f"{column} >= ? AND {column} < ?", (path, f"{path[:-1]}0"))
