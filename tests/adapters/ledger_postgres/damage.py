"""What somebody with all rights can do to a ledger's tables."""

from __future__ import annotations

import psycopg

from tests.fakes.jobs import attempt

FIRST, SECOND = attempt().name, attempt(generation=2).name


def damage(url: str, *statements: str) -> None:
    """Past all triggers and references. ``{first}`` and ``{second}`` are names of attempts."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET search_path = s7spec")
        connection.execute("SET session_replication_role = replica")
        for statement in statements:
            told = statement.replace("{first}", FIRST).replace("{second}", SECOND)
            connection.execute(told.encode())
