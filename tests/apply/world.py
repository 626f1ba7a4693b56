"""A company, its IPS and its ledger: what an apply needs, in a few lines of test."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from s7spec.apply import ApplyOptions, Crew, Means, StopSign, apply_plan
from s7spec.model.job import ResolvedJob
from s7spec.model.ledger import Attempt
from s7spec.model.plan import Action, Plan
from s7spec.model.receipt import RunReport
from s7spec.model.wishes import Refresh
from s7spec.plan import Evidence, Surgery, make_plan, misses_history
from s7spec.ports import IpsGateway, Ledger
from s7spec.resolve import observe
from tests.fakes.clock import ManualClock
from tests.fakes.crew import InlineCrew
from tests.fakes.gateway import ScriptedIps
from tests.fakes.jobs import COMPANY, ENVIRONMENT, HOLDER, job_key, plan_header, resolved_job
from tests.fakes.observer import Diary

QUARANTINE = 300


class World:
    """``jobs`` are what the manifests want now; change them freely between plans."""

    def __init__(self, ledger: Ledger, *, jobs: Iterable[str] = ("shop/main",)) -> None:
        self.ledger = ledger
        self.clock = ManualClock()
        self.ips = ScriptedIps(clock=self.clock)
        self.diary = Diary()
        self.jobs = [resolved_job(short) for short in jobs]

    def plan(
        self,
        *,
        whole: bool = True,
        refresh: Refresh = Refresh.AUTO,
        first_run: bool = False,
        **facts: Any,
    ) -> Plan:
        now = self.clock.now()
        surgery = facts.get("surgery", Surgery())
        with self.ledger.reading(COMPANY, ENVIRONMENT) as view:
            observed = observe(
                view,
                self.ips,
                now=now,
                refresh=refresh,
                first_run=first_run,
                misses_history=misses_history((job.key for job in self.jobs), surgery, view),
            )
            return make_plan(
                jobs=tuple(self.jobs),
                evidence=Evidence(view=view, observed=observed, now=now, **facts),
                header=plan_header(at=now),
                whole=whole,
            )

    def apply(
        self,
        plan: Plan | None = None,
        *,
        jobs: Iterable[ResolvedJob] | None = None,
        ledger: Ledger | None = None,
        gateway: IpsGateway | None = None,
        stop: StopSign | None = None,
        crew: Crew | None = None,
        **options: Any,
    ) -> RunReport:
        known = self.jobs if jobs is None else jobs
        calls = options.get("max_parallel", 8)
        return apply_plan(
            plan or self.plan(),
            jobs={job.key: job for job in known},
            means=Means(
                ledger=ledger or self.ledger,
                gateway=gateway or self.ips,
                clock=self.clock,
                observer=self.diary,
                crew=crew or InlineCrew(self.clock, size=calls),
                stop=stop or StopSign(),
            ),
            options=ApplyOptions(
                holder=HOLDER,
                description="s7spec test",
                **{"quarantine_seconds": QUARANTINE, **options},
            ),
        )

    def actions(self) -> dict[str, str]:
        return {item.key.short: item.action.value for item in self.plan().items}

    def is_settled(self) -> bool:
        return all(item.action is Action.SKIP for item in self.plan().items)

    def is_cold(self) -> bool:
        with self.ledger.reading(COMPANY, ENVIRONMENT) as view:
            return view.is_cold()

    def latest(self, short: str = "shop/main") -> Attempt:
        return self.ledger.attempts(job_key(short))[-1]

    def states(self, short: str = "shop/main") -> list[str]:
        """What the latest attempt went through, as its history tells."""
        return [event.state.value for event in self.ledger.events(self.latest(short).name)]


def states_of(report: RunReport) -> dict[str, str | None]:
    return {item.key.short: item.state.value if item.state else None for item in report.items}


def memory_folder(fallback: Path) -> Path:
    """Where the ledger's syncs cost nothing: the same SQLite, without a disk below."""
    shared = Path("/dev/shm")
    return shared if shared.is_dir() else fallback
