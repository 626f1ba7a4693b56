"""Lenient reading of an answer: by local name, whatever is missing is None, whatever is unknown
is passed over (facts: IPS API section 8: with response fields most required children can be
missing; answers differ by version)."""

from __future__ import annotations

from datetime import UTC, datetime

from lxml import etree

from s7spec.ports import IpsAnswerUnreadable


class Element:
    """An element of an answer; its children are looked up by local name, the first of a name."""

    __slots__ = ("_children", "_name")

    def __init__(self, node: etree._Element) -> None:
        self._name = local_name(node)
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
            raise IpsAnswerUnreadable(f"IPS answered with a {self._name} without {name}")
        return text

    def integer(self, name: str) -> int | None:
        """Raises IpsAnswerUnreadable when the text is no whole number."""
        text = self.text(name)
        try:
            return None if text is None else int(text)
        except ValueError as error:
            raise self._odd(name, "a whole number") from error

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
        try:
            moment = datetime.fromisoformat(text.strip())
        except ValueError as error:
            raise self._odd(name, "a date and time") from error
        # IPS sends offsets. Without one any reading is a guess; UTC at least is the same guess in
        # every run and on every machine, so that nothing looks changed that is not.
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment

    def child(self, name: str) -> Element | None:
        node = self._children.get(name)
        return None if node is None else Element(node)

    def items(self, name: str) -> list[Element]:
        """The ``items`` of an array child. A missing array and an empty one are both empty."""
        node = self._children.get(name)
        return [] if node is None else [Element(n) for n in node if local_name(n) == "items"]

    def names(self) -> tuple[str, ...]:
        """The children's local names, in the order they came."""
        return tuple(self._children)

    def _odd(self, name: str, what: str) -> IpsAnswerUnreadable:
        text = (self.text(name) or "")[:60]
        return IpsAnswerUnreadable(
            f"IPS answered with a {self._name} whose {name} is not {what}: {text!r}"
        )


def local_name(node: etree._Element) -> str:
    return str(node.tag).rpartition("}")[2]
