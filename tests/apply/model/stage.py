"""Runs of the tool on a state: the real plan and apply, on ports that play the model."""

from collections.abc import Hashable

from s7spec.apply import ApplyOptions, Means, StopSign, apply_plan
from s7spec.model.job import ResolvedJob
from s7spec.model.plan import Plan
from s7spec.model.receipt import RunReport
from s7spec.model.wishes import Refresh
from s7spec.plan import Evidence, make_plan
from s7spec.ports import IpsGateway, LeaseHeld, Ledger, LedgerConflict
from s7spec.resolve import observe
from tests.apply.model.choices import Choices
from tests.apply.model.perils import Peril, Perils
from tests.apply.model.ports import ModelIps, ModelLedger
from tests.apply.model.state import State
from tests.apply.model.variants import LEASE, QUARANTINE, RUNS_FOR, Loss, Variant
from tests.fakes.clock import ManualClock
from tests.fakes.crew import InlineCrew
from tests.fakes.doom import DoomedGateway, DoomedLedger, Killed
from tests.fakes.gateway import Fate
from tests.fakes.jobs import COMPANY, ENVIRONMENT, HOLDER, export_job, plan_header, resolved_job
from tests.fakes.ledger import MemoryLedger, Store
from tests.fakes.memory_view import Pages
from tests.fakes.observer import Diary

WISHES = tuple(resolved_job("shop/main", export_job(is_modifier=f"wid={n}")) for n in (100, 200))


