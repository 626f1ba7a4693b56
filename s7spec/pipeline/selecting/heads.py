"""Which jobs of a ledger are taken: by what it knows of them without manifests or a plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from s7spec.model.diagnostics import Diagnostic
from s7spec.model.ledger import JobHead
from s7spec.pipeline.selecting.answers import ended_badly
from s7spec.pipeline.selecting.nearby import Known, ambiguous, hint_for
from s7spec.pipeline.selecting.patterns import matches
from s7spec.pipeline.selecting.terms import (
    Clause,
    Condition,
    NameTerm,
    Narrowing,
    State,
    StateTerm,
)

_FAILED = StateTerm(state=State.FAILED)


class HeadChoice:
    """Names, and whether the latest attempt ended badly."""

    def __init__(self, narrowing: Narrowing) -> None:
        self._narrowing = narrowing
        self._adding = narrowing.adding
        self._taking_away = narrowing.taking_away

    @property
    def is_narrow(self) -> bool:
        return bool(self._narrowing.clauses)

    def takes(self, head: JobHead) -> bool:
        is_added = not self._adding or any(_holds(clause, head) for clause in self._adding)
        return is_added and all(_holds(clause, head) for clause in self._taking_away)

    def unanswerable(self) -> Iterator[Diagnostic]:
        """Terms that a ledger alone cannot answer."""
        for condition in self._narrowing.conditions:
            if not isinstance(condition.term, NameTerm) and condition.term != _FAILED:
                yield condition.written.finding(
                    f"--select {condition.term}: the ledger alone cannot tell",
                    "it knows names and what `failed`; `s7spec plan --select` knows the rest",
                )

    def idle(self, heads: Iterable[JobHead]) -> Iterator[Diagnostic]:
        """Names that no job of the ledger has, and words that mean two things there. An empty
        ledger knows no names, and that is no mistake."""
        idle = {
            condition: condition.term
            for condition in self._narrowing.conditions
            if isinstance(condition.term, NameTerm)
        }
        if not self.is_narrow:
            return
        known = Known()
        for head in heads:
            known.manifests[head.key.manifest] = None
            for condition, term in tuple(idle.items()):
                if matches(head.key, term.pattern):
                    del idle[condition]
                else:
                    known.note_job(head.key, term)
        yield from ambiguous(self._narrowing, known.manifests)
        for condition, term in idle.items() if known.manifests else ():
            yield condition.written.finding(
                f"--select {term}: no job of the ledger matches", hint_for(term, known)
            )


def _holds(clause: Clause, head: JobHead) -> bool:
    return all(_is_so(condition, head) for condition in clause.conditions)


def _is_so(condition: Condition, head: JobHead) -> bool:
    term = condition.term
    holds = matches(head.key, term.pattern) if isinstance(term, NameTerm) else ended_badly(head)
    return holds is not condition.is_negated
