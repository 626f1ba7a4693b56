"""Jinja, for those leaves that need it: it takes a while to import, and most manifests do not.

An ``Engine`` belongs to one document: it knows which names the templates there see.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from s7spec.expand.budget import Work, WorkExceeded
from s7spec.expand.problems import Checked, Problem
from s7spec.expand.simple import Path, simple_pieces
from s7spec.model.source import SourceFile

if TYPE_CHECKING:
    from s7spec.expand.jinja.sandbox import TemplateSandbox
    from s7spec.expand.jinja.templates import Leaves

_READING = 4_000
_PER_CHARACTER = 100
"""Steps of parsing a template, and again of compiling it: for each one, and for its length."""
_PER_CHARACTER_OF_MACROS = 500

_ALWAYS = frozenset({"vars", "matrix", "each", "env", "data", "manifest"})


class Engine:
    """``libraries`` are the macro libraries of the document by the names it gives them;
    ``has_params`` says that the document is an ExportTemplate, which may be used any number of
    times; ``work`` is what its manifest may still do."""

    def __init__(
        self, libraries: Mapping[str, SourceFile], *, has_params: bool, work: Work
    ) -> None:
        params = frozenset({"params"}) if has_params else frozenset()
        self._names = frozenset(_ALWAYS | params)
        self._files = libraries
        self._sandbox_made: TemplateSandbox | None = None
        self._macros: dict[str, Any] | None = None
        self._read_already: dict[str, dict[str, Any] | tuple[Problem, ...]] = {}
        self._checked: dict[str, Checked] = {}
        self._compiled: dict[tuple[str, ...], Leaves | None] = {}
        self._is_used_again = has_params
        self.work = work

    def check(self, text: str) -> Checked:
        """The names a leaf uses, or what is wrong with it whatever the values."""
        pieces = simple_pieces(text)
        if pieces is not None:
            paths = [piece for piece in pieces if isinstance(piece, Path)]
            if self._names.issuperset(path.name for path in paths):
                return Checked(uses=frozenset(map(_use, paths)))
        checked = self._checked.get(text)
        if checked is None:
            self.work.spend(_READING + _PER_CHARACTER * len(text))
            from s7spec.expand.jinja.templates import check

            checked = self._checked[text] = check(text, self._names.union(self._files))
        return checked

    def leaves(self, texts: tuple[str, ...]) -> Leaves | None:
        """Compiled together; None when one of them is ``uncompilable``."""
        if texts in self._compiled:
            return self._compiled[texts]
        self.work.spend(_READING + _PER_CHARACTER * sum(map(len, texts)))
        from s7spec.expand.jinja.templates import COMPILATION_ERRORS, Leaves

        try:
            leaves: Leaves | None = Leaves(self._sandbox(), texts)
        except COMPILATION_ERRORS:
            leaves = None
        if self._is_used_again:
            self._compiled[texts] = leaves
        return leaves

    def uncompilable(self, text: str) -> Problem | None:
        from s7spec.expand.jinja.templates import uncompilable

        return uncompilable(text)

    def scope(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """``values`` with the functions and libraries that templates see beside them."""
        from s7spec.expand.jinja.templates import functions

        return {**functions(), **self._libraries(), **values}

    def broken_libraries(self) -> Iterable[tuple[str, SourceFile, tuple[Problem, ...]]]:
        """Libraries, by their names, with everything that can be seen to be wrong in them."""
        if not self._files:
            return
        for name, file in self._files.items():
            macros = self._read(file)
            if isinstance(macros, tuple):
                yield name, file, macros

    def _libraries(self) -> dict[str, Any]:
        if self._macros is None:
            self._macros = {}
            if self._files:
                for name, file in self._files.items():
                    macros = self._read(file)
                    self._macros[name] = macros if isinstance(macros, dict) else {}
        return self._macros

    def _read(self, file: SourceFile) -> dict[str, Any] | tuple[Problem, ...]:
        read = self._read_already.get(file.path)
        if read is None:
            try:
                self.work.spend(_READING + _PER_CHARACTER_OF_MACROS * len(file.text))
            except WorkExceeded as limit:
                raise WorkExceeded(f"with the library {file.path} {limit}") from limit
            from s7spec.expand.jinja.libraries import macros_of

            read = macros_of(self._sandbox(), file.path, file.text)
            self._read_already[file.path] = read
        return read

    def _sandbox(self) -> TemplateSandbox:
        if self._sandbox_made is None:
            from s7spec.expand.jinja.sandbox import TemplateSandbox

            self._sandbox_made = TemplateSandbox(self.work)
        return self._sandbox_made


def _use(path: Path) -> tuple[str, str | None]:
    first = path.steps[0] if path.steps else None
    return (path.name, first if isinstance(first, str) else None)
