"""The parts of an export that may hold templates, and how their values become payload."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from s7spec.expand.bounds import MAX_TEXT, Unprintable, printed
from s7spec.model.manifest import Export, Selection
from s7spec.model.source import Pointer
from s7spec.modifiers import compose_modifier, normalise_macro, normalise_modifier

_JOB_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}").fullmatch
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")

_IDLE_STEPS = frozenset({"", ".", ".."})

Leaf = str | int | float | bool


_Place = tuple[str] | tuple[str, int]


class BadValueError(Exception):
    """A value that cannot be used. ``leaf`` is its index among the part's leaves."""

    def __init__(self, message: str, hint: str, leaf: int = 0) -> None:
        super().__init__(message)
        self.hint = hint
        self.leaf = leaf


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Leaves that make one thing together.

    ``convert`` gets the leaves' values, every template expanded, and returns the finished thing;
    it raises BadValueError.
    """

    name: str
    leaves: tuple[Leaf, ...]
    pointers: tuple[Pointer, ...]
    convert: Callable[[Sequence[Any]], Any]


def parts_of(export: Export, selection: Selection) -> tuple[Part, ...]:
    """``id``, ``is_modifier``, ``macro`` and ``selection`` of an export."""
    parts = [_single("id", export.id, (*export.pointer, "id"), _job_key)]
    if isinstance(export.is_modifier, str):
        pointer = (*export.pointer, "is_modifier")
        parts.append(_single("is_modifier", export.is_modifier, pointer, _modifier))
    elif export.is_modifier is not None:
        parts.append(_modifier_mapping(export))
    if export.macro is not None:
        parts.append(_single("macro", export.macro, (*export.pointer, "macro"), _macro))
    parts.append(_selection(selection))
    return tuple(parts)


def _single(name: str, leaf: str, pointer: Pointer, convert: Callable[[Any], Any]) -> Part:
    return Part(
        name=name,
        leaves=(leaf,),
        pointers=(pointer,),
        convert=lambda values: convert(values[0]),
    )


def _job_key(value: Any) -> str:
    key = _text(value)
    if _JOB_KEY(key) is None:
        raise BadValueError(
            f"`{key[:120]}` cannot be a job's key",
            "keys hold letters, digits, dots, hyphens and underscores, begin with a letter or "
            "digit and have at most 100 characters; |replace(' ', '-') may help",
        )
    return key


def _modifier(value: Any) -> str:
    """A text in Image Serving syntax, or a mapping from a whole ``{{ expression }}``."""
    if isinstance(value, Mapping) and value:
        names = [_text(name) for name in value]
        return _composed(names, list(value.values()), lambda _: 0)
    text = _text(value)
    try:
        return normalise_modifier(text)
    except ValueError as error:
        raise BadValueError(
            str(error), "see Image Serving's syntax: wid=800&hei=600&fmt=png"
        ) from error


def _modifier_mapping(export: Export) -> Part:
    fields = export.is_modifier if isinstance(export.is_modifier, tuple) else ()
    names = [field.command for field in fields]
    return Part(
        name="is_modifier",
        leaves=tuple(field.value for field in fields),
        pointers=tuple((*export.pointer, "is_modifier", name) for name in names),
        convert=lambda values: _composed(names, values, lambda index: index),
    )


def _composed(names: Sequence[str], values: Sequence[Any], leaf: Callable[[int], int]) -> str:
    commands: list[str] = []
    for index, (name, value) in enumerate(zip(names, values, strict=True)):
        if not isinstance(value, str | int | float):
            raise BadValueError(
                f"{_kind(value)} cannot be the value of `{name}`",
                "give it a text or a number",
                leaf(index),
            )
        try:
            commands.append(compose_modifier([(name, value)]))
        except ValueError as error:
            raise BadValueError(
                str(error),
                "values are plain texts and numbers; they are encoded for you",
                leaf(index),
            ) from error
    return "&".join(commands)


def _macro(value: Any) -> str:
    try:
        return normalise_macro(_text(value))
    except ValueError as error:
        raise BadValueError(str(error), "write the preset's name, as in $Thumbnail$") from error


def _selection(selection: Selection) -> Part:
    lists = [(name, getattr(selection, name)) for name in ("names", "types", "exclude")]
    folder = [] if selection.folder is None else [selection.folder]
    places: list[_Place] = [("folder",)] if folder else []
    places += [(name, index) for name, items in lists for index in range(len(items))]
    leaves = (*folder, *(item for _, items in lists for item in items))

    def convert(values: Sequence[Any]) -> Selection:
        if values and all(value is leaf for value, leaf in zip(values, leaves, strict=True)):
            _check_selection(values, places)
            return selection
        texts = _check_selection(values, places)
        rest = iter(texts[len(folder) :])
        names, types, exclude = (tuple(itertools.islice(rest, len(items))) for _, items in lists)
        return replace(
            selection,
            folder=texts[0] if folder else None,
            names=names,
            types=types,
            exclude=exclude,
        )

    return Part(
        name="selection",
        leaves=leaves,
        pointers=tuple((*selection.pointer, *place) for place in places),
        convert=convert,
    )


def _check_selection(values: Sequence[Any], places: Sequence[_Place]) -> list[str]:
    texts: list[str] = []
    seen: set[str] = set()
    for index, (value, place) in enumerate(zip(values, places, strict=True)):
        text = _text(value, index)
        if not text or text != text.strip():
            raise BadValueError(
                f"the {_NOUNS[place[0]]} is empty, or begins or ends with a blank",
                "write it without blanks around; in a template, |trim cuts them off",
                index,
            )
        if place == ("folder",) and (text.startswith("/") or "\\" in text):
            raise BadValueError(
                f"`{text[:120]}` is no folder of the company",
                "begin with the company's root folder, and separate folders with /",
                index,
            )
        if place == ("folder",) and not _IDLE_STEPS.isdisjoint(text.rstrip("/").split("/")):
            raise BadValueError(
                f"`{text[:120]}` leads through an empty step, `.` or `..`",
                "IPS takes folders by their plain names: Acme/Products/",
                index,
            )
        if place[0] == "names" and text in seen:
            raise BadValueError(f"the asset `{text[:120]}` is named twice", "name it once", index)
        if place[0] == "names":
            seen.add(text)
        texts.append(text)
    return texts


_NOUNS = {"folder": "folder", "names": "asset name", "types": "type", "exclude": "pattern"}


def _text(value: Any, leaf: int = 0) -> str:
    try:
        text = printed(value)
    except Unprintable as error:
        raise BadValueError(str(error), error.hint, leaf) from error
    if len(text) > MAX_TEXT:
        raise BadValueError(f"a text of more than {MAX_TEXT // 1024} KiB", "shorten it", leaf)
    if _CONTROL.search(text):
        raise BadValueError(
            "the text holds a line break or another control character",
            "a block that begins with | ends with a line break: begin it with >- or write one line",
            leaf,
        )
    return text


def _kind(value: Any) -> str:
    if value is None:
        return "nothing (null)"
    return "a mapping" if isinstance(value, Mapping) else "a list"
