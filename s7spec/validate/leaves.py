"""Checks on single values that a schema cannot make: what is written against what is read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from s7spec.model.rules import Rule
from s7spec.model.source import Pointer, SourceDocument
from s7spec.validate.mistakes import Mistake, spoken

_TEMPLATE = re.compile(r"\{[{%]")
# Numbers that are read as something else than they look like: 010, 0x1F, 1e3, +5, .5, 5., 1.10.
_ODD_NUMBER = re.compile(
    r"(?<![\w.+-])(?:\+|-?0[0-9xo]|-?\.[0-9]|-?[0-9]+\.?[0-9]*[eE]|-?[0-9]+\.(?:[0-9]*0)?(?![0-9]))"
)
_QUOTES = "'\""

_ANY = "*"
_SELECTION_LEAVES = (("folder",), ("names", _ANY), ("exclude", _ANY), ("types", _ANY))
_EXPANDED = (
    ("exports", _ANY, "id"),
    ("exports", _ANY, "macro"),
    ("exports", _ANY, "is_modifier"),
    ("exports", _ANY, "is_modifier", _ANY),
    *(("exports", _ANY, "assets", *leaf) for leaf in _SELECTION_LEAVES),
    *(("assets", _ANY, *leaf) for leaf in _SELECTION_LEAVES),
    # Prose may show how a template is written.
    ("metadata", "description"),
)
"""Where templates are expanded (or, in the description, plainly meant as text)."""


def find_idle_templates(document: SourceDocument) -> Iterator[Mistake]:
    """Templates where nobody expands them: they would be taken literally."""
    if not _TEMPLATE.search(document.file.text):
        return
    for pointer, value in _leaves(document.value, ()):
        is_idle = isinstance(value, str) and _TEMPLATE.search(value) and not _is_expanded(pointer)
        if is_idle:
            yield Mistake(
                rule=Rule.NOT_ALLOWED,
                pointer=pointer,
                summary=f"templates are not expanded in `{spoken(pointer)}`",
                hint="templates work in id, is_modifier, macro, folder, names, types and exclude; "
                "everything else is plain data",
            )


def find_odd_numbers(document: SourceDocument) -> Iterator[Mistake]:
    """Numbers that would be printed otherwise than they are written."""
    if not _ODD_NUMBER.search(document.file.text):
        return
    for pointer, value in _leaves(document.value, ()):
        if isinstance(value, bool) or not isinstance(value, int | float):
            continue
        written = _written(document, pointer)
        if written.startswith("*") or written.strip(_QUOTES) == str(value):
            continue
        yield Mistake(
            rule=Rule.NOT_ALLOWED,
            pointer=pointer,
            summary=f"`{written}` is the number {value} to YAML",
            hint=f'write {value}, or "{written}" with quotes to keep the text',
        )


def _written(document: SourceDocument, pointer: Pointer) -> str:
    """A one-line scalar as it stands in the file, without its anchor and tag."""
    where = document.locate(pointer)
    line = document.file.line(where.line) or ""
    words = line[where.column - 1 : where.end_column - 1].split()
    return words[-1] if words else ""


def _leaves(value: object, pointer: Pointer) -> Iterator[tuple[Pointer, object]]:
    if isinstance(value, dict):
        for key, below in value.items():
            yield from _leaves(below, (*pointer, key))
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from _leaves(below, (*pointer, index))
    else:
        yield pointer, value


def _is_expanded(pointer: Pointer) -> bool:
    return any(
        len(shape) == len(pointer)
        and all(part in (_ANY, step) for part, step in zip(shape, pointer, strict=True))
        for shape in _EXPANDED
    )
