"""jsonschema, the reference: what exactly is wrong with a value.

It walks every part of a value in Python, so it is asked only about values that were refused
already, and in long lists and mappings only about the members that were.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from s7spec.validate.equality import repeated
from s7spec.validate.rewriting import rewrite

Accepts = Callable[[Any], bool]
Compile = Callable[[dict[str, Any]], Accepts | None]
_Errors = Iterator[ValidationError]


def reference_for(
    schema: dict[str, Any], others: Registry[Any], compile_part: Compile, *, long: int
) -> Any:
    """A jsonschema validator for ``schema``.

    In lists and mappings of more than ``long`` members, members that ``compile_part``'s verdict
    accepts are passed over; it gets subschemas with the ``$defs`` of ``schema``, and answers None
    for those it cannot judge.
    """
    rewritten = rewrite(schema)
    passing = _Passing(rewritten.get("$defs", {}), compile_part, long)
    kind = extend(  # type: ignore[no-untyped-call]
        Draft202012Validator,
        {
            "pattern": _pattern,
            "patternProperties": _pattern_properties,
            "uniqueItems": _unique_items,
            "items": passing.items,
            "additionalProperties": passing.additional_properties,
            "propertyNames": passing.property_names,
        },
    )
    return kind(rewritten, registry=others)


def registry_of(schemas: list[dict[str, Any]]) -> Registry[Any]:
    """What references may lead to; anything else raises."""
    resources = [(s["$id"], DRAFT202012.create_resource(s)) for s in schemas if "$id" in s]
    # A registry without a `retrieve` function raises for everything else.
    empty: Registry[Any] = Registry()
    return empty.with_resources(resources)


class _Passing:
    """Keywords over many members, which pass over the valid ones where there are a lot."""

    def __init__(self, definitions: Mapping[str, Any], compile_part: Compile, long: int) -> None:
        self._definitions = definitions
        self._compile = compile_part
        self._long = long
        self._verdicts: dict[int, Accepts | None] = {}

    def items(self, validator: Any, below: Any, instance: Any, schema: Any) -> _Errors:
        accepts = self._verdict(below, instance) if "prefixItems" not in schema else None
        if accepts is None or not isinstance(instance, list):
            yield from _ITEMS(validator, below, instance, schema)
            return
        for index, item in enumerate(instance):
            if not accepts(item):
                yield from validator.descend(item, below, path=index)

    def additional_properties(
        self, validator: Any, below: Any, instance: Any, schema: Any
    ) -> _Errors:
        is_plain = isinstance(below, dict) and "patternProperties" not in schema
        if not is_plain or not isinstance(instance, dict):
            yield from _ADDITIONAL_PROPERTIES(validator, below, instance, schema)
            return
        # In the order of the document: jsonschema's own is another one in each process.
        accepts = self._verdict(below, instance)
        known = schema.get("properties", {})
        for key, value in instance.items():
            if key not in known and not (accepts and accepts(value)):
                yield from validator.descend(value, below, path=key)

    def property_names(self, validator: Any, below: Any, instance: Any, schema: Any) -> _Errors:
        accepts = self._verdict(below, instance)
        if accepts is None or not isinstance(instance, dict):
            yield from _PROPERTY_NAMES(validator, below, instance, schema)
            return
        for key in instance:
            if not accepts(key):
                yield from validator.descend(key, below)

    def _verdict(self, below: Any, instance: Any) -> Accepts | None:
        is_long = isinstance(instance, list | dict) and len(instance) > self._long
        if not is_long or not isinstance(below, dict) or "$defs" in below:
            return None
        # The validator holds the rewritten schema, and with it `below`: its id stays its own.
        if id(below) not in self._verdicts:
            self._verdicts[id(below)] = self._compile({**below, "$defs": self._definitions})
        return self._verdicts[id(below)]


_ITEMS: Any = Draft202012Validator.VALIDATORS["items"]
_ADDITIONAL_PROPERTIES: Any = Draft202012Validator.VALIDATORS["additionalProperties"]
_PROPERTY_NAMES: Any = Draft202012Validator.VALIDATORS["propertyNames"]


@lru_cache(maxsize=256)
def compiled_pattern(pattern: str) -> Callable[[str], re.Match[str] | None]:
    r"""``pattern`` as other validators read it: ASCII classes, and ``$`` only at the very end.

    Python's own ``$`` also matches before a last line break, its ``\d`` any script's digits.
    """
    return re.compile(_with_true_ends(pattern), re.ASCII).search


def _with_true_ends(pattern: str) -> str:
    parts: list[str] = []
    in_class = False
    for part in re.findall(r"\\.|.", pattern, re.DOTALL):
        if part == "$" and not in_class:
            part = r"\Z"
        in_class = part == "[" or (in_class and part != "]")
        parts.append(part)
    return "".join(parts)


def _pattern(validator: Validator, pattern: str, instance: object, schema: object) -> _Errors:
    if isinstance(instance, str) and compiled_pattern(pattern)(instance) is None:
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


def _pattern_properties(
    validator: Any, patterns: Mapping[str, object], instance: object, schema: object
) -> _Errors:
    if not isinstance(instance, dict):
        return
    for pattern, subschema in patterns.items():
        for key, value in instance.items():
            if compiled_pattern(pattern)(key):
                yield from validator.descend(value, subschema, path=key, schema_path=pattern)


def _unique_items(
    validator: Validator, wanted: object, instance: object, schema: object
) -> _Errors:
    # jsonschema compares each item with each other where it cannot sort them.
    if wanted is True and isinstance(instance, list) and any(True for _ in repeated(instance)):
        yield ValidationError("items are not unique")
