"""The ledger in one SQLite file: the default, for one machine or one CI runner at a time."""

from s7spec.adapters.ledger_sqlite.ledger import SqliteLedger

__all__ = ["SqliteLedger"]
