"""The ledger in a PostgreSQL database: for many CI runners at once.

The only room that imports psycopg (`pip install 's7spec[postgres]'`).
"""

from s7spec.adapters.ledger_postgres.ledger import PostgresLedger

__all__ = ["PostgresLedger"]
