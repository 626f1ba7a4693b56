"""How long it takes to find that nothing is to be done: 100,000 jobs, a million attempts.

    python -m benchmarks.noop_plan [--manifests 1000] [--attempts 10] [--rounds 3]

Whole processes: Python starts, manifests are loaded, validated, expanded and resolved
against a catalog that answers at once, each job is compared with its latest attempt in a ledger on
disk, and the plan is told as people read it. A figure is the median of the rounds.
Terraform and octoDNS, measured on such a machine before, stand beside it for the same number of
resources (their figures come from no run of this program).
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from benchmarks.manifests import PROJECT
from benchmarks.processes import Run, middle, run_module
from s7spec.adapters.bundled import schema_texts
from s7spec.adapters.ledger_rows.row import Cell
from s7spec.adapters.ledger_rows.rows import intent_cells, key_cells
from s7spec.adapters.ledger_sqlite import SqliteLedger, statements
from s7spec.cli import collect_less_often
from s7spec.model.asset import Asset, AssetVersion
from s7spec.model.ips import JobSnapshot, KnownJob
from s7spec.model.job import ResolvedJob, attempt_name
from s7spec.model.ledger import Attempt, AttemptState
from s7spec.model.preset import Preset
from s7spec.model.selection import Condition
from s7spec.pipeline.compiled import Compiled
from s7spec.pipeline.compiling import Compilation
from s7spec.pipeline.planning import plan_exports
from s7spec.pipeline.projects import open_project
from s7spec.report.human_plan import plan_text
from s7spec.report.view import View
from s7spec.resolve import Resolution, resolve
from s7spec.validate import SchemaSet

LEDGER = "ledger.db"
NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
JOBS = 100
MOST_SECONDS, MOST_MEMORY = 3.0, 250
OTHERS = (
    ("Terraform 1.11.4, no-op plan, 10,000 resources", 238.0),
    ("Terraform 1.11.4, fresh plan, 10,000 resources", 10.7),
    ("octoDNS, no-op plan, 10,000 records", 4.64),
    ("octoDNS, fresh plan, 10,000 records", 2.64),
)
"""Seconds, from the study that the targets come from."""

_MANIFEST = """\
apiVersion: s7spec/v1
kind: ExportManifest
metadata: {{name: shop-{number:04}}}
assets:
  packshots: {{names: [PS_{number:04}_main, PS_{number:04}_back]}}
exports:
  - id: "{{{{ matrix.size }}}}-{{{{ matrix.locale }}}}"
    matrix:
      size: [100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]
      locale: [en, de, fr, es, it, nl, ja, ko, zh, pt]
    assets: packshots
    fmt: convert
    is_modifier:
      wid: "{{{{ matrix.size }}}}"
      hei: "{{{{ matrix.size }}}}"
      fmt: jpeg
      qlt: 85
    emailSetting: None
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--manifests", type=int, default=1000, help=f"of {JOBS} jobs each")
    parser.add_argument("--attempts", type=int, default=10, help="of each job")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child is not None:
        plan_here(given.child)
        return
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        lay(root, given.manifests)
        jobs = resolved(compiled(root)).jobs
        fill(root / LEDGER, jobs, given.attempts)
        size = (root / LEDGER).stat().st_size / 1e6
        print(f"{len(jobs):,} jobs, {len(jobs) * given.attempts:,} attempts, {size:,.0f} MB")
        runs = [
            run_module(["benchmarks.noop_plan", "--child", str(root)], folder=root)
            for _ in range(given.rounds + 1)
        ][1:]
    show(runs, len(jobs))


def show(runs: list[Run], jobs: int) -> None:
    stages = [list(map(float, run.output.split())) for run in runs]
    for index, stage in enumerate(("compile", "resolve and compare", "tell")):
        print(f"  {stage:20}{median(each[index] for each in stages):7.2f} s CPU")
    cpu = middle(runs, lambda run: run.cpu)
    memory = middle(runs, lambda run: run.memory)
    said = "met" if cpu <= MOST_SECONDS and memory <= MOST_MEMORY else "missed"
    wall = middle(runs, lambda run: run.wall)
    print(f"  {'whole process':20}{cpu:7.2f} s CPU, {wall:.2f} s wall, {memory:.0f} MB", end="")
    print(f"  (<= {MOST_SECONDS:.0f} s, {MOST_MEMORY} MB) {said}")
    for words, seconds in OTHERS:
        print(f"  {words:50}{seconds:7.1f} s")


