"""How fast the ledger in PostgreSQL tells the heads of its jobs, and what a durable step costs.

    python -m benchmarks.ledger_postgres [--jobs 100000] [--rounds 5]

The server is one of the tests': on this machine, with fsync on, unless S7SPEC_TEST_POSTGRES names
another. Writing is measured beside a plain commit of one row, and the way there and back beside
`SELECT 1`; reading beside fetching the same rows through the same cursor. Figures are medians.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from statistics import median

import psycopg

from benchmarks.ledger_sqlite import COMPANY, ENVIRONMENT, PER_MANIFEST, attempt, payload
from s7spec.adapters.ledger_postgres import PostgresLedger
from s7spec.model.ledger import AttemptEvent, AttemptState, Holder, LedgerRecord
from tests import postgres

NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
RECORDS = 10_000
BATCH = 50
STEPS = 300
BATCHES = 40
MORE_JOBS = b"""
INSERT INTO s7spec.job
SELECT company, environment, 'manifest-' || lpad((number / %(per_manifest)s)::text, 5, '0'),
  'export-' || lpad((number %% %(per_manifest)s)::text, 3, '0'), attempt_name, version, generation,
  state, forgotten, data_hash, meta_hash, fingerprint_version, rerun, ended_at, spec_digest
FROM s7spec.job, generate_series(1, %(jobs)s - 1) AS number
"""
HEADS = b"""
SELECT manifest, export, attempt_name, version, generation, state, forgotten, data_hash,
  meta_hash, fingerprint_version, rerun, ended_at
FROM s7spec.job WHERE company = 'Acme' AND environment = 'production' ORDER BY manifest, export
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with ExitStack() as stack:
        server = os.environ.get(postgres.SERVER)
        if not server:
            server = stack.enter_context(postgres.running_server(fsync=True)).url
        many, few, none = (postgres.new_database(server) for _ in range(3))
        for url in (many, few, none):
            stack.callback(postgres.drop_database, server, url)
        with psycopg.connect(many) as connection:
            print(f"PostgreSQL {connection.info.server_version // 10_000}, {options.jobs:,} jobs")
        reading(many, jobs=options.jobs, rounds=options.rounds)
        recording(few)
        writing(none)


def reading(url: str, *, jobs: int, rounds: int) -> None:
    with PostgresLedger(url, create=True) as ledger, psycopg.connect(url) as connection:
        fill(ledger, connection, jobs)

        def walk() -> None:
            with ledger.reading(COMPANY, ENVIRONMENT) as view:
                assert sum(1 for _ in view.heads()) == jobs

        def open_attempts() -> None:
            with ledger.reading(COMPANY, ENVIRONMENT) as view:
                assert view.open_attempts() == ()

        def fetch() -> None:
            with connection.cursor("bench") as rows:
                rows.execute(HEADS, binary=True)
                count = 0
                while batch := rows.fetchmany(256):
                    count += len(batch)
                assert count == jobs

        floor, floor_cpu = taken(fetch, rounds)
        heads, heads_cpu = taken(walk, rounds)
        opened, opened_cpu = taken(open_attempts, rounds)
    print(f"\n{'reading':44}{'s':>8}{'CPU s':>8}  of the floor")
    print(f"{'the rows of all heads, fetched':44}{floor:8.2f}{floor_cpu:8.2f}")
    print(f"{'all heads, one by one':44}{heads:8.2f}{heads_cpu:8.2f}{heads / floor:8.1f}x")
    print(f"{'open attempts, of which there are none':44}{opened:8.3f}{opened_cpu:8.3f}")


def fill(ledger: PostgresLedger, connection: psycopg.Connection, jobs: int) -> None:
    """One job as the ledger writes it, and so many that differ from it in their keys."""
    ledger.restore(records(1))
    connection.autocommit = True
    connection.execute(MORE_JOBS, {"jobs": jobs, "per_manifest": PER_MANIFEST})
    connection.execute("VACUUM ANALYZE")
    connection.autocommit = False


def recording(url: str) -> None:
    with PostgresLedger(url, create=True) as ledger:
        begin = time.perf_counter()
        assert ledger.restore(records(RECORDS)) == RECORDS
        restored = time.perf_counter() - begin
        begin = time.perf_counter()
        assert sum(1 for _ in ledger.records()) == RECORDS
        told = time.perf_counter() - begin
    print(f"{f'{RECORDS:,} attempts restored':44}{restored:8.2f}")
    print(f"{'the same told as records':44}{told:8.2f}")


def writing(url: str) -> None:
    with (
        PostgresLedger(url, create=True) as ledger,
        psycopg.connect(url, autocommit=True) as connection,
    ):
        holder = Holder(host="bench", pid=os.getpid(), user="bench")
        lease = ledger.acquire(COMPANY, ENVIRONMENT, holder=holder, now=NOW, seconds=60)
        attempts = iter([attempt(number) for number in range(STEPS + BATCH * BATCHES)])
        connection.execute("CREATE TABLE floor (number integer, page text)")
        page = "x" * 1000

        def intend(count: int) -> None:
            with ledger.writing(lease) as writer:
                for _ in range(count):
                    writer.intend(next(attempts), prior=None, spec_digest=bytes(32))

        there_and_back, _ = taken(lambda: connection.execute("SELECT 1"), STEPS)
        floor, _ = taken(
            lambda: connection.execute("INSERT INTO floor VALUES (%s, %s)", (1, page)), STEPS
        )
        empty, _ = taken(lambda: intend(0), STEPS)
        alone, alone_cpu = taken(lambda: intend(1), STEPS)
        batch, batch_cpu = taken(lambda: intend(BATCH), BATCHES)
    print(f"\n{'one step':44}{'us':>8}{'CPU us':>8}  of the floor")
    row("there and back (SELECT 1)", there_and_back)
    row("one row, committed", floor)
    row("a block without steps, durable", empty, floor=floor)
    row("an intent, durable alone", alone, alone_cpu, floor)
    row(f"{BATCH} intents in one transaction", batch, batch_cpu, floor)
    row("each of these", batch / BATCH, batch_cpu / BATCH, floor)


def row(what: str, seconds: float, cpu: float | None = None, floor: float | None = None) -> None:
    own = "" if cpu is None else f"{1e6 * cpu:8.0f}"
    times = "" if floor is None else f"{seconds / floor:8.1f}x"
    print(f"{what:44}{1e6 * seconds:8.0f}{own:8}{times}")


def records(jobs: int) -> Iterator[LedgerRecord]:
    wanted = payload()
    for number in range(jobs):
        done = replace(
            attempt(number), export_job=wanted, state=AttemptState.OK, version=1, ended_at=NOW
        )
        event = AttemptEvent(attempt_name=done.name, version=1, state=done.state, at=NOW)
        yield LedgerRecord(attempt=done, events=(event,), is_latest=True, spec_digest=bytes(32))


def taken(step: Callable[[], object], times: int) -> tuple[float, float]:
    """Seconds, and those of this process's CPU: medians."""
    walls, owns = [], []
    for _ in range(times):
        begin, own = time.perf_counter(), time.process_time()
        step()
        walls.append(time.perf_counter() - begin)
        owns.append(time.process_time() - own)
    return median(walls), median(owns)


if __name__ == "__main__":
    main()
