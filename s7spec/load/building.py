"""Values straight from parser events: no node tree, so size and depth stay bounded."""

from __future__ import annotations

from collections.abc import Callable
from sys import intern
from typing import Any, TypeAlias

from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from s7spec.load.characters import CONTROL_HINT, CONTROL_SUMMARY, has_control
from s7spec.load.events import MAX_DEPTH, EventSource
from s7spec.load.findings import Findings, StopLoadingError
from s7spec.load.scalars import SPECIAL_STARTS, Scalar, core_scalar, tagged_scalar
from s7spec.model.source import Pointer

MAX_ALIAS_NODES = 100_000
"""How many values aliases may add: an alias counts as everything below its anchor."""

_CHARACTERS_PER_NODE = 64
_CORE_COLLECTIONS = {
    MappingStartEvent: ("!", "tag:yaml.org,2002:map"),
    SequenceStartEvent: ("!", "tag:yaml.org,2002:seq"),
}

FinishDocument: TypeAlias = Callable[[int, Any, bool, frozenset[int | float]], None]


class _Dropped:
    """Stands for a key that was refused, until its mapping ends."""


_DROPPED = _Dropped()


class Builder:
    """Builds one document after the other from events.

    ``finish_document`` is called with each document's index, its value, whether every part of it
    could be read, and the numbers in it that would be printed otherwise than they are written.

    Values are read by recursion, which ``MAX_DEPTH`` bounds: what is common is decided where it
    is read, since a call for each event would cost as much as the parser itself.
    """

    def __init__(
        self,
        events: EventSource,
        findings: Findings,
        finish_document: FinishDocument,
    ) -> None:
        self._next = events.get_event
        self._findings = findings
        self._finish = finish_document
        self._index = -1
        self._reset()

    @property
    def documents(self) -> int:
        """How many documents have begun so far."""
        return self._index + 1

    def run(self) -> None:
        """Reads to the end. Raises yaml.MarkedYAMLError and StopLoadingError."""
        while type(event := self._next()) is not StreamEndEvent:
            if type(event) is DocumentStartEvent:
                self._document(event)

    def _reset(self) -> None:
        self._open: list[Any] = []
        self._anchors: dict[str, Any] = {}
        self._weights: dict[str, int] = {}
        self._open_anchors: set[str] = set()
        self._alias_nodes = 0
        self._whole = True
        self._odd_numbers: set[int | float] = set()

    def _document(self, event: DocumentStartEvent) -> None:
        self._reset()
        self._index += 1
        if event.version is not None and tuple(event.version) < (1, 2):
            self._refuse(
                event,
                "this file declares YAML 1.1; s7spec reads YAML 1.2",
                "remove the %YAML line: in YAML 1.2 `no` and `on` are texts, not false and true",
            )
        value = self._node(self._next())
        self._next()  # the end of the document
        self._finish(self._index, value, self._whole, frozenset(self._odd_numbers))

    def _node(self, event: Any) -> Any:
        if type(event) is ScalarEvent:
            return self._scalar(event)
        if type(event) is AliasEvent:
            return self._alias(event)
        value: Any = {} if type(event) is MappingStartEvent else []
        self._fill(event, value)
        return value

    def _mapping(self, value: dict[Any, Any]) -> None:
        next_event, scalar = self._next, self._scalar
        event: Any
        while type(event := next_event()) is not MappingEndEvent:
            # Large manifests repeat few keys a million times.
            key: Any = intern(event.value) if type(event) is ScalarEvent else None
            if key is None or key in value or key == "<<" or not event.implicit[0]:
                key = self._odd_key(event, value)
            event = next_event()
            if type(event) is ScalarEvent:
                # What ``_scalar`` would answer first, without the call.
                text = event.value
                is_text = event.implicit[0] and text[:1] not in SPECIAL_STARTS
                value[key] = text if is_text and event.anchor is None else scalar(event)
            elif type(event) is AliasEvent:
                value[key] = self._alias(event)
            else:
                below: Any = {} if type(event) is MappingStartEvent else []
                value[key] = below  # before it is filled: ``_pointer`` reads the way from this
                self._fill(event, below)
        value.pop(_DROPPED, None)

    def _sequence(self, value: list[Any]) -> None:
        next_event, scalar, append = self._next, self._scalar, value.append
        while type(event := next_event()) is not SequenceEndEvent:
            if type(event) is ScalarEvent:
                append(scalar(event))
            elif type(event) is AliasEvent:
                append(self._alias(event))
            else:
                below: Any = {} if type(event) is MappingStartEvent else []
                append(below)
                self._fill(event, below)

    def _fill(self, event: Any, value: Any) -> None:
        """Reads what a collection holds, up to its end."""
        if event.tag is not None and event.tag not in _CORE_COLLECTIONS[type(event)]:
            self._refuse_tag(event)
        if len(self._open) >= MAX_DEPTH:
            self._refuse(event, f"more than {MAX_DEPTH} levels deep", "flatten the document")
            raise StopLoadingError
        anchor = event.anchor
        if anchor is not None:
            self._open_anchors.add(anchor)
        self._open.append(value)
        if type(value) is dict:
            self._mapping(value)
        else:
            self._sequence(value)
        self._open.pop()
        if anchor is not None:
            self._open_anchors.discard(anchor)
            self._name(anchor, value)

    def _scalar(self, event: ScalarEvent) -> Scalar:
        text = event.value
        if event.anchor is None:
            if event.implicit[0]:
                if text[:1] not in SPECIAL_STARTS:
                    return text
            elif event.tag is None and (event.style != '"' or not has_control(text)):
                return text
        value = self._odd_scalar(event)
        if event.anchor is not None:
            self._name(event.anchor, value)
        return value

    def _odd_scalar(self, event: ScalarEvent) -> Scalar:
        value: Scalar = event.value
        if event.tag is not None:
            value = self._tagged(event, event.tag)
        elif event.implicit[0]:
            try:
                value = core_scalar(event.value)
            except ValueError as error:
                self._refuse(event, str(error), "put quotes around it to keep it as text")
        if event.style == '"' and type(value) is str and has_control(value):
            self._refuse_control(event)
        if (type(value) is int or type(value) is float) and str(value) != event.value:
            self._odd_numbers.add(value)
        return value

    def _name(self, anchor: str, value: Any) -> None:
        self._anchors[anchor] = value
        self._weights.pop(anchor, None)

    def _alias(self, event: AliasEvent) -> Any:
        anchor = event.anchor
        if anchor in self._open_anchors:
            self._refuse(
                event,
                "the alias stands inside of what it stands for",
                "a value cannot contain itself: write it out",
            )
            return None
        if anchor not in self._anchors:
            self._findings.undefined_alias(event)
            self._whole = False
            return None
        value = self._anchors[anchor]
        if anchor not in self._weights:
            self._weights[anchor] = _weight(value)
        self._alias_nodes += self._weights[anchor]
        if self._alias_nodes > MAX_ALIAS_NODES:
            self._refuse(
                event,
                f"aliases repeat more than {MAX_ALIAS_NODES:,} values",
                "write fewer aliases of large values, or aliases of smaller ones",
            )
            raise StopLoadingError
        return value

    def _odd_key(self, event: Any, mapping: dict[Any, Any]) -> Any:
        """The key that ``event`` begins, or ``_DROPPED`` when it is refused."""
        mapping.pop(_DROPPED, None)  # it is to be the last one again
        if type(event) is AliasEvent:
            self._refuse(event, "an alias cannot be a key", "write the key itself")
            return _DROPPED
        if type(event) is not ScalarEvent:
            self._findings.collection_as_key(event)
            self._whole = False
            mapping[_DROPPED] = None
            self._node(event)
            return _DROPPED
        key = event.value
        if event.tag is not None:
            self._tagged(event, event.tag)
        if key == "<<" and event.implicit[0]:
            self._refuse(
                event,
                "merge keys (<<) are not part of YAML 1.2",
                "repeat the keys, or put shared values under `vars`",
            )
            return _DROPPED
        if key in mapping:
            between = [*mapping][[*mapping].index(key) + 1 :]
            empty = next((each for each in reversed(between) if mapping[each] is None), None)
            self._findings.duplicate_key(event, self._index, self._pointer(key), empty)
            return _DROPPED
        if event.style == '"' and has_control(key):
            self._refuse_control(event)
        return key

    def _pointer(self, key: str) -> Pointer | None:
        """The way to ``key`` in the innermost mapping; None below a key that was refused."""
        steps = [_step(outer) for outer in self._open[:-1]]
        return None if _DROPPED in steps else (*steps, key)

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
            CONTROL_SUMMARY,
            CONTROL_HINT,
        )

    def _refuse(self, event: Event, summary: str, hint: str) -> None:
        self._whole = False
        self._findings.refused(event, summary, hint)


def _step(outer: Any) -> Any:
    """Under which key, or at which index, the collection that is being read was stored."""
    return len(outer) - 1 if isinstance(outer, list) else next(reversed(outer))


def _weight(value: Any) -> int:
    """How many values ``value`` adds where it is repeated; keys do not count.

    What aliases have repeated in it counts again: ``MAX_ALIAS_NODES`` bounds that as well.
    """
    weight = 0
    waiting = [value]
    while waiting:
        each = waiting.pop()
        weight += 1
        if type(each) is dict:
            waiting += each.values()
        elif type(each) is list:
            waiting += each
        elif type(each) is str:
            weight += len(each) // _CHARACTERS_PER_NODE
    return weight
