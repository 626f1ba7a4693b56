"""Values of a trace as they are shown: short, on one line, and without credentials."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from s7spec.model.source import MASK, JsonValue, is_secret_name, masked
from s7spec.model.trace import JobTrace
from s7spec.modifiers import encoded_value

_SHORTEST = 3
"""A shorter one would be found, and masked, in the middle of everything else."""
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Secrets:
    """Values that stand behind a credential's name: they are masked wherever they turn up."""

    texts: tuple[str, ...]

    @classmethod
    def of(cls, trace: JobTrace) -> Secrets:
        """Those of all variables of a trace. Longer ones come first: one may hold another."""
        found: dict[str, None] = {}
        for variable in trace.all_variables():
            found |= dict.fromkeys(_scalars(variable.value) if _is_secret(variable.path) else ())
            found |= dict.fromkeys(_secrets_in(variable.value))
        found |= dict.fromkeys(map(encoded_value, [*found]))
        telling = [text for text in found if len(text) >= _SHORTEST]
        return cls(tuple(sorted(telling, key=lambda text: (-len(text), text))))

    def mask(self, text: str) -> str:
        """``text`` without them, and without what looks like a credential by itself."""
        for secret in self.texts:
            text = text.replace(secret, MASK)
        return masked(text)

    def masked_value(self, value: JsonValue, name: str = "") -> JsonValue:
        """A value of any depth; ``name`` is what it goes by."""
        if isinstance(value, Mapping):
            return {key: self.masked_value(below, key) for key, below in value.items()}
        if isinstance(value, tuple):
            return tuple(self.masked_value(below, name) for below in value)
        if value is not None and _is_secret(name):
            return MASK
        if isinstance(value, str):
            return self.mask(value)
        return MASK if str(value) in self.texts else value


def value_text(value: JsonValue) -> str:
    """Texts as they are, all else as JSON; nothing at all as two quotes."""
    if isinstance(value, str):
        return value or '""'
    return json.dumps(_plain(value), ensure_ascii=False)


def quoted(text: str) -> str:
    """A text as it is written, on one line: a template may go over several."""
    return f'"{" ".join(text.split())}"'


def _plain(value: JsonValue) -> object:
    if isinstance(value, Mapping):
        return {key: _plain(below) for key, below in value.items()}
    if isinstance(value, tuple):
        return [_plain(below) for below in value]
    return value


def _is_secret(path: str) -> bool:
    """Whether any name on the way to a value is a credential's."""
    return any(is_secret_name(name) for name in _NAME.findall(path))


def _secrets_in(value: JsonValue) -> list[str]:
    """The values below a credential's name in a mapping of any depth."""
    if isinstance(value, tuple):
        return [text for below in value for text in _secrets_in(below)]
    if not isinstance(value, Mapping):
        return []
    return [
        text
        for key, below in value.items()
        for text in (_scalars(below) if is_secret_name(key) else _secrets_in(below))
    ]


def _scalars(value: JsonValue) -> list[str]:
    if isinstance(value, Mapping):
        return [text for below in value.values() for text in _scalars(below)]
    if isinstance(value, tuple):
        return [text for below in value for text in _scalars(below)]
    return [] if value is None or isinstance(value, bool) else [str(value)]
