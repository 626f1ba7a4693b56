"""Finished parts into jobs: payloads checked, keys unique."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias, cast

from s7spec.expand.budget import FAILURE, Work
from s7spec.expand.combinations import EACH, Combinations, Indices
from s7spec.expand.exports import ExportExpansion, Filled
from s7spec.expand.findings import Findings, related_place, used_here
from s7spec.expand.further import INPUT
from s7spec.expand.policies import policy_of
from s7spec.expand.problems import LeafProblem, Problem
from s7spec.expand.templating import Use
from s7spec.model.data import DataFile
from s7spec.model.diagnostics import Diagnostic, RelatedPlace
from s7spec.model.job import ExpandedJob, JobSettings
from s7spec.model.manifest import Export, Manifest
from s7spec.model.project import Environment
from s7spec.model.rules import Rule
from s7spec.model.source import Pointer

Payload: TypeAlias = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPayloads:
    """``accept`` says whether a payload is an ExportJob; ``accept_all`` whether all of some texts
    can stand under a key of one (what else stands there makes no difference to that); ``explain``
    what is wrong with one: pointers into it, and words."""

    accept: Callable[[Payload], bool]
    accept_all: Callable[[str, Sequence[str]], bool]
    explain: Callable[[Payload], Iterable[tuple[Pointer, str]]]


@dataclass(frozen=True, slots=True)
class _Source:
    """An export, and the use of the template it stands in."""

    export: Export
    use: Use | None
    combinations: Combinations


_Origin: TypeAlias = tuple[_Source, Indices]
"""Where a job comes from: the export, and which of its combinations."""


class JobBuilder:
    """The jobs of one manifest."""

    def __init__(
        self,
        manifest: Manifest,
        environment: Environment,
        payloads: CheckPayloads,
        findings: Findings,
        work: Work,
        data: Iterable[DataFile],
    ) -> None:
        self._data = tuple(data)
        self._scope = (environment.company, environment.name, manifest.name)
        self._payloads = payloads
        self._findings = findings
        self._work = work
        self._taken: dict[str, _Origin] = {}

    @property
    def keys(self) -> Mapping[str, object]:
        """The keys of the jobs made so far."""
        return self._taken

    def batches(
        self, export: Export, expansion: ExportExpansion, use: Use | None
    ) -> Iterator[list[ExpandedJob | Diagnostic]]:
        """The jobs of one export, or what is wrong with it."""
        settings = _Settings(export, use, self._scope)
        source: _Source | None = None
        for batch in expansion.batches():
            source = source or _Source(export, use, expansion.combinations)
            yield self._built(batch, source, settings)

    def _built(
        self, batch: Sequence[Filled | LeafProblem], source: _Source, settings: _Settings
    ) -> list[ExpandedJob | Diagnostic]:
        self._work.spend_jobs(len(batch))
        are_right = self._are_right(source.export, batch)
        if are_right and not any(type(each) is LeafProblem for each in batch):
            filled = cast(Sequence[Filled], batch)
            origins = {each[1]: (source, each[0]) for each in filled}
            if len(origins) == len(filled) and self._taken.keys().isdisjoint(origins):
                self._taken.update(origins)
                return _jobs(filled, settings)
        built: list[ExpandedJob | Diagnostic] = []
        for each in batch:
            problems = self._problems_of(each, source, are_right)
            if problems is not None:
                built += self._findings.say_all(problems, source.use)
                continue
            made = cast(Filled, each)
            if made[1] in self._taken:
                built += self._say_taken(made[1], (source, made[0]))
                continue
            self._taken[made[1]] = (source, made[0])
            built.append(_job(made, settings))
        return built

    def _problems_of(
        self, each: Filled | LeafProblem, source: _Source, are_right: bool
    ) -> list[LeafProblem] | None:
        """What stands in the way of a job; None when nothing does."""
        if isinstance(each, LeafProblem):
            return [each]
        if are_right:
            return None
        return [*self._problems(source.export, each)] or None

    def _are_right(self, export: Export, batch: Sequence[Filled | LeafProblem]) -> bool:
        """Which keys they have is the same for all, so one payload stands for the others."""
        filled = [each for each in batch if isinstance(each, tuple)]
        if not filled:
            return True
        if not self._payloads.accept(_payload(export, filled[0])):
            return False
        texts = {
            "is_modifier": [each[2] for each in filled if each[2] is not None],
            "macro": list({each[3] for each in filled if each[3] is not None}),
        }
        return len(filled) == 1 or all(
            self._payloads.accept_all(key, values) for key, values in texts.items() if values
        )

    def _problems(self, export: Export, filled: Filled) -> Iterator[LeafProblem]:
        self._work.spend(FAILURE)
        for pointer, words in self._payloads.explain(_payload(export, filled)):
            place = export.place_of(str(pointer[0])) if pointer else export.place
            yield LeafProblem(
                place=place,
                problem=Problem(
                    rule=Rule.BAD_EXPANSION,
                    summary=f"the expanded value is not allowed: {words}",
                    hint="check what the templates make of their values",
                    on_key=True,
                ),
            )

    def _say_taken(self, key: str, origin: _Origin) -> Iterator[Diagnostic]:
        first, here = self._taken[key], origin[0]
        place = here.export.place_of("id")
        if self._findings.was_said(Rule.DUPLICATE_JOB, place, key):
            return
        related: tuple[RelatedPlace, ...] = ()
        if first[0].export is not here.export:
            related = (related_place(first[0].export.place_of("id"), "first here"),)
        elif first[0].use is not None and first[0].use is not here.use:
            related = (replace(used_here(first[0].use), message="first used here"),)
        else:
            related = (*self._row(first, "first from this row"), *self._row(origin, "and this one"))
        problem = Problem(
            rule=Rule.DUPLICATE_JOB,
            summary=f"two jobs have the key `{key}`: {_called(first)} and {_called(origin)}",
            hint=_apart(origin, first),
        )
        found = LeafProblem(place=place, problem=problem)
        yield from self._findings.say(found, here.use, related, about=key)

    def _row(self, origin: _Origin, message: str) -> Iterator[RelatedPlace]:
        """The row of a data file that a job was made for, where its export goes over one."""
        source, indices = origin
        for dimension, index in zip(source.combinations.dimensions, indices, strict=True):
            for file in self._data if dimension.name == EACH else ():
                if file.value is dimension.values:
                    where = file.locate((index,))
                    snippet = file.file.snippet(where.line)
                    yield RelatedPlace(where=where, message=message, snippet=snippet)
                    return


def _jobs(batch: Sequence[Filled], settings: _Settings) -> list[ExpandedJob | Diagnostic]:
    """The jobs of a batch; either all have further parts or none."""
    if not batch or batch[0][5] is not None:
        return [_job(each, settings) for each in batch]
    usual = settings.usual
    return [
        ExpandedJob(
            export=key, settings=usual, selection=selection, is_modifier=modifier, macro=macro
        )
        for _, key, modifier, macro, selection, _ in batch
    ]


def _job(filled: Filled, settings: _Settings) -> ExpandedJob:
    _, key, modifier, macro, selection, further = filled
    return ExpandedJob(
        export=key,
        settings=settings.usual if further is None else settings.of(further),
        selection=selection,
        is_modifier=modifier,
        macro=macro,
    )


class _Settings:
    """What an export's jobs share; what templates say of schedules makes few different ones."""

    def __init__(self, export: Export, use: Use | None, scope: tuple[str, str, str]) -> None:
        company, environment, manifest = scope
        self.usual = JobSettings(
            company=company,
            environment=environment,
            manifest=manifest,
            place=export.place,
            places=export.places,
            fmt=export.fmt,
            emailSetting=export.emailSetting,
            on_unsupported=export.on_unsupported,
            policy=policy_of(export, {}),
            max_assets=export.max_assets,
            schedule=export.schedule,
            stated_modifier=export.is_modifier,
            unsafe_modifiers=export.unsafe_modifiers,
            used_at=None if use is None else use.entry.place,
        )
        self._export = export
        self._known: dict[tuple[tuple[str, str], ...], JobSettings] = {}

    def of(self, further: Mapping[str, str]) -> JobSettings:
        key = tuple(further.items())
        if key not in self._known:
            schedule = self.usual.schedule
            if schedule is not None:
                schedule = replace(schedule, at=further.get("at"), cron=further.get("cron"))
            self._known[key] = replace(
                self.usual,
                schedule=schedule,
                policy=policy_of(self._export, further),
                code_version=further.get("code_version"),
                inputs=_inputs(further),
            )
        return self._known[key]


