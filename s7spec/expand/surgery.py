"""``moved``, ``forget`` and ``adopt`` against the jobs that a manifest really declares."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from typing import Protocol

from s7spec.expand.problems import LeafProblem, Problem, nearest_name
from s7spec.model.manifest import Manifest
from s7spec.model.rules import Rule
from s7spec.model.source import Place


class Keys(Container[str], Iterable[str], Protocol):
    """The keys of all jobs."""


def check_surgery(manifest: Manifest, keys: Keys) -> Iterator[LeafProblem]:
    """Keys that should be declared and are not, and the other way round."""
    for moved in manifest.moved:
        if moved.from_key in keys:
            yield _still_declared(moved.place.below("from"), "moved", moved.from_key)
        if moved.to_key not in keys:
            yield _not_declared(moved.place.below("to"), "moved", moved.to_key, keys)
    for forgotten in manifest.forget:
        if forgotten.key in keys:
            yield _still_declared(forgotten.place, "forget", forgotten.key)
    for adopted in manifest.adopt:
        if adopted.key not in keys:
            yield _not_declared(adopted.place.below("job"), "adopt", adopted.key, keys)


def _still_declared(place: Place, block: str, key: str) -> LeafProblem:
    return _wrong(
        place,
        f"`{block}` names the job `{key}`, which is still declared",
        "remove its export, or this entry",
    )


def _not_declared(place: Place, block: str, key: str, keys: Keys) -> LeafProblem:
    near = nearest_name(key, keys)
    hint = f"did you mean `{near[0]}`?" if near else "`s7spec render` lists the jobs"
    return _wrong(place, f"`{block}` names the job `{key}`, which no export makes", hint)


def _wrong(place: Place, summary: str, hint: str) -> LeafProblem:
    problem = Problem(rule=Rule.WRONG_SURGERY, summary=summary, hint=hint)
    return LeafProblem(place=place, problem=problem)
