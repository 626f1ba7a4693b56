"""Lenient reading of an answer: by local name, whatever is missing is None, whatever is unknown
is passed over (facts: IPS API section 8: with response fields most required children can be
missing; answers differ by version)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

from lxml import etree

from s7spec.ports import IpsAnswerUnreadable

# xsd:long at the most: beyond that no count, size or width means anything.
_WHOLE = re.compile(r"\s*[+-]?[0-9]{1,18}\s*")


class Element:
    """An element of an answer; its children are looked up by local name, the first of a name.

    ``scrub`` takes secrets out of what a message quotes. Values are handed out as they came.
    """

    __slots__ = ("_children", "_name", "_scrub")

    def __init__(self, node: etree._Element, *, scrub: Callable[[str], str]) -> None:
        self._name = local_name(node)
        self._scrub = scrub
        self._children: dict[str, etree._Element] = {}
        for child in node:
            self._children.setdefault(local_name(child), child)

    def text(self, name: str) -> str | None:
        """The child's text; None when the child is missing or empty."""
        child = self._children.get(name)
        return None if child is None else child.text or None

    def needed(self, name: str) -> str:
        """The child's text. Raises IpsAnswerUnreadable without one."""
        text = self.text(name)
        if text is None:
            shown = self._scrub(self._name)[:60]
            raise IpsAnswerUnreadable(f"IPS answered with a {shown} without {name}")
        return text

    def integer(self, name: str) -> int | None:
        """Raises IpsAnswerUnreadable when the text is no whole number."""
        text = self.text(name)
        if text is None:
            return None
        if _WHOLE.fullmatch(text) is None:
            raise self._odd(name, "a whole number")
        return int(text)

    def count(self, name: str) -> int:
        """A counter; 0 when it is missing."""
        return self.integer(name) or 0

    def flag(self, name: str) -> bool:
        """xsd:boolean; False when it is missing."""
        return (self.text(name) or "").strip() in ("true", "1")

    def moment(self, name: str) -> datetime | None:
        """xsd:dateTime, aware. Raises IpsAnswerUnreadable when the text is no date."""
        text = self.text(name)
        if text is None:
            return None
        moment = _moment(text.strip())
        if moment is None:
            raise self._odd(name, "a date and time")
        # IPS sends offsets. Without one any reading is a guess; UTC at least is the same guess in
        # every run and on every machine, so that nothing looks changed that is not.
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment

    def child(self, name: str) -> Element | None:
        node = self._children.get(name)
        return None if node is None else Element(node, scrub=self._scrub)

    def items(self, name: str) -> list[Element]:
        """The ``items`` of an array child. A missing array and an empty one are both empty."""
        node = self._children.get(name)
        items = [] if node is None else [n for n in node if local_name(n) == "items"]
        return [Element(item, scrub=self._scrub) for item in items]

    def names(self) -> tuple[str, ...]:
        """The children's local names, in the order they came."""
        return tuple(self._children)

    def _odd(self, name: str, what: str) -> IpsAnswerUnreadable:
        # Scrubbed before it is cut or quoted: half a password would not be found.
        text = self._scrub(self.text(name) or "")[:60]
        shown = self._scrub(self._name)[:60]
        return IpsAnswerUnreadable(
            f"IPS answered with a {shown} whose {name} is not {what}: {text!r}"
        )


def _moment(text: str) -> datetime | None:
    """None also at the ends of the calendar, where no time zone can be changed any more."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if 1 < moment.year < 9999 else None


def local_name(node: etree._Element) -> str:
    return str(node.tag).rpartition("}")[2]
