"""``protected``: which jobs of an environment its terms mean, as far as manifests tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property

from s7spec.model.job import JobKey
from s7spec.model.manifest import Manifest
from s7spec.pipeline.selecting import Narrowing, SelectError, matches, parse
from s7spec.pipeline.selecting.answers import About, holds_of_manifest
from s7spec.pipeline.selecting.nearby import Known, hint_for
from s7spec.pipeline.selecting.terms import (
    Clause,
    Condition,
    LabelTerm,
    NameTerm,
    OfflineTerm,
    PathTerm,
)
from s7spec.plan import IdleTerms, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """The manifests that were read; ``is_all`` when they are all of the project."""

    manifests: tuple[Manifest, ...]
    is_all: bool


class Protection:
    """Says of any job whether it is protected. Where that cannot be known it says so: a term of
    labels or paths, and a job whose manifest is not there any more. Terms that cannot be read, or
    that a plan alone can answer, leave it open: reading s7spec.yaml refuses them before."""

    def __init__(self, terms: tuple[str, ...], declared: Callable[[], Declared]) -> None:
        """``declared`` is called once at most, and only where names alone do not tell."""
        self._declared = declared
        self._narrowing = _parsed(terms)
        self._by_manifest: dict[tuple[str, OfflineTerm], bool | None] = {}

    def standing(self, key: JobKey) -> Standing:
        if self._narrowing is None:
            return Standing.UNKNOWN
        return _STANDINGS[self._means(self._narrowing, key)]

    def idle(
        self,
        keys: Iterable[JobKey],
        others: Callable[[], Iterable[JobKey]],
        *,
        is_whole: bool,
    ) -> IdleTerms:
        """The terms that mean none of these jobs, nor of ``others``, which are asked for where
        that matters. Unless ``is_whole``, there may be more jobs of the manifests."""
        keys = tuple(keys)
        idle = self._meaning_none(self._offline(), keys)
        idle = self._meaning_none(idle, others()) if idle else []
        if not is_whole:
            idle = [term for term in idle if not self._may_mean_more(term)]
        if not idle:
            return IdleTerms()
        return IdleTerms(
            notes=tuple(self._notes(idle, keys)), is_sure=is_whole or self._read.is_all
        )

    def _notes(self, idle: Iterable[OfflineTerm], keys: Iterable[JobKey]) -> Iterator[str]:
        known = Known()
        for manifest in self._read.manifests:
            known.note(manifest)
        for term in idle:
            if isinstance(term, NameTerm):
                for key in keys:
                    known.note_job(key, term)
            yield f"`{term}` means no job here: {hint_for(term, known)}"

    def _offline(self) -> list[OfflineTerm]:
        conditions = () if self._narrowing is None else self._narrowing.conditions
        terms = dict.fromkeys(condition.term for condition in conditions)
        return [each for each in terms if isinstance(each, NameTerm | LabelTerm | PathTerm)]

    def _meaning_none(self, terms: list[OfflineTerm], keys: Iterable[JobKey]) -> list[OfflineTerm]:
        left = list(terms)
        for key in keys:
            if not left:
                break
            left = [term for term in left if self._holds(term, key) is not True]
        return left

    def _may_mean_more(self, term: OfflineTerm) -> bool:
        """Of manifests whose jobs were not looked at."""
        names = [manifest.name for manifest in self._read.manifests]
        if not isinstance(term, NameTerm):
            return any(self._of_manifest(term, name) for name in names)
        manifest, slash, _ = term.pattern.partition("/")
        crosses_slash = not slash and "*" in manifest
        return crosses_slash or any(fnmatchcase(name, manifest) for name in names)

    @cached_property
    def _read(self) -> Declared:
        return self._declared()

    @cached_property
    def _about(self) -> Mapping[str, About]:
        return {manifest.name: About.of(manifest) for manifest in self._read.manifests}

    def _means(self, narrowing: Narrowing, key: JobKey) -> bool | None:
        adding = [self._all_hold(clause, key) for clause in narrowing.adding]
        leaving = [self._all_hold(clause, key) for clause in narrowing.taking_away]
        return _all((_any(adding) if adding else True, *leaving))

    def _all_hold(self, clause: Clause, key: JobKey) -> bool | None:
        return _all(self._is_so(condition, key) for condition in clause.conditions)

    def _is_so(self, condition: Condition, key: JobKey) -> bool | None:
        term = condition.term
        if not isinstance(term, NameTerm | LabelTerm | PathTerm):
            return None
        holds = self._holds(term, key)
        return None if holds is None else holds is not condition.is_negated

    def _holds(self, term: OfflineTerm, key: JobKey) -> bool | None:
        if isinstance(term, NameTerm):
            return matches(key, term.pattern)
        return self._of_manifest(term, key.manifest)

    def _of_manifest(self, term: LabelTerm | PathTerm, manifest: str) -> bool | None:
        """Looked up once for all jobs of a manifest."""
        asked = (manifest, term)
        if asked not in self._by_manifest:
            about = self._about.get(manifest)
            self._by_manifest[asked] = None if about is None else holds_of_manifest(term, about)
        return self._by_manifest[asked]


def _parsed(terms: Iterable[str]) -> Narrowing | None:
    try:
        return parse(terms)
    except SelectError:
        return None


_STANDINGS = {True: Standing.PROTECTED, False: Standing.FREE, None: Standing.UNKNOWN}


def _all(parts: Iterable[bool | None]) -> bool | None:
    """None where one of them is not known, and none is False."""
    known = tuple(parts)
    return False if False in known else None if None in known else True


def _any(parts: Iterable[bool | None]) -> bool | None:
    known = tuple(parts)
    return True if True in known else None if None in known else False
