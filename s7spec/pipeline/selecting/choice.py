"""Which jobs are taken while they are made: by name, label and path."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from s7spec.model.diagnostics import Diagnostic
from s7spec.model.job import ExpandedJob, JobKey
from s7spec.model.manifest import Manifest
from s7spec.pipeline.selecting.answers import About, holds_of_manifest
from s7spec.pipeline.selecting.nearby import Known, ambiguous, hint_for
from s7spec.pipeline.selecting.patterns import matches
from s7spec.pipeline.selecting.terms import (
    Clause,
    Condition,
    LabelTerm,
    NameTerm,
    Narrowing,
    OfflineTerm,
    PathTerm,
)


class Choice:
    """``asked`` jobs have been asked for, ``taken`` of them were taken. Terms that only a plan can
    answer leave a job in: the plan decides."""

    def __init__(self, narrowing: Narrowing) -> None:
        self._narrowing = narrowing
        self._adding = narrowing.adding
        self._taking_away = narrowing.taking_away
        self._asks = any(condition.is_offline for condition in narrowing.conditions)
        self._idle: dict[Condition, OfflineTerm] = {
            condition: condition.term
            for condition in narrowing.conditions
            if isinstance(condition.term, NameTerm | LabelTerm | PathTerm)
        }
        self._empty = dict.fromkeys(self._adding)
        self._known = Known()
        self.asked = 0
        self.taken = 0

    def within(self, manifest: Manifest) -> Callable[[ExpandedJob], bool] | None:
        """Which jobs of the manifest are taken; None: all, and they need not be asked for."""
        if not self._narrowing.clauses:
            return None
        about = About.of(manifest)
        self._known.note(manifest)
        if not self._asks:
            return None
        answers = {
            condition: holds_of_manifest(condition.term, about)
            for condition in self._narrowing.conditions
            if isinstance(condition.term, LabelTerm | PathTerm)
        }
        for condition, answer in answers.items():
            if answer:
                self._idle.pop(condition, None)

        def takes(job: ExpandedJob) -> bool:
            is_taken = self._takes(job.key, answers)
            self.asked += 1
            self.taken += is_taken
            return is_taken

        return takes

    def note_template(self, path: str) -> None:
        """A template among the manifests, which somebody may take for one."""
        self._known.note_template(path)

    def findings(self) -> Iterator[Diagnostic]:
        """When all jobs have been asked for: what in the options found nothing, or means two
        things."""
        yield from ambiguous(self._narrowing, self._known.manifests)
        for condition, term in self._idle.items():
            yield condition.written.finding(
                f"--select {term}: no job matches", hint_for(term, self._known)
            )
        if self._idle:
            return
        for clause in self._empty:
            if any(condition.is_offline for condition in clause.conditions):
                yield clause.written.finding(
                    f"--select {clause}: no job is all of this",
                    "a comma joins terms that must all hold; a blank, or another --select, those "
                    "of which any may",
                )
        if self.asked and not self.taken and not (self._empty or self._idle):
            last = self._narrowing.clauses[-1]
            yield last.written.finding(
                f"--select {self._narrowing}: no job is left", "take less away"
            )

    def _takes(self, key: JobKey, answers: dict[Condition, bool]) -> bool:
        adding = [self._may_hold(clause, key, answers) for clause in self._adding]
        for clause, may_hold in zip(self._adding, adding, strict=True):
            if may_hold:
                self._empty.pop(clause, None)
        leaving = [self._may_hold(clause, key, answers) for clause in self._taking_away]
        return (any(adding) or not adding) and all(leaving)

    def _may_hold(self, clause: Clause, key: JobKey, answers: dict[Condition, bool]) -> bool:
        """No short cuts: each term is to show whether it finds anything."""
        may_hold = [self._may(condition, key, answers) for condition in clause.conditions]
        return all(may_hold)

    def _may(self, condition: Condition, key: JobKey, answers: dict[Condition, bool]) -> bool:
        term = condition.term
        if isinstance(term, NameTerm):
            holds = matches(key, term.pattern)
            if holds:
                self._idle.pop(condition, None)
            else:
                self._known.note_job(key, term)
        elif condition in answers:
            holds = answers[condition]
        else:
            return True
        return holds is not condition.is_negated