def lay(root: Path, manifests: int) -> None:
    (root / "s7spec.yaml").write_text(PROJECT)
    (root / "manifests").mkdir()
    for number in range(manifests):
        path = root / "manifests" / f"shop-{number:04}.yaml"
        path.write_text(_MANIFEST.format(number=number))


class Still:
    """A clock that always shows NOW."""

    def now(self) -> datetime:
        return NOW

    def sleep(self, seconds: float) -> None:
        raise NotImplementedError


def compiled(root: Path) -> Compiled:
    schemas = SchemaSet(schema_texts())
    found, _ = open_project(root, schemas)
    assert found is not None
    environment = found.project.environments["local"]
    return Compilation(found, environment, schemas=schemas).whole()


def resolved(known: Compiled) -> Resolution:
    return resolve(known.jobs, Catalog())


def plan_here(root: Path) -> None:
    """Prints the processor seconds of the stages."""
    collect_less_often()  # as every command does
    begin = time.process_time()
    known = compiled(root)
    compiling = time.process_time() - begin
    with (
        SqliteLedger(root / LEDGER, create=False) as ledger,
        ledger.reading("Acme", "local") as view,
    ):
        begin = time.process_time()
        planned = plan_exports(
            known,
            catalog=Catalog(),
            gateway=Nowhere(),
            view=view,
            clock=Still(),
            tool_version="bench",
        )
        whole = time.process_time() - begin
    assert planned.plan is not None
    assert not planned.plan.has_changes
    begin = time.process_time()
    text = plan_text(planned.plan, View(), detail="job", command=None, digest="")
    telling = time.process_time() - begin
    assert "unchanged" in text
    print(compiling, whole, telling)


def fill(path: Path, jobs: Iterable[ResolvedJob], attempts: int) -> None:
    """Written past the ledger's own methods: they make each step durable."""

    def rows(generation: int) -> Iterator[dict[str, Cell]]:
        for job in jobs:
            done = attempt(job, generation)
            yield intent_cells(done) | key_cells(job.key) | {"digest": job.spec_digest}

    with SqliteLedger(path, create=True) as ledger, ledger._write():
        connection = ledger._connection
        for generation in range(1, attempts + 1):
            connection.executemany(statements.ADD_ATTEMPT, rows(generation))
            connection.executemany(statements.ADD_EVENT, rows(generation))
        connection.executemany(statements.ADD_HEAD, rows(attempts))


def attempt(job: ResolvedJob, generation: int) -> Attempt:
    fingerprint = job.export_job.fingerprint
    intended = Attempt(
        name=attempt_name(job.key, fingerprint, generation),
        key=job.key,
        generation=generation,
        fingerprint=fingerprint,
        export_job=job.export_job,
        state=AttemptState.INTENT,
        intended_at=NOW,
        updated_at=NOW,
    )
    return replace(intended, state=AttemptState.OK, version=1, ended_at=NOW)


class Catalog:
    """Has whatever it is asked for, at once."""

    def by_name(self, names: Iterable[str]) -> tuple[Asset, ...]:
        return tuple(map(picture, names))

    def in_folder(
        self,
        folder: str,
        *,
        recursive: bool,
        types: tuple[str, ...],
        where: tuple[Condition, ...],
    ) -> Iterator[Asset]:
        raise NotImplementedError

    def presets(self) -> tuple[Preset, ...]:
        return ()


class Nowhere:
    """An IPS on which nothing is at work."""

    def submit(self, submission: object) -> str:
        raise NotImplementedError

    def find(self, attempt_name: str) -> JobSnapshot | None:
        raise NotImplementedError

    def scheduled(self, attempt_name: str) -> JobSnapshot | None:
        raise NotImplementedError

    def logged(self, attempt_name: str) -> JobSnapshot | None:
        raise NotImplementedError

    def active_jobs(self) -> tuple[()]:
        raise NotImplementedError

    def known_jobs(self, since: datetime) -> tuple[KnownJob, ...]:
        raise NotImplementedError

    def stop(self, jobHandle: str) -> None:
        raise NotImplementedError

    def delete(self, jobHandle: str) -> None:
        raise NotImplementedError


def picture(name: str) -> Asset:
    return Asset(
        handle=f"a|{name}",
        name=name,
        folder="Acme/shoes/",
        file_name=f"{name}.tif",
        version=AssetVersion(
            path=f"Acme/shoes/{name}",
            type="Image",
            last_modified_ms=1_782_907_200_000,
            file_size=1_000_000,
            width=3000,
            height=2000,
        ),
    )


if __name__ == "__main__":
    main()
