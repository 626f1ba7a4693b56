"""Checks on single values that a schema cannot make: what is written against what is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from s7spec.model.rules import Rule
from s7spec.model.source import Pointer, SourceDocument
from s7spec.validate.mistakes import Mistake, spoken
from s7spec.validate.templated import HINT, TEMPLATE, has_idle_template, holds_template, is_expanded

_QUOTES = "'\""


def texts_of(document: SourceDocument) -> Iterator[tuple[Pointer, str]]:
    """Every text of a document, at any depth."""
    for pointer, value in _leaves(document.value, ()):
        if isinstance(value, str):
            yield pointer, value


def find_idle_templates(document: SourceDocument) -> Iterator[Mistake]:
    """Templates where nobody expands them: they would be taken literally."""
    text = document.file.text
    # An escape can spell a brace, too.
    if "\\" not in text and not TEMPLATE.search(text):
        return
    if not has_idle_template(document.value):
        return
    for pointer, value in _leaves(document.value, ()):
        if holds_template(value) and not is_expanded(pointer):
            yield Mistake(
                rule=Rule.NOT_ALLOWED,
                pointer=pointer,
                summary=f"templates are not expanded in `{spoken(pointer)}`",
                hint=_idle_hint(pointer),
            )


def _idle_hint(pointer: Pointer) -> str:
    if "matrix" in pointer:
        return (
            'only a whole axis can be a template, as in size: "{{ vars.sizes }}"; the values of an '
            "axis are plain data"
        )
    return HINT


def find_odd_numbers(document: SourceDocument) -> Iterator[Mistake]:
    """Numbers that would be printed otherwise than they are written: 010, 0x1F, 1e3, .5, 1.10."""
    odd = document.odd_numbers
    if not odd:
        return
    for pointer, value in _leaves(document.value, ()):
        if isinstance(value, bool) or not isinstance(value, int | float) or value not in odd:
            continue
        written = _written(document, pointer)
        if written.startswith("*") or written.strip(_QUOTES) == str(value):
            continue
        yield Mistake(
            rule=Rule.NOT_ALLOWED,
            pointer=pointer,
            summary=f"`{written}` is the number {value} to YAML",
            hint=_odd_hint(pointer, written, value),
        )


def _odd_hint(pointer: Pointer, written: str, value: float) -> str:
    if "is_modifier" in pointer:
        # As a number it would be another colour, or none.
        return f'write "{written}" with quotes: Image Serving reads it as it is written'
    return f'write {value}, or "{written}" with quotes to keep the text'


def _written(document: SourceDocument, pointer: Pointer) -> str:
    """A one-line scalar as it stands in the file, without its anchor and tag."""
    where = document.locate(pointer)
    line = document.file.line(where.line) or ""
    words = line[where.column - 1 : where.end_column - 1].split()
    return words[-1] if words else ""


def _leaves(value: object, pointer: Pointer) -> Iterator[tuple[Pointer, object]]:
    for step, below in _members(value):
        if isinstance(below, dict | list):
            yield from _leaves(below, (*pointer, step))
        else:
            yield (*pointer, step), below


def _members(value: object) -> Iterable[tuple[str | int, object]]:
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if isinstance(value, list) else ()
