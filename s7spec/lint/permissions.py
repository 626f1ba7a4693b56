"""Commands that an export allows by name, and whether anything uses the permission."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from s7spec.model.diagnostics import Diagnostic
from s7spec.model.job import ExpandedJob, JobSettings
from s7spec.model.rules import Rule
from s7spec.modifiers import Command, Variable, macros_in, parse_modifier
from s7spec.modifiers.lint import unsafe_names


class Permissions:
    """What the jobs of one manifest may do, and do."""

    def __init__(self) -> None:
        self._open: dict[tuple[str | int, ...], tuple[JobSettings, set[str]]] = {}

    def note(self, job: ExpandedJob) -> None:
        """Takes a job into account."""
        settings = job.settings
        if not settings.unsafe_modifiers:
            return
        place = settings.place_of("unsafe_modifiers")
        key = (place.document.file.path, place.document.index, *place.pointer)
        if key not in self._open:
            names = {name.lower() for name in settings.unsafe_modifiers}
            self._open[key] = settings, names
        open_names = self._open[key][1]
        is_modifier = job.is_modifier or ""
        if _fills_variables(is_modifier) and (job.macro is not None or macros_in(is_modifier)):
            open_names.clear()  # a preset may need them for what a variable here fills in
        open_names.difference_update(_used(is_modifier))

    def unused(self) -> Iterator[Diagnostic]:
        """A warning for each name that no job of its export needs."""
        for settings, names in self._open.values():
            place = settings.place_of("unsafe_modifiers")
            for index, name in enumerate(settings.unsafe_modifiers):
                if name.lower() in names:
                    where = place.below(index).locate()
                    yield Diagnostic(
                        rule=Rule.NO_EFFECT,
                        summary=f"`{name}` is allowed, but no job of the export needs that",
                        where=where,
                        hint="remove it: a permission that is left over lets the next one pass",
                        snippet=place.document.file.snippet(where.line),
                    )


@lru_cache(maxsize=1024)
def _used(is_modifier: str) -> frozenset[str]:
    return frozenset(name.lower() for name in unsafe_names(is_modifier))


@lru_cache(maxsize=1024)
def _fills_variables(is_modifier: str) -> bool:
    """For a preset, or lets one fill a source in."""
    parsed = parse_modifier(is_modifier).modifier
    return any(
        isinstance(piece, Variable)
        or (isinstance(piece, Command) and piece.name.lower() in ("src", "mask"))
        for piece in parsed.pieces
    )
