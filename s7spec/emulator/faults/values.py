"""Numbers, switches and names out of a YAML section, by the rules of YAML 1.2."""

from __future__ import annotations

import re
from typing import NoReturn

import yaml

from s7spec.emulator.catalog.positions import YamlSection

# Digits are bounded: a longer run of them is beyond every range here.
_NUMBER = re.compile(
    r"0o(?P<octal>[0-7]{1,15})|0x(?P<hexadecimal>[0-9a-fA-F]{1,15})|"
    r"[-+]?(?:\.[0-9]{1,30}|[0-9]{1,18}(?:\.[0-9]{0,30})?)(?:[eE][-+]?[0-9]{1,3})?"
).fullmatch
_TRUTH = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


def plain(section: YamlSection, key: str) -> str | None:
    """The text of a value without quotes and tag; None when there is none."""
    node = section.node_at(key)
    if not isinstance(node, yaml.ScalarNode) or not _is_plain(node):
        return None
    return str(node.value)


def decimal(
    section: YamlSection,
    key: str,
    default: float | None = None,
    *,
    low: float,
    high: float,
    above: bool = False,
) -> float:
    """A number from ``low`` (or ``above`` it) to ``high``. Without ``default`` it must be there."""
    if key not in section:
        if default is None:
            _missing(section, key)
        return default
    value = _number(plain(section, key))
    if value is None or not low <= value <= high or (above and value == low):
        border = f"above {low}, at most {high}" if above else f"from {low} to {high}"
        section.fail_at(key, f"{key!r} must be a number {border}")
    return value


def whole(section: YamlSection, key: str, default: int, *, low: int, high: int) -> int:
    """A whole number."""
    value = optional_whole(section, key, low=low, high=high)
    return default if value is None else value


def optional_whole(section: YamlSection, key: str, *, low: int, high: int) -> int | None:
    """A whole number, or None when it is not there."""
    if key not in section:
        return None
    value = _integer(plain(section, key))
    if value is None or not low <= value <= high:
        section.fail_at(key, f"{key!r} must be a whole number from {low} to {high}")
    return value


def one_of(section: YamlSection, key: str, choices: tuple[int, ...]) -> int:
    """One of some whole numbers; it must be there."""
    if key not in section:
        _missing(section, key)
    value = _integer(plain(section, key))
    if value is None or value not in choices:
        known = ", ".join(str(choice) for choice in choices)
        section.fail_at(key, f"{key!r} must be one of {known}")
    return value


def switch(section: YamlSection, key: str) -> bool:
    """true or false; false when it is not there."""
    if key not in section:
        return False
    value = _TRUTH.get(plain(section, key) or "")
    if value is None:
        section.fail_at(key, f"{key!r} must be true or false")
    return value


def string(section: YamlSection, key: str, default: str | None = None) -> str:
    """A text that is not empty. Without ``default`` it must be there."""
    if key not in section:
        if default is None:
            _missing(section, key)
        return default
    node = section.node_at(key)
    if not isinstance(node, yaml.ScalarNode) or not _is_text(node):
        section.fail_at(key, f"{key!r} must be a text", "numbers and such need quotes")
    return section.text(key)


def names(section: YamlSection, key: str) -> tuple[str, ...]:
    """A text, or a list of at least one, none twice; empty when the key is not there."""
    if key not in section:
        return ()
    node = section.node_at(key)
    items = node.value if isinstance(node, yaml.SequenceNode) else [node]
    texts = [
        str(item.value) for item in items if isinstance(item, yaml.ScalarNode) and _is_text(item)
    ]
    if not texts or len(texts) != len(items) or len(set(texts)) != len(texts):
        section.fail_at(key, f"{key!r} must be a name, or a list of different names")
    return tuple(texts)


def _is_plain(node: yaml.ScalarNode) -> bool:
    # libyaml gives an empty style where the parser in Python gives None.
    return not node.style


def _is_text(node: yaml.ScalarNode) -> bool:
    if not _is_plain(node):
        return True
    value = str(node.value)
    special = value in ("", "~", "null", "Null", "NULL", *_TRUTH)
    return not special and _number(value) is None


def _number(text: str | None) -> float | None:
    match = _NUMBER(text or "")
    if match is None:
        return None
    if match["octal"]:
        return int(match["octal"], 8)
    return int(match["hexadecimal"], 16) if match["hexadecimal"] else float(match[0])


def _integer(text: str | None) -> int | None:
    """5.0 is a whole number too, as it is for JSON Schema."""
    value = _number(text)
    return int(value) if value is not None and value == value // 1 else None


def _missing(section: YamlSection, key: str) -> NoReturn:
    section.fail(f"{key!r} is missing")
