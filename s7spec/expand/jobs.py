"""All jobs of a manifest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from s7spec.expand.exports import Expanded, LeafProblem, expand_export
from s7spec.expand.parts import parts_of
from s7spec.expand.problems import Problem, diagnostic
from s7spec.expand.sandbox import TemplateSandbox
from s7spec.expand.templates import new_scope, thawed
from s7spec.model.diagnostics import Diagnostic, RelatedPlace
from s7spec.model.job import ExpandedJob, JobKey
from s7spec.model.manifest import Environment, Export, Manifest, Selection
from s7spec.model.rules import Rule
from s7spec.model.source import Pointer

CheckPayload: TypeAlias = Callable[[Mapping[str, object]], Iterable[tuple[Pointer, str]]]
"""Says what is wrong with an ExportJob payload: pointers into it, and words."""


_Origin: TypeAlias = tuple[Export, tuple[str, ...]]
"""The export and the combination that a job comes from."""

MAX_FINDINGS = 100
"""Per manifest: after so many, the rest is not expanded."""


def expand(
    manifest: Manifest, environment: Environment, check_payload: CheckPayload
) -> Iterator[ExpandedJob | Diagnostic]:
    """The jobs of ``manifest`` in ``environment``, in the order of its text, made lazily.

    The same inputs give the same jobs: templates see ``vars``, ``matrix``, ``env`` (name,
    company) and ``manifest`` (name), and nothing else. An export that cannot be expanded gives
    diagnostics in place of its jobs; the others go on.
    """
    expansion = _Expansion(manifest, environment, check_payload)
    findings = 0
    for export in manifest.exports:
        for result in expansion.jobs(export):
            findings += isinstance(result, Diagnostic)
            yield result
            if findings >= MAX_FINDINGS:
                yield expansion.too_many(export)
                return


class _Expansion:
    """What the exports of a manifest share: the scope, the keys taken, what was said already."""

    def __init__(
        self, manifest: Manifest, environment: Environment, check_payload: CheckPayload
    ) -> None:
        self._manifest = manifest
        self._environment = environment
        self._check_payload = check_payload
        self._sandbox = TemplateSandbox()
        self._base = new_scope(
            {
                "vars": thawed(manifest.vars),
                "matrix": {},
                "env": {"name": environment.name, "company": environment.company},
                "manifest": {"name": manifest.name},
            }
        )
        self._taken: dict[str, _Origin] = {}
        self._said: set[tuple[Rule, Pointer, str | None]] = set()

    def too_many(self, export: Export) -> Diagnostic:
        """Says that what comes after, in ``export`` and below it, was not looked at."""
        problem = Problem(
            rule=Rule.TEMPLATE_FAILED,
            summary=f"{MAX_FINDINGS} findings: the rest of this export and those after it were "
            "not expanded",
            hint="correct the ones above first",
        )
        return diagnostic(self._manifest.document, (*export.pointer, "id"), problem)

    def jobs(self, export: Export) -> Iterator[ExpandedJob | Diagnostic]:
        """The jobs of one export, or what is wrong with it."""
        selection = export.assets
        if isinstance(selection, str):
            selection = self._manifest.selections[selection]
        parts = parts_of(export, selection)
        for result in expand_export(export, parts, self._sandbox, self._base):
            if isinstance(result, LeafProblem):
                yield from self._say(result)
            else:
                yield from self._job(export, selection, result)

    def _job(
        self, export: Export, selection: Selection, expanded: Expanded
    ) -> Iterator[ExpandedJob | Diagnostic]:
        parts = expanded.parts
        problems = [*self._payload_problems(export, parts)]
        if problems:
            for problem in problems:
                yield from self._say(problem)
            return
        first = self._taken.get(parts["id"])
        if first is not None:
            yield from self._say_taken(export, parts["id"], expanded.combination, first)
            return
        self._taken[parts["id"]] = (export, expanded.combination)
        yield ExpandedJob(
            key=JobKey(
                company=self._environment.company,
                environment=self._environment.name,
                manifest=self._manifest.name,
                export=parts["id"],
            ),
            document=self._manifest.document,
            pointer=export.pointer,
            selection=parts.get("selection", selection),
            fmt=export.fmt,
            is_modifier=parts.get("is_modifier"),
            macro=parts.get("macro"),
            emailSetting=export.emailSetting,
            on_unsupported=export.on_unsupported,
        )

    def _payload_problems(
        self, export: Export, parts: Mapping[str, object]
    ) -> Iterator[LeafProblem]:
        payload: dict[str, object] = {
            "fmt": export.fmt.value,
            "emailSetting": export.emailSetting.value,
        }
        payload |= {name: parts[name] for name in ("is_modifier", "macro") if name in parts}
        for pointer, words in self._check_payload(payload):
            yield LeafProblem(
                pointer=(*export.pointer, *pointer),
                problem=Problem(
                    rule=Rule.BAD_EXPANSION,
                    summary=f"the expanded value is not allowed: {words}",
                    hint="check what the templates make of their values",
                    on_key=True,
                ),
            )

    def _say(self, found: LeafProblem) -> Iterator[Diagnostic]:
        """Once for each leaf and rule: a matrix would repeat it for every combination."""
        said = (found.problem.rule, found.pointer, found.problem.word)
        if said not in self._said:
            self._said.add(said)
            yield diagnostic(self._manifest.document, found.pointer, found.problem)

    def _say_taken(
        self, export: Export, key: str, combination: tuple[str, ...], first: _Origin
    ) -> Iterator[Diagnostic]:
        here: Pointer = (*export.pointer, "id")
        said = (Rule.DUPLICATE_JOB, here, key)
        if said in self._said:
            return
        self._said.add(said)
        there = self._manifest.document.locate((*first[0].pointer, "id"))
        yield diagnostic(
            self._manifest.document,
            here,
            Problem(
                rule=Rule.DUPLICATE_JOB,
                summary=f"two jobs have the key `{key}`: {_called(*first)} and "
                f"{_called(export, combination)}",
                hint=_apart(export, combination, first),
            ),
            related=(RelatedPlace(where=there, message="first here"),)
            if first[0] is not export
            else (),
        )


def _called(export: Export, combination: tuple[str, ...]) -> str:
    name = f"exports[{export.pointer[-1]}]"
    return f"{name} with {', '.join(combination)}" if combination else name


def _apart(export: Export, combination: tuple[str, ...], first: _Origin) -> str:
    """How two jobs of one key can get keys of their own."""
    if first[0] is not export:
        return "give every export an id of its own"
    each = zip(export.matrix, combination, first[1], strict=True)
    differing = [(axis.name, one, other) for axis, one, other in each if one != other]
    if all(_value(one) == _value(other) for _, one, other in differing):
        axes = " and ".join(f"matrix.{name}" for name, _, _ in differing)
        return f"{axes} holds values that look the same: keep one of them, or make them differ"
    axes = " and ".join(f"matrix.{axis.name}" for axis in export.matrix)
    return f"let the id tell the jobs apart: use {axes} in it"


def _value(words: str) -> str:
    return words.partition("=")[2]
