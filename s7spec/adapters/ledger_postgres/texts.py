"""Texts that PostgreSQL cannot store: nothing of them is ever sent."""

from __future__ import annotations

from collections.abc import Mapping

from s7spec.adapters.ledger_postgres.address import Address
from s7spec.adapters.ledger_rows.row import Cell
from s7spec.ports import LedgerUnwritable


def are_texts(cells: Mapping[str, Cell]) -> bool:
    """False when what is asked for cannot be in any table."""
    return not any(isinstance(value, str) and _problem(value) for value in cells.values())


def check_texts(cells: Mapping[str, Cell], address: Address) -> None:
    """Raises LedgerUnwritable, which names the cell."""
    for name, value in cells.items():
        if isinstance(value, str) and (why := _problem(value)):
            raise LedgerUnwritable(
                address.shown,
                f"the ledger {address.shown} cannot be written: `{name}` of {_owner(cells)} "
                f"holds {why}, which PostgreSQL cannot store",
            )


def _problem(text: str) -> str | None:
    if "\0" in text:
        return "a NUL character"
    if text.isascii():
        return None
    try:
        text.encode()
    except UnicodeEncodeError:
        return "half of a character (a lone surrogate)"
    return None


def _owner(cells: Mapping[str, Cell]) -> str:
    told = cells.get("name") or cells.get("host") or cells.get("export")
    return repr(told)
