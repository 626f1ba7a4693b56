"""Reading YAML strictly: typed values out of a node tree, every complaint with its position."""

from __future__ import annotations

import difflib
import os
import re
import stat
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import yaml

from s7spec.emulator.catalog.errors import CatalogError

_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_UNSAFE_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_MAX_BYTES = 64 * 1024 * 1024
_MAX_DEPTH = 20


def unsafe_character(text: str) -> str | None:
    """The first character that XML 1.0 cannot carry, or None."""
    found = _UNSAFE_TEXT.search(text)
    return found.group() if found else None


class YamlSection:
    """One mapping of a YAML file. Keys outside ``known`` and repeated keys raise CatalogError."""

    def __init__(self, path: Path, node: yaml.Node, *, known: Iterable[str]) -> None:
        self.path = path
        self.node = node
        self._values: dict[str, yaml.Node] = {}
        names = tuple(known)
        if not isinstance(node, yaml.MappingNode):
            self.fail("a mapping is expected here", node)
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else ""
            if name not in names:
                self._unknown(name, key, names)
            if name in self._values:
                self.fail(f"{name!r} stands here twice", key)
            self._values[name] = value

    def _unknown(self, name: str, key: yaml.Node, names: tuple[str, ...]) -> NoReturn:
        near = difflib.get_close_matches(name, names, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"known keys: {', '.join(names)}"
        self.fail(f"unknown key {name!r}", key, hint)

    def fail(self, message: str, node: yaml.Node | None = None, hint: str = "") -> NoReturn:
        mark = (node or self.node).start_mark
        raise CatalogError(
            message, path=self.path, line=mark.line + 1, column=mark.column + 1, hint=hint
        )

    def fail_at(self, key: str, message: str, hint: str = "") -> NoReturn:
        self.fail(message, self._values.get(key), hint)

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def node_at(self, key: str) -> yaml.Node | None:
        return self._values.get(key)

    def text(self, key: str, default: str | None = None) -> str:
        """The scalar as it is written; without ``default`` the key must be there and not empty."""
        if key not in self._values:
            if default is None:
                self.fail(f"{key!r} is missing")
            return default
        value = self._scalar(key)
        if unsafe_character(value):
            self.fail_at(key, f"{key!r} holds a control character")
        if default is None and not value:
            self.fail_at(key, f"{key!r} is empty")
        return value

    def number(self, key: str, default: int, *, least: int = 0, most: int = 2**31 - 1) -> int:
        if key not in self._values:
            return default
        value = self._scalar(key)
        if not re.fullmatch(r"\d{1,19}", value) or not least <= int(value) <= most:
            self.fail_at(key, f"{key!r} must be a whole number from {least} to {most}")
        return int(value)

    def size(self, key: str) -> int | None:
        """A whole number that XML's long carries, or None without the key."""
        return self.number(key, 0, most=2**63 - 1) if key in self._values else None

    def real(self, key: str, default: float) -> float:
        if key not in self._values:
            return default
        value = self._scalar(key)
        if not re.fullmatch(r"\d{1,9}(\.\d{1,9})?", value):
            self.fail_at(key, f"{key!r} must be a number")
        return float(value)

    def choice(self, key: str, values: Iterable[str], default: str) -> str:
        """One of a list of words."""
        value, words = self.text(key, default), tuple(values)
        if value not in words:
            near = difflib.get_close_matches(value, words, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"one of {', '.join(words)}"
            self.fail_at(key, f"unknown {key} {value!r}", hint)
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        if key not in self._values:
            return default
        value = self._scalar(key).lower()
        if value not in ("true", "false"):
            self.fail_at(key, f"{key!r} must be true or false")
        return value == "true"

    def moment(self, key: str) -> datetime | None:
        """An ISO 8601 date and time with its zone, in UTC."""
        if key not in self._values:
            return None
        try:
            value = datetime.fromisoformat(self._scalar(key))
        except ValueError:
            value = None
        if value is None or value.tzinfo is None:
            hint = "write it like 2026-05-01T10:00:00Z"
            self.fail_at(key, f"{key!r} must be a date and time with a time zone", hint)
        return value.astimezone(UTC)

    def pair(self, key: str, default: tuple[int, int] | None) -> tuple[int, int] | None:
        """Two pixel counts; 0 means unlimited, and twice 0 reads as None."""
        if key not in self._values:
            return default
        node = self._values[key]
        items = node.value if isinstance(node, yaml.SequenceNode) else []
        texts = [item.value for item in items if isinstance(item, yaml.ScalarNode)]
        if len(texts) != 2 or not all(re.fullmatch(r"\d{1,6}", str(text)) for text in texts):
            self.fail_at(key, f"{key!r} must be two whole numbers", "write it like [1280, 1280]")
        width, height = int(texts[0]), int(texts[1])
        return (width, height) if width or height else None

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of scalars, or one scalar; empty without the key."""
        return self._texts(key, self._values[key]) if key in self._values else ()

    def mapping(self, key: str) -> dict[str, tuple[str, ...]]:
        """A mapping with free keys, each to a scalar or a list of scalars."""
        node = self._values.get(key)
        if node is None:
            return {}
        if not isinstance(node, yaml.MappingNode):
            self.fail_at(key, f"{key!r} must be a mapping")
        found: dict[str, tuple[str, ...]] = {}
        for name, value in node.value:
            if not isinstance(name, yaml.ScalarNode) or unsafe_character(name.value):
                self.fail("a plain text is expected as a key", name)
            if name.value in found:
                self.fail(f"{name.value!r} stands here twice", name)
            found[name.value] = self._texts(name.value, value)
        return found

    def _texts(self, key: str, node: yaml.Node) -> tuple[str, ...]:
        items = node.value if isinstance(node, yaml.SequenceNode) else [node]
        for item in items:
            if not isinstance(item, yaml.ScalarNode):
                self.fail(f"{key!r} must be a single value or a list of them", item)
            if unsafe_character(item.value):
                self.fail(f"{key!r} holds a control character", item)
        null = "tag:yaml.org,2002:null"
        return tuple("" if item.tag == null else str(item.value) for item in items)

    def section(self, key: str, known: Iterable[str]) -> YamlSection | None:
        node = self._values.get(key)
        return None if node is None else YamlSection(self.path, node, known=known)

    def sections(self, key: str, known: Iterable[str]) -> list[YamlSection]:
        node = self._values.get(key)
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.fail_at(key, f"{key!r} must be a list")
        names = tuple(known)
        return [YamlSection(self.path, item, known=names) for item in node.value]

    def _scalar(self, key: str) -> str:
        node = self._values[key]
        if not isinstance(node, yaml.ScalarNode):
            self.fail_at(key, f"{key!r} must be a single value")
        return "" if node.tag == "tag:yaml.org,2002:null" else str(node.value)


def _bound_depth(path: Path, data: bytes) -> None:
    """Composing recurses in C and would take the process down with a deep enough document."""
    depth = 0
    for event in yaml.parse(data, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _MAX_DEPTH:
            mark = event.start_mark
            place = (mark.line + 1, mark.column + 1) if mark else (None, None)
            message = "the nesting is too deep"
            raise CatalogError(message, path=path, line=place[0], column=place[1])


def _read_bounded(path: Path, most: int) -> bytes:
    """Never more than ``most`` bytes, and never what has no end, such as a device or a pipe."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise CatalogError("is not a plain file", path=path)
        data = file.read(most + 1)
    if len(data) > most:
        raise CatalogError(f"the file is larger than {most} bytes", path=path)
    return data


def read_yaml(
    path: Path, *, known: Iterable[str], most_bytes: int = _MAX_BYTES
) -> YamlSection | None:
    """The top mapping of a file, None when the file is empty. Raises CatalogError."""
    try:
        data = _read_bounded(path, most_bytes)
        _bound_depth(path, data)
        node = yaml.compose(data, Loader=_Loader)
    except OSError as error:
        raise CatalogError(f"cannot be read: {error.strerror}", path=path) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = (mark.line + 1, mark.column + 1) if mark else (None, None)
        message = f"broken YAML: {error.problem or error.context}"
        raise CatalogError(message, path=path, line=place[0], column=place[1]) from error
    except yaml.YAMLError as error:
        raise CatalogError(f"broken YAML: {error}", path=path) from error
    return None if node is None else YamlSection(path, node, known=known)
