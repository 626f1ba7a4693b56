"""The event stream: libyaml's parser, or PyYAML's own where libyaml is missing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias, cast

from yaml.events import Event
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner

MAX_DEPTH = 64
"""How deep mappings and lists may nest: real manifests need less than ten."""


class EventSource(Protocol):
    """Yields events one by one; raises ``yaml.MarkedYAMLError`` where the text is no YAML."""

    def get_event(self) -> Event: ...


Point: TypeAlias = tuple[int, int]
"""Line and column, both counted from 0, as YAML's parsers count."""

OpenEvents: TypeAlias = Callable[[str], EventSource]


class PureEvents(Reader, Scanner, Parser):
    """The same events in Python: slower, and with other words in its errors."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)


def start_of(event: Event) -> Point:
    """Where ``event`` begins, its anchor and tag included."""
    mark = event.start_mark
    assert mark is not None
    return (mark.line, mark.column)


def end_of(event: Event) -> Point:
    """Where ``event`` ends, exclusive."""
    mark = event.end_mark
    assert mark is not None
    return (mark.line, mark.column)


def open_events(text: str) -> EventSource:
    """Starts on ``text`` with the fastest parser there is."""
    return _FASTEST(text)


def _fastest() -> OpenEvents:
    try:
        from yaml._yaml import CParser
    except ImportError:
        return PureEvents
    return cast(OpenEvents, CParser)


_FASTEST = _fastest()
