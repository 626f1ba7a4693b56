"""What the templates of one document see, and the selections its exports can name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from s7spec.expand.budget import Work
from s7spec.expand.engine import Engine
from s7spec.expand.problems import LeafProblem, Problem, choice_hint
from s7spec.expand.selections import filled_selection, leaf_place, selection_leaves
from s7spec.expand.single import SingleFailure, bad_value, evaluate, thawed
from s7spec.expand.values import BadValueError
from s7spec.model.inputs import Inputs, data_key
from s7spec.model.manifest import Declarations, Export
from s7spec.model.rules import Rule
from s7spec.model.selection import NamesFromFile, Selection
from s7spec.model.source import JsonValue


def layered(layers: tuple[Mapping[str, JsonValue], ...]) -> dict[str, Any]:
    """One mapping of several, lowest first: mappings merge key by key, all else replaces."""
    merged: dict[str, Any] = {}
    for layer in layers:
        for key, value in layer.items():
            below = merged.get(key)
            if isinstance(below, Mapping) and isinstance(value, Mapping):
                merged[key] = layered((below, value))
            else:
                merged[key] = value
    return merged


class DocumentScope:
    """``base`` is what the document's templates see apart from ``each`` and what is in ``matrix``.
    ``shared`` and ``work`` are the same for a manifest and its templates; ``vars`` are merged
    already."""

    def __init__(
        self,
        declarations: Declarations,
        inputs: Inputs,
        shared: Mapping[str, Any],
        *,
        vars: Mapping[str, JsonValue],  # noqa: A002 - what the language calls them
        work: Work,
        has_params: bool = False,
    ) -> None:
        self._declarations = declarations
        self._inputs = inputs
        libraries = {
            name: inputs.libraries[reference.path]
            for name, reference in declarations.libraries.items()
            if reference.path in inputs.libraries
        }
        self.engine = Engine(libraries, has_params=has_params, work=work)
        self.base: dict[str, Any] = {
            **shared,
            "vars": thawed(vars),
            "data": {
                name: inputs.data[data_key(reference)].value
                for name, reference in declarations.data.items()
                if data_key(reference) in inputs.data
            },
            "matrix": {},
        }
        self._loaded: dict[str, Selection] = {}

    @property
    def selections(self) -> tuple[str, ...]:
        return tuple(self._declarations.selections)

    def named(self, name: str) -> Selection | None:
        """The selection of this document called ``name``, names from files in place."""
        selection = self._declarations.selections.get(name)
        if selection is None or selection.file is None:
            return selection
        if name not in self._loaded:
            self._loaded[name] = self.loaded(selection)
        return self._loaded[name]

    def loaded(self, selection: Selection) -> Selection:
        """A selection with the names that stand in its file. Raises SingleFailure."""
        if selection.file is None:
            return selection
        file = self._inputs.data.get(data_key(selection.file))
        if file is None:
            raise SingleFailure()  # why it could not be loaded has been said
        column, rows = selection.column, file.value
        place = selection.place.below("file" if column is None else "column")
        if not isinstance(rows, list) or not rows:
            raise bad_value(place, f"`{file.path}` is no list, or an empty one", "give it rows")
        self.engine.work.spend(10 * len(rows))
        names: dict[str, int] = {}
        for index, row in enumerate(rows):
            name = row if column is None else row.get(column) if isinstance(row, dict) else None
            if column is not None and isinstance(row, dict) and column not in row:
                hint = choice_hint(column, [str(key) for key in row], "its columns are")
                raise bad_value(place, f"`{file.path}` has no column `{column}`", hint)
            if not isinstance(name, str) or not name.strip():
                where = file.locate((index,))
                raise bad_value(
                    place,
                    f"row {index + 1} of `{file.path}` gives no asset name",
                    f"every row holds one name, as a text: see {where}",
                )
            names.setdefault(name.strip(), index)
        came_from = NamesFromFile(file=file, rows=tuple(names.values()), column=column)
        return replace(selection, names=tuple(names), column=None, came_from=came_from)

    def filled(self, name: str, scope: Mapping[str, Any]) -> Selection | None:
        """``named`` with its own templates expanded in ``scope``. Raises SingleFailure."""
        selection = self.named(name)
        if selection is None:
            return None
        leaves, spots = selection_leaves(selection)
        self.engine.work.spend(20 * len(leaves))
        values = [
            evaluate(leaf, leaf_place(selection, spot), self.engine, scope)
            for leaf, spot in zip(leaves, spots, strict=True)
        ]
        try:
            return filled_selection(selection, leaves, values, spots)
        except BadValueError as error:
            place = leaf_place(selection, spots[error.leaf])
            raise bad_value(place, str(error), error.hint) from error


class FindInDocument:
    """The selection that an export of a document takes."""

    def __init__(self, document: DocumentScope) -> None:
        self._document = document

    def __call__(self, export: Export, scope: Mapping[str, Any]) -> Selection:
        """Raises SingleFailure."""
        if not isinstance(export.assets, str):
            return self._document.loaded(export.assets)
        name = _selection_name(export, self._document.engine, scope)
        selection = self._document.named(name)
        if selection is None:
            raise _no_selection(export, name, self._document.selections)
        return selection


class FindInTemplate:
    """The selection that an export of a template takes: the template's own, or one of the manifest
    that uses it. The latter's templates are the manifest's: they are expanded in its scope."""

    def __init__(
        self, template: DocumentScope, manifest: DocumentScope, manifest_scope: Mapping[str, Any]
    ) -> None:
        self._template = template
        self._manifest = manifest
        self._manifest_scope = manifest_scope
        self._known: dict[str, Selection] = {}

    def __call__(self, export: Export, scope: Mapping[str, Any]) -> Selection:
        """Raises SingleFailure."""
        if not isinstance(export.assets, str):
            return self._template.loaded(export.assets)
        name = _selection_name(export, self._template.engine, scope)
        selection = self._template.named(name) or self._known.get(name)
        if selection is not None:
            return selection
        selection = self._manifest.filled(name, self._manifest_scope)
        if selection is None:
            both = (*self._template.selections, *self._manifest.selections)
            raise _no_selection(export, name, both)
        self._known[name] = selection
        return selection


def _selection_name(export: Export, engine: Engine, scope: Mapping[str, Any]) -> str:
    place = export.place_of("assets")
    assert isinstance(export.assets, str)
    name = evaluate(export.assets, place, engine, scope)
    if not isinstance(name, str):
        raise bad_value(
            place, "`assets` gives no text", "give the name of a selection, or write it out"
        )
    return name


def _no_selection(export: Export, name: str, choices: tuple[str, ...]) -> SingleFailure:
    problem = Problem(
        rule=Rule.UNKNOWN_SELECTION,
        summary=f"there is no selection `{name[:80]}`",
        hint=choice_hint(name, list(choices), "the selections here are"),
    )
    return SingleFailure(LeafProblem(place=export.place_of("assets"), problem=problem))