class Stage:
    """A state made alive. ``choices`` None: from here on nothing goes wrong."""

    def __init__(self, state: State, variant: Variant, choices: Choices | None = None) -> None:
        self.variant = variant
        self.clock = ManualClock(state.now)
        self.store = Store(pages=state.pages)
        self.ips = ModelIps(
            clock=self.clock, runs_for=RUNS_FOR, jobs=list(state.jobs), blind=variant.blind
        )
        self.ips.fate_of = self._fate
        self.wish = state.wish
        self.told = state.told
        self.reports: list[RunReport] = []
        self._copies = list(state.copies)
        self._losses = state.losses
        self._choices = choices

    def state(self) -> State:
        return State(
            now=self.clock.true_time,
            pages=self.store.pages,
            copies=tuple(self._copies) if Loss.OLDER in self._losses else (),
            jobs=tuple(self.ips.jobs),
            told=self.told or any(map(tells_of_double, self.reports)),
            wish=self.wish,
            losses=self._losses,
        )

    def play(self) -> None:
        """What may happen to ledger and wish while nothing of ours runs, then a run that may go
        wrong."""
        choices = self._choices
        assert choices is not None
        self._may_lose(choices)
        self.clock.move(choices.pick(self.variant.gaps))
        if self.wish + 1 < self.variant.wishes:
            self.wish = choices.pick((self.wish, self.wish + 1))
        stop = StopSign()
        perils = [Peril.NONE, Peril.DIES]
        perils += [Peril.STOPS] if self.variant.stops else []
        perils += [Peril.PAUSES] if self.variant.pauses else []
        if self.variant.sleeps:
            self.ips.before_submit = self._may_sleep
        self.run((WISHES[self.wish],), stop=stop, perils=self._perils(perils, stop))

    def _may_lose(self, choices: Choices) -> None:
        """Once is enough."""
        copies = [pages for pages in self._copies if pages.attempts]
        options = [loss for loss in self._losses if loss is not Loss.OLDER or copies]
        loss = choices.pick((Loss.NONE, *options))
        if loss is Loss.NONE:
            return
        self._losses = ()
        older = copies[choices.pick(range(len(copies)))] if loss is Loss.OLDER else Pages()
        self.store.pages = older

    def run(
        self,
        wanted: tuple[ResolvedJob, ...],
        *,
        stop: StopSign | None = None,
        perils: Perils | None = None,
        refresh: Refresh = Refresh.AUTO,
    ) -> Plan | None:
        """The plan, when the run came to its end; None when it died, or was refused."""
        memory = ModelLedger(self.store, self._copies, forgets_intents=self.variant.forgets_intents)
        ledger: Ledger = memory
        gateway: IpsGateway = self.ips
        if perils is not None:
            ledger, gateway = DoomedLedger(memory, perils), DoomedGateway(self.ips, perils)
        try:
            plan = self._plan(ledger, gateway, wanted, refresh)
            report = self._apply(plan, ledger, gateway, wanted, stop or StopSign())
        except Killed:
            self.store.pages = memory.durable
            return None
        except (LeaseHeld, LedgerConflict):
            return None
        self.reports.append(report)
        return plan

    def _plan(
        self,
        ledger: Ledger,
        gateway: IpsGateway,
        wanted: tuple[ResolvedJob, ...],
        refresh: Refresh,
    ) -> Plan:
        now = self.clock.now()
        with ledger.reading(COMPANY, ENVIRONMENT) as view:
            observed = observe(view, gateway, now=now, refresh=refresh)
            return make_plan(
                jobs=wanted,
                evidence=Evidence(view=view, observed=observed, now=now, hold=self.variant.hold),
                header=plan_header(at=now),
                whole=True,
            )

    def _apply(
        self,
        plan: Plan,
        ledger: Ledger,
        gateway: IpsGateway,
        wanted: tuple[ResolvedJob, ...],
        stop: StopSign,
    ) -> RunReport:
        return apply_plan(
            plan,
            jobs={job.key: job for job in wanted},
            means=Means(
                ledger=ledger,
                gateway=gateway,
                clock=self.clock,
                observer=Diary(),
                crew=InlineCrew(self.clock),
                stop=stop,
            ),
            options=ApplyOptions(
                holder=HOLDER,
                description="s7spec model",
                quarantine_seconds=QUARANTINE,
                cold_wait_seconds=self.variant.cold_wait,
                lease_seconds=LEASE,
                hold=self.variant.hold,
                first_poll_seconds=30,
                last_poll_seconds=50,
                max_sends=2,
            ),
        )

    def _perils(self, perils: list[Peril], stop: StopSign) -> Perils:
        assert self._choices is not None
        return Perils(
            self._choices,
            tuple(perils),
            standing=self._standing,
            stop=stop,
            meanwhile=self._meanwhile,
        )

    def _standing(self) -> Hashable:
        return id(self.store.pages), len(self.ips.jobs), self.clock.true_time

    def _meanwhile(self) -> None:
        """While a run is paused, another one may come while its lease holds, or when it has run
        out."""
        assert self._choices is not None
        lease = MemoryLedger(self.store).lease(COMPANY, ENVIRONMENT)
        event = self._choices.pick(("somebody comes", "nobody comes for long", "taken over"))
        if event == "somebody comes":
            came = self._another_run(may_die=lease is None)
            assert lease is None or came is None, "two runs held the lease"
            return
        self.clock.move(LEASE + 1)
        if event == "taken over":
            self._another_run(may_die=True)

    def _another_run(self, *, may_die: bool = False) -> Plan | None:
        stop = StopSign()
        perils = [Peril.NONE, Peril.DIES] if may_die else [Peril.NONE]
        return self.run((WISHES[self.wish],), stop=stop, perils=self._perils(perils, stop))

    def _may_sleep(self) -> None:
        """The machine sleeps between the decision to send and the first byte."""
        assert self._choices is not None
        self.ips.before_submit = lambda: None
        if self._choices.pick((False, True)):
            self.clock.move(LEASE + 1)
            self._another_run()

    def _fate(self, name: str) -> Fate:
        if self._choices is None:
            self.ips.visible_after = 0.0
            return Fate.TAKEN
        arrival = self._choices.pick(self.variant.arrivals)
        self.ips.visible_after = arrival.lag
        self.ips.late_by = arrival.late_by
        return arrival.fate


def tells_of_double(report: RunReport) -> bool:
    texts = (report.message, *(item.message for item in report.items))
    return any("jobs of this name" in text or "jobs of one name" in text for text in texts)
