"""Words for values, types and near misses."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from s7spec.model.source import masked

_LONGEST = 60
_TYPES = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "nothing (null)",
}


def shown(value: object) -> str:
    """A value for a message: YAML-like, short, and without what looks like a credential."""
    text = value
    if not isinstance(text, str):
        text = json.dumps(value, ensure_ascii=False, default=_plain_value)
    text = masked(text.replace("\n", " "))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def type_of(value: object) -> str:
    """``a list``: what a value is, for people."""
    if value is None:
        return "nothing (null)"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, Mapping):
        return _TYPES["object"]
    names = {str: "string", int: "integer", float: "number", list: "array", tuple: "array"}
    return _TYPES[names[type(value)]] if type(value) in names else type(value).__name__


def type_named(names: str | Iterable[str]) -> str:
    """``a text or a mapping``: the types a schema names."""
    each = [names] if isinstance(names, str) else list(names)
    words = {**_TYPES, "boolean": "a truth value"} if len(each) > 1 else _TYPES
    return listed([words.get(name, name) for name in each])


def listed(words: Iterable[str], *, last: str = "or") -> str:
    """``a, b or c``."""
    each = list(words)
    return f" {last} ".join(filter(None, [", ".join(each[:-1]), *each[-1:]]))


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The choice that was probably meant, or None."""
    return next(iter(nearest_few(word, choices, count=1)), None)


def nearest_few(word: str, choices: Iterable[str], *, count: int = 3) -> tuple[str, ...]:
    """Up to ``count`` choices that were possibly meant, likelier ones first."""
    plain = {_plain(choice): choice for choice in choices}
    wanted = _plain(word)
    if wanted in plain:
        return (plain[wanted],)
    import difflib  # only here: most documents are right

    close = difflib.get_close_matches(wanted[:100], plain, n=count, cutoff=0.6)
    return tuple(plain[choice] for choice in close)


def choice_hint(word: object, choices: Iterable[str]) -> str:
    """``did you mean `x`?``, or all there is to choose from."""
    each = list(choices)
    meant = nearest(str(word), each)
    if meant is not None:
        return f"did you mean `{meant}`?"
    return f"write {listed([f'`{choice}`' for choice in each])}"


def _plain(word: str) -> str:
    return word.lower().replace("_", "").replace("-", "")


def _plain_value(value: object) -> object:
    return dict(value) if isinstance(value, Mapping) else str(value)
