"""Others' words inside GitHub flavoured Markdown: shown, never obeyed.

Names and values stand in code, sentences are escaped. Nothing may end a table cell, open HTML,
mention a person, link an issue or start a formula.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from s7spec.report.visible import named, visible

_NEEDS_ENTITIES = frozenset("`|\\<>")
_PLAIN_IN_CODE = frozenset(" -/,=")
_SPECIAL_IN_PROSE = frozenset("\\`*_{}[]<>&|~#$!^+@\"'")
_BREAKING = frozenset("@#")
_NO_LINK = "&#8203;"
_STARTS_A_BLOCK = re.compile(r"[-=]|[0-9]+[.)]")
_WEB = re.compile(r"(?i)\bwww\.|:(?=//)")


def code(text: str, *, limit: int) -> str:
    """A name or value as inline code, good in a table cell too."""
    shown = visible(named(_clipped(text, limit)))
    if _NEEDS_ENTITIES.isdisjoint(shown):
        return f"`{shown}`"
    return html_code(text, limit=limit)


def html_code(text: str, *, limit: int) -> str:
    """The same as HTML: for ``<summary>``, where Markdown is not read, and for awkward names."""
    shown = visible(named(_clipped(text, limit)))
    return f"<code>{''.join(_code_character(each) for each in shown)}</code>"


def prose(text: str, *, limit: int) -> str:
    """A sentence with others' words in it, for one line of Markdown or one table cell."""
    shown = visible(named(_clipped(text, limit)))
    escaped = "".join(_prose_character(each) for each in shown)
    if _STARTS_A_BLOCK.match(escaped):
        escaped = f"&#{ord(escaped[0])};{escaped[1:]}"
    return _WEB.sub(lambda found: _entity_for_last(found.group()), escaped)


def fenced(text: str, language: str) -> str:
    """One line in a block of code."""
    return fenced_lines((text,), language)


def fenced_lines(lines: Iterable[str], language: str) -> str:
    """A block of code whose fence is longer than any run of backticks in it."""
    shown = "\n".join(map(visible, lines))
    longest = max((len(run) for run in re.findall("`+", shown)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{shown}\n{fence}\n"


def _clipped(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    return f"{text[:limit]}… (and {len(text) - limit:,} more characters)"


def _code_character(character: str) -> str:
    if character.isalnum() or character in _PLAIN_IN_CODE or not character.isascii():
        return character
    return f"&#{ord(character)};"


def _prose_character(character: str) -> str:
    if character not in _SPECIAL_IN_PROSE:
        return character
    # An entity keeps the parser from reading a sign; the mention and issue links that GitHub
    # makes afterwards need something between the sign and what follows.
    return f"&#{ord(character)};{_NO_LINK if character in _BREAKING else ''}"


def _entity_for_last(text: str) -> str:
    return f"{text[:-1]}&#{ord(text[-1])};"
