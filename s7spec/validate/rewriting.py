"""The same schema in a form that jsonschema checks faster.

References to ``$defs`` are put in place, and ``unevaluatedProperties: false`` becomes
``additionalProperties: false`` where both mean the same: jsonschema evaluates the former by
walking every subschema again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_ANNOTATIONS = frozenset({"title", "description", "examples", "default", "$comment"})
_ONE_BELOW = frozenset(
    {
        *("if", "then", "else", "not", "items", "contains", "propertyNames"),
        *("additionalProperties", "unevaluatedProperties", "unevaluatedItems"),
    }
)
_MANY_BELOW = ("properties", "patternProperties", "dependentSchemas")
_LISTS_BELOW = ("allOf", "anyOf", "oneOf", "prefixItems")
NOTHING: dict[str, Any] = {"not": {}}
"""What no value satisfies. For ``false`` itself jsonschema does not say which property it is at."""

_DEFINITION = "#/$defs/"


def rewrite(schema: dict[str, Any]) -> dict[str, Any]:
    """``schema`` rewritten; what cannot be rewritten safely stays as it is."""
    done: dict[str, Any] = _rewritten(schema, schema.get("$defs", {}), ())
    return done


def _rewritten(node: Any, definitions: dict[str, Any], path: tuple[str, ...]) -> Any:
    """``path`` names the definitions being put in place: a recursive one stays a reference."""
    if not isinstance(node, dict):
        return node
    node, path = _with_definition(node, definitions, path)
    result: dict[str, Any] = {}
    for keyword, value in node.items():
        if keyword in _ONE_BELOW:
            value = _rewritten(value, definitions, path)
        elif keyword in _MANY_BELOW:
            below = {key: _rewritten(child, definitions, path) for key, child in value.items()}
            value = {key: NOTHING if child is False else child for key, child in below.items()}
        elif keyword in _LISTS_BELOW:
            value = [_rewritten(below, definitions, path) for below in value]
        result[keyword] = value
    if result.get("unevaluatedProperties") is False and _is_closed_by_itself(result):
        del result["unevaluatedProperties"]
        result["additionalProperties"] = False
    return result


def _with_definition(
    node: dict[str, Any], definitions: dict[str, Any], path: tuple[str, ...]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    name = str(node.get("$ref", "")).removeprefix(_DEFINITION)
    target = definitions.get(name) if node.get("$ref") == _DEFINITION + name else None
    if not isinstance(target, dict) or name in path:
        return node, path
    own = {keyword: value for keyword, value in node.items() if keyword != "$ref"}
    if not (own.keys() & target.keys()) <= _ANNOTATIONS:
        return node, path
    return _with_definition({**target, **own}, definitions, (*path, name))


def _is_closed_by_itself(node: dict[str, Any]) -> bool:
    """True when nothing but ``properties`` and ``patternProperties`` evaluates properties."""
    if "additionalProperties" in node or "$ref" in node or "$dynamicRef" in node:
        return False
    known = set(node.get("properties", {}))
    return all(_evaluates_only(below, known) for below in _in_place(node))


def _evaluates_only(node: Any, known: set[str]) -> bool:
    if not isinstance(node, dict):
        return True
    opaque = {"$ref", "$dynamicRef", "patternProperties", "additionalProperties"}
    if opaque & node.keys() or "unevaluatedProperties" in node:
        return False
    inside = set(node.get("properties", {})) <= known
    return inside and all(_evaluates_only(below, known) for below in _in_place(node))


def _in_place(node: dict[str, Any]) -> Iterator[Any]:
    """Subschemas that look at the same value."""
    for keyword in ("if", "then", "else", "not"):
        if keyword in node:
            yield node[keyword]
    for keyword in ("allOf", "anyOf", "oneOf"):
        yield from node.get(keyword, ())
    yield from node.get("dependentSchemas", {}).values()
