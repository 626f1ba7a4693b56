"""Which items of a plan are taken: all terms can be answered now."""

from __future__ import annotations

from collections.abc import Iterable

from s7spec.model.job import JobKey
from s7spec.model.manifest import Manifest
from s7spec.model.plan import PlanItem
from s7spec.pipeline.selecting.answers import (
    GONE,
    About,
    failed_jobs,
    holds_in_plan,
    holds_offline,
)
from s7spec.pipeline.selecting.terms import (
    Clause,
    Condition,
    LabelTerm,
    NameTerm,
    Narrowing,
    PathTerm,
    State,
    StateTerm,
)
from s7spec.ports import LedgerView


class Sieve:
    """``left_out`` counts the items that were not taken. What a manifest does not declare any more
    has neither labels nor a path."""

    def __init__(
        self, narrowing: Narrowing, manifests: Iterable[Manifest], view: LedgerView
    ) -> None:
        self._narrowing = narrowing
        self._adding = narrowing.adding
        self._taking_away = narrowing.taking_away
        self._about = {manifest.name: About.of(manifest) for manifest in manifests}
        asks_for_failed = any(
            condition.term == StateTerm(state=State.FAILED) for condition in narrowing.conditions
        )
        self._failed = failed_jobs(view) if asks_for_failed else frozenset[JobKey]()
        self.left_out = 0

    def takes(self, item: PlanItem) -> bool:
        is_added = not self._adding or any(self._holds(clause, item) for clause in self._adding)
        is_taken = is_added and all(self._holds(clause, item) for clause in self._taking_away)
        self.left_out += not is_taken
        return is_taken

    def _holds(self, clause: Clause, item: PlanItem) -> bool:
        return all(self._is_so(condition, item) for condition in clause.conditions)

    def _is_so(self, condition: Condition, item: PlanItem) -> bool:
        term = condition.term
        if isinstance(term, NameTerm | LabelTerm | PathTerm):
            about = self._about.get(item.key.manifest, GONE)
            holds = holds_offline(term, item.key, about)
        else:
            holds = holds_in_plan(term, item, self._failed)
        return holds is not condition.is_negated
