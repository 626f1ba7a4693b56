"""Others' words inside HTML and inside the data of a page: shown, never obeyed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from s7spec.report.visible import named, visible

LONGEST = 4_000
"""Characters of one text: a page has thousands of them."""

BRIEF = 80
"""Characters of one text where there is little room."""
_LEAST = 16
_LONG = 300
"""Characters of a text that is folded (plan.css), which is there all the same."""
_WIDEST = 6
"""Bytes of one character in data."""

_IN_MARKUP = (
    ("&", "&amp;"),  # first: the others bring new ones
    ("<", "&lt;"),
    (">", "&gt;"),
    ('"', "&quot;"),
    ("'", "&#39;"),
    ("`", "&#96;"),
)
_IN_DATA = (
    ("<", "\\u003c"),
    (">", "\\u003e"),
    ("&", "\\u0026"),
    ("\u2028", "\\u2028"),
    ("\u2029", "\\u2029"),
)
_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def plain(text: str) -> str:
    """What a text reads like: nothing in it hides or turns the line around, and it has an end."""
    rest = len(text) - LONGEST
    return visible(text) if rest <= 0 else f"{visible(text[:LONGEST])}… (and {rest:,} more)"


def plain_name(text: str) -> str:
    """The same of a name: blanks at its ends and emptiness show."""
    return plain(named(text))


def brief(text: str, most: int = BRIEF) -> str:
    """A text without its middle when it is longer: names often differ at their ends. One of many
    signs that are written out is cut to less."""
    if len(text) * _WIDEST <= 2 * most:
        return text
    short = _without_middle(text, most)
    size = len(data(short).encode())
    return short if size <= 2 * most else _without_middle(short, max(most * most // size, _LEAST))


def _without_middle(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    end = most // 3
    return f"{text[: most - end - 1]}…{text[-end:]}"


def escaped(text: str, most: int = LONGEST) -> str:
    """A text as HTML, good inside an attribute's quotes too."""
    shown = plain(text)
    return _replaced(shown if most >= LONGEST else brief(shown, most), _IN_MARKUP)


def name_markup(text: str, most: int = LONGEST) -> str:
    """A name or value: it has a direction of its own, whatever letters it is made of."""
    folded = " class=long" if min(len(text), most) > _LONG else ""
    return f"<bdi{folded}><code>{escaped(named(text), most)}</code></bdi>"


def data(value: object) -> str:
    """JSON that stands inside a ``script`` element and cannot end it."""
    return _replaced(_compact(value), _IN_DATA)


def in_turn(texts: Iterable[str]) -> Iterator[str]:
    """The members of a list or an object, one to a line."""
    comma = ""
    for text in texts:
        yield comma + text
        comma = ",\n"


def _replaced(text: str, pairs: tuple[tuple[str, str], ...]) -> str:
    for sign, instead in pairs:
        text = text.replace(sign, instead)
    return text
