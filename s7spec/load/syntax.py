"""What the parsers' errors mean to whoever wrote the file."""

from __future__ import annotations

import re
from dataclasses import dataclass

from yaml import MarkedYAMLError

TEMPLATE_HINT = 'put quotes around it: key: "{{ vars.name }}"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """``begins_earlier``: the mistake is where the parser began with the piece, not where it
    gave up."""

    summary: str
    hint: str
    begins_earlier: bool = False


def explain(error: MarkedYAMLError, line: str, column: int) -> Explanation:
    """Words for ``error``, which struck at ``column`` (from 0) of ``line``. They repeat no
    values."""
    character = line[column : column + 1]
    words = f"{error.context or ''} {error.problem or ''}"
    if "cannot start any token" in words and character in _CHARACTERS:
        return _CHARACTERS[character]
    if _BARE_TEMPLATE.search(line):
        return Explanation(summary="a template without quotes", hint=TEMPLATE_HINT)
    if _GAVE_UP.search(words) and (quote := _quote_in_template(line[:column])):
        return Explanation(
            summary="the quotes within a template end the quoted text around it",
            hint="""use 'single quotes' inside: "{{ env.name == 'production' }}\""""
            if quote == '"'
            else """use "double quotes" inside, or put "double quotes" around the whole""",
        )
    if _INDENTED_BY_TAB.match(line):
        return _CHARACTERS["\t"]
    for pattern, explanation in _EXPLANATIONS.items():
        if re.search(pattern, words):
            return explanation
    return Explanation(
        summary="not valid YAML",
        hint="check the indentation and the quotes on this line and the one before it",
    )


def is_a_text_too_long(error: MarkedYAMLError) -> bool:
    """Whether ``error`` can come of a quoted text whose closing quote is missing, so that it ended
    where another one should begin."""
    return _GAVE_UP.search(f"{error.context or ''} {error.problem or ''}") is not None


UNCLOSED = Explanation(
    summary="a quoted text begins here and ends lines below, where another one should begin",
    hint="add the missing quote",
)
NO_BLANK = Explanation(
    summary="a colon without a blank after it", hint="write a blank after the colon"
)
WITHOUT_BLANK = re.compile(r"\s*(?:- +)*(?P<key>[A-Za-z_]\w*):[^\s:/][^:]*$")
"""``id:one``: a text to YAML, no key with a value."""


def _quote_in_template(before: str) -> str | None:
    """The quote that ended a text in the middle of a template."""
    quote = before.rstrip()[-1:]
    is_open = max(before.rfind("{{"), before.rfind("{%")) > max(
        before.rfind("}}"), before.rfind("%}")
    )
    return quote if is_open and quote in ("'", '"') else None


_GAVE_UP = re.compile(r"expected key|expected <block end>|expected ',' or '[\]}]'")

# What the parsers say (libyaml's words and PyYAML's), and what it means to the writer.
_EXPLANATIONS = {
    r"scanning an anchor": Explanation(
        summary="a value begins with `&`, which starts an anchor in YAML",
        hint='put quotes around it: is_modifier: "&fmt=png"',
    ),
    r"scanning an alias": Explanation(
        summary="a value begins with `*`, which starts an alias in YAML",
        hint='put quotes around it: "*.tif"',
    ),
    r"mapping values are not allowed": Explanation(
        summary="a second `: ` on one line, or a line that is indented too far",
        hint="put quotes around values that hold a colon and a blank, and line up the keys",
    ),
    r"end of stream|end of file": Explanation(
        summary="a quoted text is not closed",
        hint="add the missing quote",
        begins_earlier=True,
    ),
    r"document indicator": Explanation(
        summary="a quoted text or a list runs into the next document",
        hint="add the missing quote or bracket before `---`",
        begins_earlier=True,
    ),
    r"expected ',' or '\]'": Explanation(
        summary="a list in [ ] is not closed, or a comma is missing",
        hint="add the missing `,` or `]`",
    ),
    r"expected ',' or '\}'": Explanation(
        summary="a mapping in { } is not closed, or a comma is missing",
        hint="add the missing `,` or `}`",
    ),
    r"could not find expected ':'": Explanation(
        summary="a line without `key: value`",
        hint="add the colon and a blank after the key, or quote a text of several lines",
        begins_earlier=True,
    ),
    r"unknown escape|escape (?:code|sequence)|hexdecimal|hexadecimal": Explanation(
        summary="an escape (\\...) that YAML does not know",
        hint="write backslashes in 'single quotes', where they are plain characters",
    ),
    r"block scalar": Explanation(
        summary="a text block (| or >) begins wrongly",
        hint="end the line after `|` or `>` and indent the text below; quote a text that begins so",
    ),
    r"tag handle|scanning a tag|parsing a tag|incompatible YAML|directive": Explanation(
        summary="a YAML directive or tag that cannot be used here",
        hint="remove the % line or the tag; quote values that begin with `!` or `%`",
    ),
    r"expected '?<?document start": Explanation(
        summary="the text goes on where the document has ended",
        hint="line up the keys: one of them stands further left, or right, than its siblings",
    ),
    r"expected key|expected <block end>|expected '-' indicator": Explanation(
        summary="a line that fits neither the mapping nor the list around it",
        hint="line up the keys, and put quotes around values with special characters",
    ),
}
_CHARACTERS = {
    "\t": Explanation(
        summary="a tab where YAML wants blanks",
        hint="indent with blanks; YAML does not take tabs",
    ),
    "@": Explanation(summary="a value begins with `@`", hint="put quotes around it"),
    "`": Explanation(summary="a value begins with a backtick", hint="put quotes around it"),
    "%": Explanation(summary="a value begins with `%`", hint="put quotes around it"),
}
_BARE_TEMPLATE = re.compile(r"(?:^|[:,\[{-])\s*\{[{%]")
_INDENTED_BY_TAB = re.compile(r" *\t")
