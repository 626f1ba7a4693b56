"""Values after a schema: mostly valid ones, sometimes nearly."""

from __future__ import annotations

from random import Random
from typing import Any

from s7spec.validate.reference import compiled_pattern

TEXTS = [
    *("a", "x-1", "Image", "Acme/Products/", "hero_0001", "wid=100&fmt=png", "$Thumbnail$", "0"),
    *("a" * 64, "sha256:" + "0" * 64, "S7E011", "S7W002", "http://example.com/", "embedded", ""),
    *("2026-05-01T10:00:00.000Z", "2026-05-01T10:00:00+02:00", "specs/zalando.yaml", "[0-9]"),
    *("a\n", "\n", " a", "a ", "ü", "\u0663", "{{ vars.x }}", "a" * 9000, "\U0001f600", "A\\b"),
]
NUMBERS = [0, 1, 2, 20, 300, 1.0, 2.5, -1, 0.0, 1e3, 10**12, 10**16, True]
_DEEP = 12


def sample(schema: Any, root: dict[str, Any], random: Random, depth: int = 0) -> Any:
    """A value that ``schema`` (a part of ``root``) would probably accept."""
    if not isinstance(schema, dict):
        return random.choice([None, "x", 1])
    schema = _flattened(schema, root, random)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return random.choice(schema["enum"])
    if "examples" in schema and random.random() < 0.5:
        return random.choice(schema["examples"])
    kinds = schema.get("type", "object" if "properties" in schema else "string")
    kind = kinds if isinstance(kinds, str) else random.choice(kinds)
    match kind:
        case "object":
            return _mapping(schema, root, random, depth)
        case "array":
            return _array(schema, root, random, depth)
        case "string":
            return _text(schema, random)
        case "boolean":
            return random.random() < 0.5
        case "null":
            return None
        case _:
            return _number(schema, random, whole=kind == "integer")


def _number(schema: dict[str, Any], random: Random, *, whole: bool) -> float:
    low, high = schema.get("minimum", -(10**20)), schema.get("maximum", 10**20)
    fitting = [number for number in NUMBERS if low <= number <= high]
    if whole:
        fitting = [number for number in fitting if number == int(number)]
    return random.choice(fitting or NUMBERS)


def _flattened(schema: dict[str, Any], root: dict[str, Any], random: Random) -> dict[str, Any]:
    """With what it refers to, and with one of its branches each, put in place."""
    merged: dict[str, Any] = {}
    branches: list[Any] = [schema]
    while branches:
        branch = branches.pop(0)
        if not isinstance(branch, dict):
            continue
        if "$ref" in branch:
            branches.append(root["$defs"][branch["$ref"].removeprefix("#/$defs/")])
        branches += branch.get("allOf", ())
        branches += [random.choice(branch[word]) for word in ("anyOf", "oneOf") if word in branch]
        if "then" in branch or "else" in branch:
            chosen = random.choice([word for word in ("then", "else") if word in branch])
            branches += [branch[chosen], *([branch["if"]] if chosen == "then" else [])]
        for word, value in branch.items():
            if word in ("properties", "required") and word in merged:
                value = _joined(merged[word], value)
            merged[word] = value
    return merged


def _joined(one: Any, other: Any) -> Any:
    if isinstance(one, list):
        return [*one, *other]
    together = dict(one)
    for name, schema in other.items():
        is_both = isinstance(schema, dict) and isinstance(together.get(name), dict)
        together[name] = {**together[name], **schema} if is_both else schema
    return together


def _mapping(schema: dict[str, Any], root: dict[str, Any], random: Random, depth: int) -> Any:
    properties = schema.get("properties", {})
    wanted = set(schema.get("required", ()))
    others = [name for name, below in properties.items() if below is not False]
    share = random.choice([0.0, 0.3, 0.9]) if depth < _DEEP else 0.0
    wanted |= {name for name in others if random.random() < share}
    value = {
        name: sample(properties.get(name, {}), root, random, depth + 1) for name in sorted(wanted)
    }
    rest = schema.get("additionalProperties")
    if isinstance(rest, dict):
        names = schema.get("propertyNames", {})
        least = max(schema.get("minProperties", 0), random.randrange(3))
        for _ in range(least):
            value[str(sample({"type": "string", **names}, root, random, depth + 1))] = sample(
                rest, root, random, depth + 1
            )
    elif random.random() < 0.02:
        value["strange"] = 1
    return value


def _array(schema: dict[str, Any], root: dict[str, Any], random: Random, depth: int) -> list[Any]:
    low = schema.get("minItems", 0)
    count = random.randrange(low, low + 3) if depth < _DEEP else low
    return [sample(schema.get("items", {}), root, random, depth + 1) for _ in range(count)]


def _text(schema: dict[str, Any], random: Random) -> str:
    matches = compiled_pattern(schema.get("pattern", ""))
    fitting = [text for text in TEXTS if matches(text)] + [
        text for text in schema.get("examples", ()) if isinstance(text, str)
    ]
    return random.choice(fitting if fitting and random.random() < 0.95 else TEXTS)
