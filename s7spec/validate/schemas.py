"""The schemas, compiled when first needed, never fetched from anywhere."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from s7spec.model.source import Pointer
from s7spec.validate.rewriting import rewrite


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaError:
    """One keyword that a value does not satisfy.

    ``demand`` is the keyword's value, ``schema`` what it stands in. Where a schema is just
    ``false``, ``keyword`` is None.
    """

    keyword: str | None
    demand: Any
    instance: Any
    schema: Mapping[str, Any]
    pointer: Pointer
    schema_path: tuple[str | int, ...]


class SchemaSet:
    """Schemas by name: ``manifest``, ``project``, ``export-job``, ``plan``...

    ``texts`` maps names to JSON texts. References resolve among these texts only.
    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = dict(texts)
        self._validators: dict[str, Validator] = {}
        self._registry: Registry[Any] | None = None

    def errors(self, value: object, name: str) -> Iterator[SchemaError]:
        """What the schema ``name`` finds wrong in ``value``, in no useful order.

        Raises KeyError when there is no such schema.
        """
        if name not in self._validators:
            schema = rewrite(json.loads(self._texts[name]))
            self._validators[name] = _Validator(schema, registry=self._all())
        for error in self._validators[name].iter_errors(value):  # type: ignore[arg-type]
            yield SchemaError(
                keyword=error.validator if isinstance(error.validator, str) else None,
                demand=error.validator_value,
                instance=error.instance,
                schema=error.schema if isinstance(error.schema, dict) else {},
                pointer=tuple(error.absolute_path),
                schema_path=tuple(error.absolute_schema_path),
            )

    def _all(self) -> Registry[Any]:
        if self._registry is None:
            schemas = [json.loads(text) for text in self._texts.values()]
            resources = [(s["$id"], DRAFT202012.create_resource(s)) for s in schemas if "$id" in s]
            # A registry without a `retrieve` function raises for everything else.
            self._registry = Registry().with_resources(resources)
        return self._registry


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


def _pattern(
    validator: Validator, pattern: str, instance: object, schema: object
) -> Iterator[ValidationError]:
    if isinstance(instance, str) and compiled_pattern(pattern)(instance) is None:
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


def _pattern_properties(
    validator: Any, patterns: Mapping[str, object], instance: object, schema: object
) -> Iterator[ValidationError]:
    if not isinstance(instance, dict):
        return
    for pattern, subschema in patterns.items():
        for key, value in instance.items():
            if compiled_pattern(pattern)(key):
                yield from validator.descend(value, subschema, path=key, schema_path=pattern)


def repeated(items: list[Any]) -> Iterator[int]:
    """Indexes of the items that stood in the list before, as JSON Schema compares them."""
    seen: set[object] = set()
    for index, item in enumerate(items):
        identity = _identity(item)
        if identity in seen:
            yield index
        seen.add(identity)


def _identity(value: Any) -> object:
    """Hashable, and equal for equal JSON values: 1 and 1.0 are one number, 1 and true are not."""
    if isinstance(value, dict):
        return (dict, frozenset((key, _identity(below)) for key, below in value.items()))
    if isinstance(value, list):
        return (list, tuple(map(_identity, value)))
    return (bool, value) if isinstance(value, bool) else value


def _unique_items(
    validator: Validator, wanted: object, instance: object, schema: object
) -> Iterator[ValidationError]:
    # jsonschema compares each item with each other where it cannot sort them.
    if wanted is True and isinstance(instance, list) and any(True for _ in repeated(instance)):
        yield ValidationError("items are not unique")


_Validator: Any = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    {
        "pattern": _pattern,
        "patternProperties": _pattern_properties,
        "uniqueItems": _unique_items,
    },
)
