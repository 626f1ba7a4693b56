"""How fast the ledger in SQLite tells the heads of its jobs, and what a durable step costs.

    python -m benchmarks.ledger_sqlite [--jobs 100000] [--attempts 10] [--rounds 5]

Reading is measured in whole processes, less what a process takes that only opens the ledger; a
figure is the median of the rounds. A twentieth of the jobs want something else than the ledger
knows, which is counted and held in every run. The peer loads all heads into a dict first, as one
does who has read no ledger of a million jobs. Writing is measured in this process, beside a loop
that appends a page to a file and waits for the disk.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from benchmarks.processes import Run, middle, run_module
from s7spec.adapters.ledger_rows.row import Cell
from s7spec.adapters.ledger_rows.rows import intent_cells
from s7spec.adapters.ledger_sqlite import SqliteLedger, statements
from s7spec.model.asset import AssetVersion
from s7spec.model.job import ExportJob, JobKey, attempt_name
from s7spec.model.ledger import Attempt, AttemptState, Holder
from s7spec.model.manifest import EmailSetting, Fmt

LEDGER = "ledger.db"
COMPANY, ENVIRONMENT = "Acme", "production"
PER_MANIFEST = 100
CHANGED_OF = 20
NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
MOST_SECONDS = 1.0
MOST_MEMORY = 10.0
MOST_MICROSECONDS = 500.0
BATCH = 50
STEPS = 300
BATCHES = 100
PAGE = bytes(4096)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", type=int, default=100_000)
    parser.add_argument("--attempts", type=int, default=10, help="of each job")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--task", choices=TASKS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child is not None:
        print(TASKS[options.task](options.child, options.jobs))
        return
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        filled = fill(root, jobs=options.jobs, attempts=options.attempts)
        size = (root / LEDGER).stat().st_size / 1e6
        print(
            f"{options.jobs:,} jobs, {options.attempts} attempts each, {size:,.0f} MB, "
            f"filled in {filled:.0f} s"
        )
        reading(root, options)
    with tempfile.TemporaryDirectory() as folder:
        writing(Path(folder))


def reading(root: Path, options: argparse.Namespace) -> None:
    start = measure(root, "open", options)
    print(f"{'':28}{'CPU s':>8}{'wall s':>8}{'MB':>7}{'jobs/s':>10}  less an open of")
    print(f"{'':28}{cpu(start):8.2f}{wall(start):8.2f}{memory(start):7.0f}")
    figures = {task: measure(root, task, options) for task in ("heads", "merge", "dict")}
    for task, runs in figures.items():
        seconds, megabytes = cpu(runs) - cpu(start), memory(runs) - memory(start)
        said = ""
        if task == "heads" and options.jobs == 100_000:
            is_met = seconds <= MOST_SECONDS and megabytes <= MOST_MEMORY
            said = f"<= {MOST_SECONDS:.0f} s, {MOST_MEMORY:.0f} MB, {'met' if is_met else 'missed'}"
        print(
            f"{WORDS[task]:28}{seconds:8.2f}{wall(runs) - wall(start):8.2f}{megabytes:7.0f}"
            f"{options.jobs / seconds:10,.0f}  {said}"
        )


def measure(root: Path, task: str, options: argparse.Namespace) -> list[Run]:
    arguments = ["--child", str(root), "--task", task, "--jobs", str(options.jobs)]
    runs = [
        run_module(["benchmarks.ledger_sqlite", *arguments], folder=root)
        for _ in range(options.rounds + 1)
    ][1:]
    expected = {"open": "0", "heads": str(options.jobs)}
    changed = str(-(-options.jobs // CHANGED_OF))
    for run in runs:
        assert run.output.strip() == expected.get(task, changed), run.output
    return runs


def cpu(runs: list[Run]) -> float:
    return middle(runs, lambda run: run.cpu)


def wall(runs: list[Run]) -> float:
    return middle(runs, lambda run: run.wall)


def memory(runs: list[Run]) -> float:
    return middle(runs, lambda run: run.memory)


def only_open(root: Path, jobs: int) -> int:
    with (
        SqliteLedger(root / LEDGER, create=False) as ledger,
        ledger.reading(COMPANY, ENVIRONMENT),
    ):
        return 0


def count_heads(root: Path, jobs: int) -> int:
    with (
        SqliteLedger(root / LEDGER, create=False) as ledger,
        ledger.reading(COMPANY, ENVIRONMENT) as view,
    ):
        return sum(1 for _ in view.heads())


def merge(root: Path, jobs: int) -> int:
    """Both sides in the order of their keys: one head and one wish in memory."""
    changed = 0
    with (
        SqliteLedger(root / LEDGER, create=False) as ledger,
        ledger.reading(COMPANY, ENVIRONMENT) as view,
    ):
        heads = view.heads()
        head = next(heads, None)
        for key, data in wishes(jobs):
            while head is not None and head.key < key:
                head = next(heads, None)
            if head is None or head.key != key or head.wanted.data != data:
                changed += 1
    return changed


def look_up(root: Path, jobs: int) -> int:
    with (
        SqliteLedger(root / LEDGER, create=False) as ledger,
        ledger.reading(COMPANY, ENVIRONMENT) as view,
    ):
        heads = {head.key: head for head in view.heads()}
    changed = 0
    for key, data in wishes(jobs):
        head = heads.get(key)
        if head is None or head.wanted.data != data:
            changed += 1
    return changed


TASKS = {"open": only_open, "heads": count_heads, "merge": merge, "dict": look_up}
WORDS = {
    "heads": "all heads, one by one",
    "merge": "compared with what is wanted",
    "dict": "the same, by way of a dict",
}


def job_key(number: int) -> JobKey:
    return JobKey(
        company=COMPANY,
        environment=ENVIRONMENT,
        manifest=f"manifest-{number // PER_MANIFEST:05}",
        export=f"export-{number % PER_MANIFEST:03}",
    )


def wishes(jobs: int) -> Iterator[tuple[JobKey, str]]:
    """What is wanted of each job, sorted by key: every twentieth is new."""
    same = payload().fingerprint.data
    for number in range(jobs):
        yield job_key(number), "0" * 64 if number % CHANGED_OF == 0 else same


def payload() -> ExportJob:
    return ExportJob(
        fmt=Fmt.CONVERT,
        is_modifier="wid=1200&hei=1200&fmt=jpeg&qlt=85",
        macro=None,
        preset=None,
        emailSetting=EmailSetting.NONE,
        assets=tuple(
            AssetVersion(
                path=f"Acme/shoes/{number:04}",
                type="Image",
                last_modified_ms=1_782_907_200_000,
                file_size=1_000_000,
                width=3000,
                height=2000,
            )
            for number in range(2)
        ),
    )


def attempt(number: int, generation: int = 1) -> Attempt:
    key, wanted = job_key(number), payload()
    return Attempt(
        name=attempt_name(key, wanted.fingerprint, generation),
        key=key,
        generation=generation,
        fingerprint=wanted.fingerprint,
        export_job=wanted,
        state=AttemptState.INTENT,
        intended_at=NOW,
        updated_at=NOW,
    )


def fill(root: Path, *, jobs: int, attempts: int) -> float:
    """Seconds. Written past the ledger's own methods: they make each step durable."""
    done = replace(attempt(0), state=AttemptState.OK, version=1, ended_at=NOW)
    base = intent_cells(done) | {"digest": bytes(32)}

    def rows(generation: int) -> Iterator[dict[str, Cell]]:
        for number in range(jobs):
            key = job_key(number)
            name = f"s7-{key.manifest}-{key.export}-{number:08x}-01234567-g{generation}"
            yield base | {
                "manifest": key.manifest,
                "export": key.export,
                "name": name,
                "generation": generation,
            }

    begin = time.perf_counter()
    with SqliteLedger(root / LEDGER, create=True) as ledger, ledger._write():
        connection = ledger._connection
        for generation in range(1, attempts + 1):
            connection.executemany(statements.ADD_ATTEMPT, rows(generation))
            connection.executemany(statements.ADD_EVENT, rows(generation))
        connection.executemany(statements.ADD_HEAD, rows(attempts))
    return time.perf_counter() - begin


