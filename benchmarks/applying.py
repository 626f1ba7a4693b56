"""A whole apply of many small jobs, beside a thread pool that only submits them.

    python -m benchmarks.applying [--jobs 1000] [--rounds 3] [--parallel 8]

The embedded IPS runs in a process of its own and does every job at once: one tiny original each.
The apply is the real one: intents and outcomes in a ledger on disk, the look for unknown jobs, the
submits, the look at what runs, every job log read and recorded. The peer is a zeep client with a
pool of threads that does nothing but submit the same jobs. Each round runs both, each on an empty
store; a figure is the median of the rounds.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median

from benchmarks.submitting import Server, at_rest, connected, serving, zeep_alone
from s7spec.adapters.clock import SystemClock
from s7spec.adapters.ledger_sqlite import SqliteLedger
from s7spec.apply import ApplyOptions, Means, ThreadCrew, apply_plan
from s7spec.model.asset import Asset
from s7spec.model.job import ExportJob, JobKey, ResolvedJob
from s7spec.model.ledger import AttemptState, Holder
from s7spec.model.manifest import EmailSetting, Fmt
from s7spec.model.plan import Plan, PlanHeader
from s7spec.model.receipt import RunItem, RunOutcome
from s7spec.model.sight import Observed
from s7spec.model.source import SourceRange
from s7spec.plan import Evidence, make_plan

COMPANY, ENVIRONMENT = "Acme", "local"
MANY = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """Seconds: of the apply, of the pool that only submits, and of our processor in the apply."""

    apply: float
    peer: float
    ours: float
    servers: float


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--jobs", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--parallel", type=int, default=8)
    given = parser.parse_args()
    rounds = [one_round(given.jobs, given.parallel) for _ in range(given.rounds)]
    apply, peer = middle(rounds, lambda each: each.apply), middle(rounds, lambda each: each.peer)
    print(f"{given.jobs} jobs, {given.parallel} calls at once, medians of {given.rounds} rounds")
    print(
        f"apply, end to end        {given.jobs / apply:7.0f} jobs/s  {apply:6.2f} s  target >= 150"
    )
    print(f"zeep pool, submits only  {given.jobs / peer:7.0f} jobs/s  {peer:6.2f} s")
    times = middle(rounds, lambda each: each.apply / each.peer)
    print(f"apply takes {times:.2f} times the pool's time (target <= 1.3)")
    ours = middle(rounds, lambda each: each.ours) / given.jobs * 1000
    servers = middle(rounds, lambda each: each.servers) / given.jobs * 1000
    print(f"processor time a job: {ours:.2f} ms ours, {servers:.2f} ms the server's")


def middle(rounds: list[Round], figure: Callable[[Round], float]) -> float:
    return median(figure(each) for each in rounds)


def one_round(jobs: int, parallel: int) -> Round:
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server:
        zeep_alone(server.endpoint, 20, 2)
        at_rest(server)
        begin = time.perf_counter()
        zeep_alone(server.endpoint, jobs, parallel)
        peer = time.perf_counter() - begin
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server:
        zeep_alone(server.endpoint, 20, 2)
        at_rest(server)
        return applied(server, Path(folder) / "ledger.db", jobs, parallel, peer)


def applied(server: Server, ledger_path: Path, jobs: int, parallel: int, peer: float) -> Round:
    clock = SystemClock()
    with connected(server.endpoint) as gateway, SqliteLedger(ledger_path, create=True) as ledger:
        known = {
            asset.name: asset
            for asset in gateway.in_folder(f"{COMPANY}/", recursive=True, types=(), where=())
        }
        wanted = [resolved(number, list(known.values())) for number in range(jobs)]
        with ledger.reading(COMPANY, ENVIRONMENT) as view:
            plan = planned(
                wanted, Evidence(view=view, observed=Observed(attempts={}), now=clock.now())
            )
        ours, servers, begin = time.process_time(), server.cpu(), time.perf_counter()
        report = apply_plan(
            plan,
            jobs={job.key: job for job in wanted},
            means=Means(
                ledger=ledger,
                gateway=gateway,
                clock=clock,
                observer=Silence(),
                crew=ThreadCrew(parallel),
            ),
            options=ApplyOptions(
                holder=Holder(host="bench", pid=1, user="bench"),
                description="bench",
                max_in_flight=MANY,
                max_parallel=parallel,
            ),
        )
        seconds = time.perf_counter() - begin
        assert report.outcome is RunOutcome.OK, report.message
        assert {item.state for item in report.items} == {AttemptState.OK}
        return Round(
            apply=seconds,
            peer=peer,
            ours=time.process_time() - ours,
            servers=server.cpu() - servers,
        )


def planned(jobs: list[ResolvedJob], evidence: Evidence) -> Plan:
    header = PlanHeader(
        company=COMPANY,
        environment=ENVIRONMENT,
        ips="embedded",
        created_at=evidence.now,
        assets_at=evidence.now,
        expires_at=evidence.now + timedelta(hours=1),
        tool_version="bench",
        manifest_hash="",
        preset_hash="",
    )
    return make_plan(jobs=tuple(jobs), evidence=evidence, header=header, whole=True)


def resolved(number: int, assets: list[Asset]) -> ResolvedJob:
    asset = assets[number % len(assets)]
    return ResolvedJob(
        key=JobKey(
            company=COMPANY, environment=ENVIRONMENT, manifest="bench", export=f"job-{number:06}"
        ),
        origin=SourceRange(path="bench.yaml"),
        export_job=ExportJob(
            fmt=Fmt.ORIG,
            is_modifier=None,
            macro=None,
            preset=None,
            emailSetting=EmailSetting.NONE,
            assets=(asset.version,),
        ),
        assets=(asset,),
    )


class Silence:
    """Hears everything, says nothing."""

    def planned(self, jobs: int, assets: int) -> None:
        return None

    def moved(self, item: RunItem, *, assets: int) -> None:
        return None

    def progressed(self, key: JobKey, percent: int | None, message: str) -> None:
        return None

    def said(self, message: str) -> None:
        return None


if __name__ == "__main__":
    main()
