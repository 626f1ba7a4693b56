"""How long a whole compilation takes, offline: load, validate, expand, digest, and compare with the
ledger, as `s7spec render --changed` does.

    python -m benchmarks.compiling [--rounds 3] [--jobs 1000000]

Whole processes; a figure is the median of the rounds. A twentieth of the jobs differ from what the
ledger keeps, which is counted and held in every run. The exponent is that of the best fit of
CPU seconds, without those of the start, over the number of jobs; from 10,000 on, for below that
the start takes nearly all of the time, and its noise more than the jobs.
"""

from __future__ import annotations

import argparse
import math
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from statistics import linear_regression

from benchmarks.manifests import JOBS, write_matrix_project
from benchmarks.processes import Run, middle, run_module
from s7spec.adapters.bundled import schema_texts
from s7spec.adapters.ledger_sqlite import SqliteLedger
from s7spec.pipeline.changes import changed_jobs
from s7spec.pipeline.compiling import Compilation
from s7spec.pipeline.projects import open_project
from s7spec.validate import SchemaSet

LEDGER = "ledger.db"
CHANGED_OF = 20
MOST_SECONDS = {False: 2.0, True: 3.0}
MOST_MEMORY = 200
MOST_EXPONENT = 1.05
MOST_GROWTH = 2.0
FIRST_FITTED = 10_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=1_000_000, help="the largest project")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--fill", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child is not None:
        fill(options.child) if options.fill else compile_here(options.child)
        return
    print(f"{'jobs':>10} {'templates':16}{'CPU':>8}{'wall':>8}{'memory':>9}  target")
    for unique in (False, True):
        runs = measure(100_000, options.rounds, unique=unique)
        show(100_000, runs, unique=unique)
    growth(options)


def growth(options: argparse.Namespace) -> None:
    """From 1,000 jobs on by tens: time grows as the jobs do, memory hardly at all."""
    sizes = [size for size in (1_000, 10_000, 100_000, 1_000_000) if size <= options.jobs]
    start = middle(measure(0, max(options.rounds, 3), unique=True), lambda run: run.cpu)
    seconds: list[float] = []
    memory: dict[int, float] = {}
    for size in sizes:
        runs = measure(size, 1 if size > 100_000 else options.rounds, unique=True)
        seconds.append(middle(runs, lambda run: run.cpu) - start)
        memory[size] = middle(runs, lambda run: run.memory)
        print(f"{size:>10,} {'all differ':16}{seconds[-1] + start:8.2f}{'':8}{memory[size]:9.0f}")
    fitted = [
        (math.log(size), math.log(spent))
        for size, spent in zip(sizes, seconds, strict=True)
        if size >= FIRST_FITTED and spent > 0
    ]
    if len(fitted) < 2:
        return
    exponent = linear_regression(*zip(*fitted, strict=True)).slope
    said = "met" if exponent <= MOST_EXPONENT else "missed"
    print(f"exponent {exponent:.3f} (<= {MOST_EXPONENT}), {said}")
    if 1_000_000 in memory:
        times = memory[1_000_000] / memory[100_000]
        said = "met" if times <= MOST_GROWTH else "missed"
        print(f"memory at a million jobs {times:.2f}x that at 100,000 (<= {MOST_GROWTH}), {said}")


def measure(jobs: int, rounds: int, *, unique: bool) -> list[Run]:
    """A project of so many jobs, its ledger filled; the first run only compiles the modules."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_matrix_project(root, max(jobs // JOBS, 1), unique=unique)
        filled = child(root, "--fill")
        assert filled.code == 0, filled.output
        runs = [child(root) for _ in range(rounds + 1)][1:]
    for run in runs:
        total = max(jobs, JOBS)
        assert run.output.split() == [str(total // CHANGED_OF), str(total)], run.output
    return runs


def child(root: Path, *options: str) -> Run:
    return run_module(["benchmarks.compiling", "--child", str(root), *options], folder=root)


def compilation(root: Path) -> Compilation:
    schemas = SchemaSet(schema_texts())
    found, findings = open_project(root, schemas)
    assert found is not None, findings
    return Compilation(found, found.project.environments["local"], schemas=schemas)


def compile_here(root: Path) -> None:
    """Prints how many jobs changed, and how many there are."""
    compiled = compilation(root)
    with SqliteLedger(root / LEDGER, create=False) as ledger:
        environment = compiled.environment
        changed = sum(1 for _ in changed_jobs(compiled, environment, ledger))
    assert compiled.findings().diagnostics == ()
    print(changed, compiled.jobs)


def fill(root: Path) -> None:
    """A ledger that knows the digests of all jobs, those of every twentieth wrong. Written past
    the ledger's own methods: they make each attempt durable, which takes an hour for a million."""
    with SqliteLedger(root / LEDGER, create=True):
        pass
    rows = (
        (
            job.key.company,
            job.key.environment,
            job.key.manifest,
            job.export,
            bytes(32) if number % CHANGED_OF == 0 else job.spec_digest(),
        )
        for number, job in enumerate(compilation(root))
    )
    with closing(sqlite3.connect(root / LEDGER)) as connection, connection:
        connection.executemany(
            "INSERT INTO job (company, environment, manifest, export, spec_digest,"
            " attempt_name, version, generation, state, forgotten, data_hash, meta_hash,"
            " fingerprint_version) VALUES (?, ?, ?, ?, ?, hex(randomblob(30)), 1, 1, 'ok', 0,"
            " hex(randomblob(32)), hex(randomblob(32)), 1)",
            rows,
        )


def show(jobs: int, runs: list[Run], *, unique: bool) -> None:
    cpu, memory = middle(runs, lambda run: run.cpu), middle(runs, lambda run: run.memory)
    most = MOST_SECONDS[unique]
    said = "met" if cpu <= most and memory <= MOST_MEMORY else "missed"
    print(
        f"{jobs:>10,} {'all differ' if unique else 'shared':16}{cpu:8.2f}"
        f"{middle(runs, lambda run: run.wall):8.2f}{memory:9.0f}"
        f"  CPU <= {most:.0f} s, memory <= {MOST_MEMORY} MB, {said}"
    )


if __name__ == "__main__":
    main()