def _inputs(further: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    found = ((name, value) for name, value in further.items() if name.startswith(INPUT))
    return tuple(sorted((name.removeprefix(INPUT), value) for name, value in found))


def _payload(export: Export, filled: Filled) -> Payload:
    _, _, modifier, macro, _, _ = filled
    payload: Payload = {"fmt": export.fmt.value, "emailSetting": export.emailSetting.value}
    if modifier is not None:
        payload["is_modifier"] = modifier
    if macro is not None:
        payload["macro"] = macro
    return payload


def _words(origin: _Origin) -> tuple[str, ...]:
    return origin[0].combinations.words(origin[1])


def _called(origin: _Origin) -> str:
    source, words = origin[0], _words(origin)
    name = f"exports[{source.export.place.pointer[-1]}]"
    if source.use is not None:
        entry = source.use.entry
        name += f" of {entry.template.path}, used by exports[{entry.place.pointer[-1]}]"
        words = (*source.use.words, *words)
    return f"{name} with {', '.join(words)}" if words else name


def _apart(origin: _Origin, first: _Origin) -> str:
    """How two jobs of one key can get keys of their own."""
    source, other = origin[0], first[0]
    if other.export is not source.export:
        return "give every export an id of its own"
    if other.use is not source.use:
        return "let the template's ids tell its uses apart: put a parameter into them"
    dimensions = source.combinations.dimensions
    names = [each.name if each.axis is None else f"matrix.{each.axis}" for each in dimensions]
    pairs = list(zip(names, _words(origin), _words(first), strict=True))
    differing = [(name, one, other) for name, one, other in pairs if one != other]
    unlike = [
        name
        for at, name in enumerate(names)
        if isinstance(dimensions[at].values[origin[1][at]], Mapping)
        and dimensions[at].values[origin[1][at]] != dimensions[at].values[first[1][at]]
    ]
    if all(_value(one) == _value(other) for _, one, other in differing):
        if unlike:
            return f"let the id tell the jobs apart: use more of {' and '.join(unlike)} in it"
        which = " and ".join(name for name, _, _ in differing) or "the list"
        return f"{which} holds values that look the same: keep one of them, or make them differ"
    return f"let the id tell the jobs apart: use {' and '.join(names)} in it"


def _value(words: str) -> str:
    return words.partition("=")[2]
