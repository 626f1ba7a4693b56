"""Jinja, for those leaves that need it: it takes a while to import, and most manifests do not.

An ``Engine`` belongs to one document: it knows which names the templates there see.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from s7spec.expand.problems import Checked, Problem
from s7spec.expand.simple import Path, simple_pieces
from s7spec.model.source import SourceFile

if TYPE_CHECKING:
    from s7spec.expand.sandbox import TemplateSandbox
    from s7spec.expand.templates import Leaves

_ALWAYS = frozenset({"vars", "matrix", "each", "env", "data", "manifest"})


class Engine:
    """``libraries`` are the macro libraries of the document by the names it gives them;
    ``has_params`` says that the document is an ExportTemplate."""

    def __init__(self, libraries: Mapping[str, SourceFile], *, has_params: bool) -> None:
        params = frozenset({"params"}) if has_params else frozenset()
        self._names = frozenset(_ALWAYS | params)
        self._files = libraries
        self._sandbox_made: TemplateSandbox | None = None
        self._macros: dict[str, Any] | None = None

    def check(self, text: str) -> Checked:
        """The names a leaf uses, or what is wrong with it whatever the values."""
        pieces = simple_pieces(text)
        if pieces is not None:
            paths = [piece for piece in pieces if isinstance(piece, Path)]
            if self._names.issuperset(path.name for path in paths):
                return Checked(uses=frozenset(map(_use, paths)))
        from s7spec.expand.templates import check

        return check(text, self._names.union(self._files))

    def leaves(self, texts: tuple[str, ...]) -> Leaves | None:
        """Compiled together; None when one of them is ``uncompilable``."""
        from s7spec.expand.templates import COMPILATION_ERRORS, Leaves

        try:
            return Leaves(self._sandbox(), texts)
        except COMPILATION_ERRORS:
            return None

    def uncompilable(self, text: str) -> Problem | None:
        from s7spec.expand.templates import uncompilable

        return uncompilable(text)

    def scope(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """``values`` with the functions and libraries that templates see beside them."""
        from s7spec.expand.templates import functions

        return {**functions(), **self._libraries(), **values}

    def broken_libraries(self) -> Iterable[tuple[SourceFile, tuple[Problem, ...]]]:
        """Libraries with everything that can be seen to be wrong in them."""
        if not self._files:
            return
        from s7spec.expand.libraries import macros_of

        for file in self._files.values():
            macros = macros_of(self._sandbox(), file.path, file.text)
            if isinstance(macros, tuple):
                yield file, macros

    def _libraries(self) -> dict[str, Any]:
        if self._macros is None:
            self._macros = {}
            if self._files:
                from s7spec.expand.libraries import macros_of

                for name, file in self._files.items():
                    macros = macros_of(self._sandbox(), file.path, file.text)
                    self._macros[name] = macros if isinstance(macros, dict) else {}
        return self._macros

    def _sandbox(self) -> TemplateSandbox:
        if self._sandbox_made is None:
            from s7spec.expand.sandbox import TemplateSandbox

            self._sandbox_made = TemplateSandbox()
        return self._sandbox_made


def _use(path: Path) -> tuple[str, str | None]:
    first = path.steps[0] if path.steps else None
    return (path.name, first if isinstance(first, str) else None)
