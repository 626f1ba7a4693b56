"""Values straight from parser events: no node tree, so size and depth stay bounded."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from s7spec.load.events import MAX_DEPTH, EventSource
from s7spec.load.findings import Findings, StopLoadingError
from s7spec.load.scalars import Scalar, core_scalar, tagged_scalar
from s7spec.model.source import Pointer

MAX_ALIAS_NODES = 100_000
"""How many values aliases may add: an alias counts as everything below its anchor."""

_CHARACTERS_PER_NODE = 64
_CORE_COLLECTIONS = {
    MappingStartEvent: ("!", "tag:yaml.org,2002:map"),
    SequenceStartEvent: ("!", "tag:yaml.org,2002:seq"),
}
# A double-quoted text can spell out characters that may not stand in a file, or in XML.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


class _NoKey:
    """Marks a mapping that waits for its next key, and a value that is to be dropped."""


_NO_KEY = _NoKey()
_DROPPED = _NoKey()
_Key = str | _NoKey


class Builder:
    """Builds one document after the other from events.

    ``finish_document`` is called with each document's index, its value, and whether every part of
    it could be read.
    """

    def __init__(
        self,
        events: EventSource,
        findings: Findings,
        finish_document: Callable[[int, Any, bool], None],
    ) -> None:
        self._next = events.get_event
        self._findings = findings
        self._finish = finish_document
        self._index = -1
        self._reset()
        self._handlers: dict[type[Event], Callable[[Any], None]] = {
            ScalarEvent: self._scalar,
            MappingStartEvent: self._start_collection,
            SequenceStartEvent: self._start_collection,
            MappingEndEvent: self._end_collection,
            SequenceEndEvent: self._end_collection,
            AliasEvent: self._alias,
            DocumentStartEvent: self._start_document,
            DocumentEndEvent: self._end_document,
            StreamStartEvent: self._skip,
        }

    @property
    def documents(self) -> int:
        """How many documents have begun so far."""
        return self._index + 1

    def run(self) -> None:
        """Reads to the end. Raises yaml.MarkedYAMLError and StopLoadingError."""
        next_event, handlers = self._next, self._handlers
        while (kind := type(event := next_event())) is not StreamEndEvent:
            handlers[kind](event)

    def _reset(self) -> None:
        self._root: Any = None
        self._container: Any = None
        self._in_mapping = False
        self._key: _Key = _NO_KEY
        self._stack: list[tuple[Any, bool, _Key, str | None, int]] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._open_anchors: set[str] = set()
        self._nodes = 0
        self._alias_nodes = 0
        self._whole = True

    def _skip(self, event: Event) -> None:
        pass

    def _start_document(self, event: DocumentStartEvent) -> None:
        self._reset()
        self._index += 1
        if event.version is not None and tuple(event.version) < (1, 2):
            self._refuse(
                event,
                "this file declares YAML 1.1; s7spec reads YAML 1.2",
                "remove the %YAML line: in YAML 1.2 `no` and `on` are texts, not false and true",
            )

    def _end_document(self, event: DocumentEndEvent) -> None:
        self._finish(self._index, self._root, self._whole)

    def _scalar(self, event: ScalarEvent) -> None:
        if self._in_mapping and self._key is _NO_KEY:
            self._take_key(event)
            return
        self._nodes += 1
        value: Any = event.value
        if event.tag is not None:
            value = self._tagged(event, event.tag)
        elif event.implicit[0]:
            try:
                value = core_scalar(value)
            except ValueError as error:
                self._refuse(event, str(error), "put quotes around it to keep it as text")
        if event.style == '"' and type(value) is str and _CONTROL.search(value):
            self._refuse_control(event)
        if event.anchor is not None:
            weight = 1 + len(event.value) // _CHARACTERS_PER_NODE
            self._anchors[event.anchor] = (value, weight)
        self._store(value)

    def _store(self, value: Any) -> None:
        if self._in_mapping:
            if self._key is not _DROPPED:
                self._container[self._key] = value
            self._key = _NO_KEY
        elif self._container is not None:
            self._container.append(value)
        else:
            self._root = value

    def _start_collection(self, event: MappingStartEvent | SequenceStartEvent) -> None:
        is_mapping = type(event) is MappingStartEvent
        if event.tag is not None and event.tag not in _CORE_COLLECTIONS[type(event)]:
            self._refuse_tag(event)
        value: dict[str, Any] | list[Any] = {} if is_mapping else []
        self._nodes += 1
        is_key = self._in_mapping and self._key is _NO_KEY
        if is_key:
            self._findings.collection_as_key(event)
            self._whole = False
            self._key = _DROPPED
        else:
            self._store_open(value)
        if len(self._stack) >= MAX_DEPTH:
            self._refuse(event, f"more than {MAX_DEPTH} levels deep", "flatten the document")
            raise StopLoadingError
        if event.anchor is not None:
            self._open_anchors.add(event.anchor)
        outer_key = _DROPPED if is_key else _NO_KEY
        self._stack.append(
            (self._container, self._in_mapping, outer_key, event.anchor, self._nodes)
        )
        self._container, self._in_mapping, self._key = value, is_mapping, _NO_KEY

    def _store_open(self, value: Any) -> None:
        if self._container is None:
            self._root = value
        else:
            self._store(value)

    def _end_collection(self, event: Event) -> None:
        value = self._container
        self._container, self._in_mapping, self._key, anchor, before = self._stack.pop()
        if anchor is not None:
            self._open_anchors.discard(anchor)
            self._anchors[anchor] = (value, self._nodes - before + 1)

    def _alias(self, event: AliasEvent) -> None:
        if self._in_mapping and self._key is _NO_KEY:
            self._refuse(event, "an alias cannot be a key", "write the key itself")
            self._key = _DROPPED
            return
        anchor = event.anchor
        if anchor in self._open_anchors:
            self._refuse(
                event,
                "the alias stands inside of what it stands for",
                "a value cannot contain itself: write it out",
            )
            self._store(None)
            return
        if anchor not in self._anchors:
            self._findings.undefined_alias(event)
            self._whole = False
            self._store(None)
            return
        value, weight = self._anchors[anchor]
        self._nodes += weight
        self._alias_nodes += weight
        if self._alias_nodes > MAX_ALIAS_NODES:
            self._refuse(
                event,
                f"aliases repeat more than {MAX_ALIAS_NODES:,} values",
                "write fewer aliases of large values, or aliases of smaller ones",
            )
            raise StopLoadingError
        self._store(value)

    def _take_key(self, event: ScalarEvent) -> None:
        key = event.value
        self._key = key
        if event.tag is not None:
            self._tagged(event, event.tag)
        if key == "<<" and event.implicit[0]:
            self._refuse(
                event,
                "merge keys (<<) are not part of YAML 1.2",
                "repeat the keys, or put shared values under `vars`",
            )
            self._key = _DROPPED
        elif key in self._container:
            self._findings.duplicate_key(event, self._index, self._pointer(key))
            self._key = _DROPPED
        elif event.style == '"' and _CONTROL.search(key):
            self._refuse_control(event)

    def _pointer(self, key: str) -> Pointer:
        containers = [frame[0] for frame in self._stack[1:]] + [self._container]
        steps: list[str | int] = []
        for outer, inner in pairwise(containers):
            steps.append(_step(outer, inner))
        return (*steps, key)

    def _tagged(self, event: ScalarEvent, tag: str) -> Scalar:
        try:
            return tagged_scalar(tag, event.value)
        except LookupError:
            self._refuse_tag(event)
        except ValueError as error:
            self._refuse(event, str(error), "remove the tag, or write a value that fits it")
        return None

    def _refuse_tag(self, event: Event) -> None:
        self._refuse(
            event,
            "a YAML tag (!...) that s7spec does not know",
            "remove the tag; put quotes around a text that begins with `!`",
        )

    def _refuse_control(self, event: Event) -> None:
        self._refuse(
            event,
            "the text holds a control character",
            r"remove escapes such as \0 and \x07: nothing after YAML can carry them",
        )

    def _refuse(self, event: Event, summary: str, hint: str) -> None:
        self._whole = False
        self._findings.refused(event, summary, hint)


def _step(outer: Any, inner: Any) -> str | int:
    """Under which key, or at which index, ``inner`` was stored last."""
    if isinstance(outer, list):
        return len(outer) - 1
    return next(reversed(outer)) if outer else ""
