"""What is written and has no effect: entries that make no job, exclusions that match nothing."""

from __future__ import annotations

from collections.abc import Iterator

from s7spec.expand.combinations import EACH, MATRIX, agrees
from s7spec.expand.problems import LeafProblem, Problem, diagnostic
from s7spec.expand.single import thawed
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.manifest import Export, Manifest, Matrix, TemplateUse
from s7spec.model.rules import Rule
from s7spec.model.source import Place


def nothing_made(entry: Export | TemplateUse) -> Iterator[Diagnostic]:
    """A warning about an entry that makes no job; none where ``when`` looks neither at ``matrix``
    nor at ``each``: it is a switch then."""
    when = entry.repetition.when
    is_switch = isinstance(when, str) and not any(name in when for name in (MATRIX, EACH))
    if when is False or is_switch:
        return
    step = "id" if isinstance(entry, Export) else "template"
    place = entry.place.below("when" if isinstance(when, str) else step)
    why = "`when` is false for every combination" if isinstance(when, str) else "its list is empty"
    yield _warning(
        place,
        f"this entry makes no job: {why}",
        "compare with the values there are: `s7spec explain` and `render` show them; upper and "
        "lower case count",
    )


def idle_exclusions(manifest: Manifest) -> Iterator[Diagnostic]:
    """Warnings about entries of a matrix's ``exclude`` that match no combination, as far as its
    axes are written out."""
    for entry in manifest.exports:
        matrix = entry.repetition.matrix
        for at, axis in enumerate(() if matrix is None else _idle(matrix)):
            if matrix is not None and axis is not None:
                yield _warning(
                    matrix.place.below("exclude", at, axis),
                    f"this excludes nothing: no value of `matrix.{axis}` is like it",
                    f"write a value of `matrix.{axis}`, of a mapping as much as tells it apart",
                )


def _idle(matrix: Matrix) -> Iterator[str | None]:
    """For each entry of ``exclude`` an axis that has no such value, if there is one."""
    values = {
        axis.name: thawed(axis.values) for axis in matrix.axes if not isinstance(axis.values, str)
    }
    for entry in matrix.exclude:
        yield next(
            (
                axis
                for axis, wanted in entry.items()
                if axis in values
                and not any(agrees(value, thawed(wanted)) for value in values[axis])
            ),
            None,
        )


def _warning(place: Place, summary: str, hint: str) -> Diagnostic:
    problem = Problem(rule=Rule.NO_EFFECT, summary=summary, hint=hint)
    return diagnostic(LeafProblem(place=place, problem=problem))