def writing(root: Path) -> None:
    with SqliteLedger(root / LEDGER, create=True) as ledger:
        holder = Holder(host="bench", pid=os.getpid(), user="bench")
        lease = ledger.acquire(COMPANY, ENVIRONMENT, holder=holder, now=NOW, seconds=60)
        attempts = iter([attempt(number) for number in range(STEPS + BATCH * BATCHES)])

        def intend(count: int) -> None:
            with ledger.writing(lease) as writer:
                for _ in range(count):
                    writer.intend(next(attempts), prior=None, spec_digest=bytes(32))

        with (root / "raw").open("wb", buffering=0) as raw:

            def append() -> None:
                raw.write(PAGE)
                os.fdatasync(raw.fileno())

            floor = microseconds(append, STEPS)
        alone = microseconds(lambda: intend(1), STEPS)
        begin = time.process_time()
        batch = microseconds(lambda: intend(BATCH), BATCHES)
        own = 1e6 * (time.process_time() - begin) / (BATCH * BATCHES)
    print(f"\n{'one step':44}{'us':>8}  of the floor")
    print(f"{'a page appended, fdatasync':44}{floor:8.0f}")
    print(f"{'an intent, durable alone':44}{alone:8.0f}{alone / floor:8.1f}x")
    print(f"{f'{BATCH} intents in one transaction':44}{batch:8.0f}{batch / floor:8.1f}x")
    said = "met" if batch / BATCH <= MOST_MICROSECONDS else "missed"
    print(f"{'each of these':44}{batch / BATCH:8.0f}{'':9}<= {MOST_MICROSECONDS:.0f} us, {said}")
    print(f"{'of which CPU':44}{own:8.0f}")


def microseconds(step: Callable[[], None], times: int) -> float:
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        step()
        taken.append(time.perf_counter() - begin)
    return 1e6 * median(taken)


if __name__ == "__main__":
    main()
