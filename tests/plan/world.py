"""A small world for laws of planning: a ledger and what IPS delivered, moved on by plans."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeAlias

from s7spec.model.asset import AssetVersion
from s7spec.model.ips import JobPhase, JobSnapshot
from s7spec.model.job import ExportJob, JobKey, ResolvedJob
from s7spec.model.ledger import AssetOutcome, Attempt, AttemptState, OutcomeKind
from s7spec.model.plan import Action, Plan, PlanItem
from s7spec.model.sight import Observed
from s7spec.plan import Evidence, Surgery, make_plan
from tests.fakes.clock import NOON
from tests.fakes.jobs import plan_header
from tests.fakes.view import StillView


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """What becomes of an attempt. ``outcomes`` are told about the assets that it sent; only what is
    told to be there was delivered."""

    state: AttemptState
    outcomes: tuple[AssetOutcome, ...] = ()


EndOf: TypeAlias = Callable[[tuple[AssetVersion, ...]], End | None]
"""By what was sent; None: it is still at work."""


def all_well(sent: tuple[AssetVersion, ...]) -> End:
    outcomes = tuple(AssetOutcome(asset=each, kind=OutcomeKind.OK) for each in sent)
    return End(state=AttemptState.OK, outcomes=outcomes)


class World:
    """``delivered`` holds what IPS made: for which job, as which content of what."""

    def __init__(self, latest: Iterable[Attempt] = (), *, earlier: Iterable[Attempt] = ()) -> None:
        self.latest = {each.key: each for each in latest}
        self.earlier = list(earlier)
        self.delivered: set[tuple[JobKey, str, AssetVersion]] = set()

    @property
    def view(self) -> StillView:
        return StillView(self.latest.values(), earlier=self.earlier)

    def plan(
        self,
        jobs: Iterable[ResolvedJob],
        *,
        now: datetime = NOON,
        surgery: Surgery | None = None,
        forced: frozenset[JobKey] = frozenset(),
    ) -> Plan:
        """A whole plan of a world in which every open attempt is at work."""
        seen = {
            each.name: JobSnapshot(
                originalName=each.name, jobHandle="j|7||x|1", phase=JobPhase.ACTIVE
            )
            for each in self.latest.values()
            if each.state.is_open
        }
        return make_plan(
            jobs=tuple(jobs),
            evidence=Evidence(
                view=self.view,
                observed=Observed(attempts=seen),
                now=now,
                forced=forced,
                surgery=surgery or Surgery(),
            ),
            header=plan_header(),
            whole=True,
        )

    def carry_out(self, plan: Plan, end_of: EndOf = all_well) -> None:
        """Every attempt that is followed or sent comes to its end, or is left at work."""
        for item in plan.items:
            if item.moved_from is not None:
                self._move(item.moved_from, item.key)
            if item.action.sends:
                self._send(item, end_of)
            else:
                self._settle(item, end_of)

    def _send(self, item: PlanItem, end_of: EndOf) -> None:
        older = self.latest.get(item.key)
        if older is not None and older.state.is_open:
            self.latest[item.key] = replace(older, state=AttemptState.STOPPED)
        self._begin(item)
        self._end(item.key, end_of)

    def _settle(self, item: PlanItem, end_of: EndOf) -> None:
        latest = self.latest.get(item.key)
        match item.action:
            case Action.ADOPT if latest is None or latest.name != item.attempt_name:
                self._begin(item)
                self._end(item.key, end_of)
            case Action.WAIT | Action.ADOPT | Action.CONFLICT:
                self._end(item.key, end_of)
            case Action.CANCEL:
                self._record(item.key, state=AttemptState.CANCELLED)
            case Action.FORGET:
                self._record(item.key, forgotten=True)
            case Action.UPDATE_META:
                assert item.export_job is not None
                assert latest is not None
                assert item.export_job.fingerprint.data == latest.wanted.data
                self._record(item.key, export_job=item.export_job, rerun=item.rerun)

    def _begin(self, item: PlanItem) -> None:
        sent = item.sent_fingerprint
        assert sent is not None
        assert item.export_job is not None
        was_refused = item.prior is not None and item.attempt_name == item.prior.attempt_name
        assert was_refused or not self.view.knows(item.attempt_name)
        older = self.latest.pop(item.key, None)
        assert (older is None) == (item.prior is None)
        if older is not None and older.name != item.attempt_name:
            self.earlier.append(older)
        self.latest[item.key] = Attempt(
            name=item.attempt_name,
            key=item.key,
            generation=item.generation,
            fingerprint=sent,
            export_job=item.export_job,
            state=AttemptState.ACTIVE,
            intended_at=NOON,
            updated_at=NOON,
            only=item.only,
            timing=item.timing,
            rerun=item.rerun,
            tries=item.tries,
        )

    def _end(self, key: JobKey, end_of: EndOf) -> None:
        attempt = self.latest[key]
        end = end_of(attempt.sent)
        if end is None:
            return
        settings = settings_of(attempt.export_job)
        self.delivered |= {
            (key, settings, each.asset)
            for each in end.outcomes
            if each.kind in (OutcomeKind.OK, OutcomeKind.WARNING)
        }
        self._record(key, state=end.state, outcomes=end.outcomes, ended_at=NOON, forgotten=False)

    def _record(self, key: JobKey, **changes: Any) -> None:
        attempt = self.latest[key]
        self.latest[key] = replace(attempt, version=attempt.version + 1, **changes)

    def _move(self, before: JobKey, after: JobKey) -> None:
        self.latest[after] = replace(self.latest.pop(before), key=after)
        self.earlier = [
            replace(each, key=after) if each.key == before else each for each in self.earlier
        ]


def settings_of(job: ExportJob) -> str:
    """What is asked for, whatever it is asked of."""
    return replace(job, assets=()).fingerprint.data
