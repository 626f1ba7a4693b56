"""jsonschema's errors, reduced to the mistakes that people made."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import Any

from s7spec.model.rules import Rule
from s7spec.model.source import Pointer
from s7spec.validate.advice import (
    missing_key,
    modifier_hint,
    nothing_to_convert,
    orig_with_conversion,
    unknown_key,
)
from s7spec.validate.equality import repeated
from s7spec.validate.mistakes import Mistake, spoken
from s7spec.validate.paths import leaves_project
from s7spec.validate.refusals import SchemaError
from s7spec.validate.rewriting import NOTHING
from s7spec.validate.words import (
    choice_hint,
    listed,
    nearest,
    nearest_few,
    shown,
    type_named,
    type_of,
)

MAX_ERRORS = 1_000
"""Per document: words for more of them take longer than anybody reads."""


def reduce_errors(errors: Iterable[SchemaError]) -> Iterator[Mistake]:
    """One mistake for each thing that is wrong.

    Of several errors about one value the plainest is kept. A missing key is not reported where a
    key that was probably meant for it stands misspelt.
    """
    best: dict[tuple[Pointer, bool, tuple[str, ...]], tuple[int, Mistake]] = {}
    for mistake, rank in islice(chain.from_iterable(map(_mistakes, errors)), MAX_ERRORS):
        place = (mistake.pointer, mistake.on_key, mistake.missing)
        if place not in best or rank < best[place][0]:
            best[place] = (rank, mistake)
    mistakes = [mistake for _, mistake in best.values()]
    misspelt = {(mistake.pointer[:-1], name) for mistake in mistakes for name in mistake.instead_of}
    for mistake in mistakes:
        if not any((mistake.missing_in, name) in misspelt for name in mistake.missing):
            yield mistake


_Found = Iterator[tuple[Mistake, int]]
# Errors about one value, plainest first: a text that should be a list is not "too short" as well.
_RANKS = ("type", "enum", "const", "minLength", "minItems", "minProperties", "maxLength", "pattern")


def _mistakes(error: SchemaError) -> _Found:
    keyword = error.keyword or ""
    rank = _RANKS.index(keyword) if keyword in _RANKS else len(_RANKS)
    for mistake in _READERS.get(keyword, _other)(error, error.pointer):
        yield mistake, rank


def _other(error: SchemaError, pointer: Pointer) -> Iterator[Mistake]:
    if pointer and (error.schema == NOTHING or (error.keyword == "not" and error.demand == {})):
        yield _forbidden_key(pointer, _explained(error))
        return
    on_key = _is_about_key(error)
    yield Mistake(
        rule=Rule.NOT_ALLOWED,
        pointer=(*pointer, str(error.instance)) if on_key else pointer,
        summary=f"`{shown(error.instance)}` is not allowed here",
        hint=_explained(error) or f"the schema demands {error.keyword}: {error.demand}",
        on_key=on_key,
    )


def _unknown_keys(error: SchemaError, pointer: Pointer) -> Iterator[Mistake]:
    allowed = error.schema.get("properties", {})
    patterns = error.schema.get("patternProperties", {})
    if error.demand is not False or patterns:
        yield from _other(error, pointer)
        return
    for key in error.instance:
        if key not in allowed:
            yield unknown_key((*pointer, key), list(allowed), error.instance)


def _missing_keys(error: SchemaError, pointer: Pointer) -> Iterator[Mistake]:
    properties = error.schema.get("properties", {})
    for name in error.demand:
        if name not in error.instance:
            yield missing_key(pointer, name, _mapping(properties.get(name)))


def _type(error: SchemaError, pointer: Pointer) -> Iterator[Mistake]:
    wanted = error.demand
    yield Mistake(
        rule=Rule.WRONG_TYPE,
        pointer=pointer,
        summary=f"`{spoken(pointer)}` must be {type_named(wanted)}, not {type_of(error.instance)}",
        hint=modifier_hint(error.instance, pointer)
        or _type_hint(wanted, error.instance, _explained(error), error.schema.get("pattern")),
    )


def _type_hint(
    wanted: str | list[str], value: object, explained: str | None, pattern: str | None
) -> str:
    types = [wanted] if isinstance(wanted, str) else wanted
    if value is None:
        return "give it a value, or remove the key"
    if explained is not None and {"array", "boolean"} & set(types) and len(types) > 1:
        return f"write {explained}"
    is_enough = pattern is None or re.search(pattern, str(value))
    if "string" in types and isinstance(value, int | float) and is_enough:
        return f'put quotes around it: "{shown(value)}"'
    if "string" in types and isinstance(value, list):
        return "write one text"
    if "boolean" in types:
        return "write true or false, without quotes"
    if "array" in types and isinstance(value, str | int | float):
        quoted = f'"{shown(value)}"' if isinstance(value, str) and "{" in value else shown(value)
        return f"write a list: [{quoted}]"
    if types == ["array"] and isinstance(value, dict):
        return 'write a list: put "- " before the first key of each entry'
    if {"integer", "number"} & set(types) and isinstance(value, str):
        return "write a number, without quotes and without a unit"
    return f"write {explained or type_named(types)}"


def _choice(error: SchemaError, pointer: Pointer) -> Iterator[Mistake]:
    is_const = error.keyword == "const"
    choices = [error.demand] if is_const else list(error.demand)
    key = next((step for step in reversed(pointer) if isinstance(step, str)), "")
    rule = Rule.UNKNOWN_KIND if key in ("apiVersion", "kind") else Rule.NOT_ALLOWED
    hint = _choice_hint(error, choices)
    if key == "fmt" and nearest(str(error.instance), choices) is None:
        hint += "; the picture's format belongs into is_modifier, as `fmt: png` there"
    yield Mistake(
        rule=rule,
        pointer=pointer,
        summary=f"`{shown(error.instance)}` is not a value of `{key}`",
        hint=hint,
    )


def _choice_hint(error: SchemaError, choices: list[Any]) -> str:
    """A schema that comments on its choices has too many of them to list."""
    comment = _explained(error)
    if comment is None:
        return choice_hint(error.instance, map(str, choices))
    if "examples" not in error.schema:
        return f"{comment} {listed([f'`{choice}`' for choice in choices])}"
    near = nearest_few(str(error.instance), choices)
    if near:
        return f"did you mean {listed([f'`{choice}`' for choice in near])}? ({comment})"
    usual = [f"`{choice}`" for choice in error.schema.get("examples", ())]
    return f"write {listed([*usual, 'another one that IPS documents'])}; {comment}"


def _pattern(error: SchemaError, pointer: Pointer) -> Iterator[Mistake]:
    on_key = _is_about_key(error)
    examples = [example for example in error.schema.get("examples", ()) if type(example) is str]
    meant = nearest(str(error.instance), examples)
    rule = _explained(error)
    hint = f"write {rule}" if rule else f"it must match {error.demand}"
    is_path = (rule or "").startswith("a file of the project")
    is_word = isinstance(meant, str) and meant.isalnum()
    yield Mistake(
        rule=Rule.PATH_ESCAPES if is_path and leaves_project(error.instance) else Rule.NOT_ALLOWED,
        pointer=(*pointer, str(error.instance)) if on_key else pointer,
        summary=f"`{shown(error.instance)}` cannot be used "
        + ("as a key here" if on_key else f"for `{spoken(pointer)}`"),
        hint=f"did you mean `{meant}`? ({hint})" if is_word else hint,
        on_key=on_key,
    )


def _bounds(error: SchemaError, pointer: Pointer) -> Iterator[Mistake]:
    keyword, bound = str(error.keyword), error.demand
    least = keyword.startswith(("min", "exclusiveMin"))
    noun = {"Length": "characters", "Items": "entries", "Properties": "keys"}.get(keyword[3:], "")
    empty = least and bound == 1 and noun
    amount = f"{'at least' if least else 'at most'} {bound:,} {noun}".rstrip()
    yield Mistake(
        rule=Rule.OUT_OF_BOUNDS,
        pointer=pointer,
        summary=f"`{spoken(pointer)}` is empty"
        if empty
        else f"`{spoken(pointer)}` must be {amount}"
        if not noun
        else f"`{spoken(pointer)}` must have {amount}",
        hint=_empty_hint(pointer) if empty else f"write {amount}",
    )


def _empty_hint(pointer: Pointer) -> str:
    if pointer == ("exports",):
        return "give it at least one export"
    return "give it a value, or remove the key"


def _repeated(error: SchemaError, pointer: Pointer) -> Iterator[Mistake]:
    for index in repeated(error.instance):
        yield Mistake(
            rule=Rule.NOT_ALLOWED,
            pointer=(*pointer, index),
            summary=f"`{shown(error.instance[index])}` stands twice in `{spoken(pointer)}`",
            hint="keep one of them",
        )


def _alternatives(error: SchemaError, pointer: Pointer) -> Iterator[Mistake]:
    branches = [_mapping(branch) for branch in error.demand]
    names = [name for branch in branches for name in branch.get("required", ())]
    if not names:
        yield from _other(error, pointer)
        return
    if names == ["is_modifier", "macro"]:
        yield nothing_to_convert(pointer)
        return
    choices = listed([f"`{name}`" for name in names])
    yield Mistake(
        rule=Rule.MISSING_KEY,
        pointer=pointer,
        summary=f"one of {choices} is missing in `{spoken(pointer) or 'the document'}`",
        hint=f"add {choices}",
        missing=tuple(names),
        missing_in=pointer,
    )


def _forbidden_key(pointer: Pointer, why: str | None) -> Mistake:
    key = str(pointer[-1])
    if key in ("is_modifier", "macro"):
        return orig_with_conversion(pointer)
    return Mistake(
        rule=Rule.NOT_ALLOWED,
        pointer=pointer,
        summary=f"`{key}` does not go together with the other keys here",
        hint=why or "remove it",
        on_key=True,
    )


def _is_about_key(error: SchemaError) -> bool:
    return "propertyNames" in error.schema_path[-2:]


def _explained(error: SchemaError) -> str | None:
    text = error.schema.get("$comment")
    return text if isinstance(text, str) else None


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


_READERS: dict[str, Callable[[SchemaError, Pointer], Iterator[Mistake]]] = {
    "additionalProperties": _unknown_keys,
    "unevaluatedProperties": _unknown_keys,
    "required": _missing_keys,
    "type": _type,
    "enum": _choice,
    "const": _choice,
    "pattern": _pattern,
    "minLength": _bounds,
    "maxLength": _bounds,
    "minItems": _bounds,
    "maxItems": _bounds,
    "minProperties": _bounds,
    "maxProperties": _bounds,
    "minimum": _bounds,
    "maximum": _bounds,
    "uniqueItems": _repeated,
    "anyOf": _alternatives,
}
