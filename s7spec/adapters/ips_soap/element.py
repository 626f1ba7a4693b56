"""Lenient reading of an answer: by local name, whatever is missing is None, whatever is unknown
is passed over (facts: IPS API section 8: with response fields most required children can be
missing; answers differ by version)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from lxml import etree

from s7spec.ports import IpsAnswerUnreadable

# xsd:long at the most: beyond that no count, size or width means anything.
_DIGITS = 18
_WHOLE = re.compile(rf"\s*[+-]?[0-9]{{1,{_DIGITS}}}\s*")


class Element:
    """An element of an answer; its children are looked up by local name, the first of a name.

    ``scrub`` takes secrets out of what a message quotes. Values are handed out as they came.
    """

    __slots__ = ("_children", "_node", "_scrub")

    def __init__(self, node: etree._Element, scrub: Callable[[str], str]) -> None:
        self._node = node
        self._scrub = scrub
        # One pass at the speed of C. Backwards, for of several children the first one counts.
        self._children: dict[str, etree._Element] = {
            child.tag.rpartition("}")[2]: child for child in node.iterchildren(reversed=True)
        }

    @property
    def namespace(self) -> str:
        """The element's own; "" for none."""
        return str(self._node.tag).rpartition("}")[0].removeprefix("{")

    def text(self, name: str) -> str | None:
        """The child's text; None when the child is missing or empty."""
        child = self._children.get(name)
        return None if child is None else child.text or None

    def needed(self, name: str) -> str:
        """The child's text. Raises IpsAnswerUnreadable without one."""
        text = self.text(name)
        if text is None:
            raise IpsAnswerUnreadable(f"IPS answered with a {self._shown()} without {name}")
        return text

    def integer(self, name: str) -> int | None:
        """Raises IpsAnswerUnreadable when the text is no whole number."""
        text = self.text(name)
        if text is None:
            return None
        # The usual form first; the pattern takes twice as long.
        plain = text.isdecimal() and text.isascii() and len(text) <= _DIGITS
        if not plain and _WHOLE.fullmatch(text) is None:
            raise self._odd(name, "a whole number")
        return int(text)

    def amount(self, name: str) -> int | None:
        """An integer; None also below 0, which is not told but run over."""
        number = self.integer(name)
        return None if number is None or number < 0 else number

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
        return None if node is None else Element(node, self._scrub)

    def items(self, name: str) -> list[Element]:
        """The ``items`` of an array child. A missing array and an empty one are both empty."""
        return list(self.each(name))

    def each(self, name: str) -> Iterator[Element]:
        """As ``items``, one at a time: for long arrays whose elements are soon done with."""
        node = self._children.get(name)
        items = () if node is None else node.iterchildren("{*}items")
        return (Element(item, self._scrub) for item in items)

    def size(self, name: str) -> int:
        """How many ``items`` an array child has; 0 when it is missing."""
        node = self._children.get(name)
        return 0 if node is None else sum(1 for _ in node.iterchildren("{*}items"))

    def ending(self, suffix: str) -> list[Element]:
        """The children whose local names end so, in the order they came."""
        named = reversed(self._children.items())
        return [Element(n, self._scrub) for name, n in named if name.endswith(suffix)]

    def _odd(self, name: str, what: str) -> IpsAnswerUnreadable:
        # Scrubbed before it is cut or quoted: half a password would not be found.
        text = self._scrub(self.text(name) or "")[:60]
        return IpsAnswerUnreadable(
            f"IPS answered with a {self._shown()} whose {name} is not {what}: {text!r}"
        )

    def _shown(self) -> str:
        return self._scrub(local_name(self._node))[:60]


def _moment(text: str) -> datetime | None:
    """None also at the ends of the calendar, where no time zone can be changed any more."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if 1 < moment.year < 9999 else None


def local_name(node: etree._Element) -> str:
    return str(node.tag).rpartition("}")[2]
