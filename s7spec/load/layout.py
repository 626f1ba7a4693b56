"""The layout of YAML text: indentation and blank lines, and not one other character.

Lines keep their words, quotes, numbers, flow style and comments as written. Only the blanks before
them are chosen anew, from the parser's tokens: two for each level, also for lists below a key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import yaml
from yaml import tokens as kinds

_STEP = 2
_BLANKS = " \t"
_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")
_BLOCK_HEADER = re.compile(r"[|>][+-]?(?P<digit>[1-9])?")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_FLOW_STARTS = (kinds.FlowSequenceStartToken, kinds.FlowMappingStartToken)
_FLOW_ENDS = (kinds.FlowSequenceEndToken, kinds.FlowMappingEndToken)
_BLOCK_STARTS = (kinds.BlockMappingStartToken, kinds.BlockSequenceStartToken)
UNSEEN = (*_BLOCK_STARTS, kinds.BlockEndToken)
"""Tokens without a character of their own: the parser tells by them that blocks begin and end."""

_VALUES = (kinds.ScalarToken, kinds.AliasToken, *_FLOW_STARTS)
_MARKERS = (
    kinds.StreamStartToken,
    kinds.StreamEndToken,
    kinds.DirectiveToken,
    kinds.DocumentStartToken,
    kinds.DocumentEndToken,
)


class UnformattableError(Exception):
    """Correct YAML whose layout is not known here: ``line`` (from 1) holds ``what``."""

    def __init__(self, what: str, line: int) -> None:
        super().__init__(what)
        self.what = what
        self.line = line


def tokens(text: str) -> Iterator[kinds.Token]:
    """The parser's tokens. Raises yaml.MarkedYAMLError."""
    return iter(yaml.scan(text, Loader=_LOADER))


def laid_out(text: str) -> str:
    """``text``, which loads without findings, in its own layout. Raises UnformattableError.

    Laying out what was laid out changes nothing.
    """
    layout = _Layout([_Line(*match.groups()) for match in _LINE.finditer(text)])
    for token, following in pairwise(tokens(text)):
        layout.take(token, following)
    layout.place_comments()
    return layout.text()


class _Line:
    """One line of the text and what becomes of it: its new indentation, its dashes.

    ``is_content``: blanks are part of a text that goes on over several lines, and stay.
    """

    __slots__ = ("dashes", "end", "indent", "is_content", "keeps_end", "rest", "target", "text")

    def __init__(self, text: str, end: str) -> None:
        self.text = text
        self.end = end
        self.indent = len(text) - len(text.lstrip(" "))
        self.target: int | None = None
        self.dashes = 0
        self.rest = len(text) - len(text.lstrip(_BLANKS))
        self.is_content = False
        self.keeps_end = False

    @property
    def is_blank(self) -> bool:
        return not self.text.strip(_BLANKS)

    @property
    def is_comment(self) -> bool:
        return self.target is None and not self.is_content and self.text[self.rest :][:1] == "#"

    def shift(self, by: int, least: int = 0) -> None:
        if self.target is None and not self.is_blank:
            self.target = max(least, self.rest + by)

    def new_text(self) -> str:
        if self.target is None:
            return self.text if self.is_content else ""
        words = self.text[self.rest :]
        line = " " * self.target + "- " * self.dashes + words
        return line if self.keeps_end else line.rstrip(_BLANKS)


@dataclass(slots=True)
class _Block:
    """An open block collection: its column in the text and its new one.

    ``shift`` moves the further lines of what stands in it now. ``is_implied``: a list whose dashes
    stand under the key itself; no token opens or closes it.
    """

    old: int
    new: int
    is_sequence: bool
    is_implied: bool = False
    shift: int = 0


class _Layout:
    """Gives each line its indentation, token by token."""

    def __init__(self, lines: list[_Line]) -> None:
        self._lines = lines
        self._root = _Block(old=-_STEP, new=-_STEP, is_sequence=False)
        self._stack = [self._root]
        self._flow_lines: list[int] = []
        self._awaits_value = False
        self._gaps: list[tuple[range, tuple[tuple[int, int], ...]]] = []

    def take(self, token: kinds.Token, following: kinds.Token) -> None:
        """``following`` is the token after it: what stands on the same line moves with it."""
        if isinstance(token, kinds.BlockEndToken):
            self._drop_implied()
            self._stack.pop()
        elif isinstance(token, _BLOCK_STARTS):
            is_sequence = isinstance(token, kinds.BlockSequenceStartToken)
            self._open(token.start_mark.column, is_sequence=is_sequence)
        else:
            self._take_visible(token, following)
            self._note_gap(token, following)

    def _open(self, column: int, *, is_sequence: bool, is_implied: bool = False) -> None:
        new = self._stack[-1].new + _STEP
        self._stack.append(
            _Block(column, new, is_sequence, is_implied=is_implied, shift=new - column)
        )
        self._awaits_value = False

    def _drop_implied(self) -> None:
        if self._stack[-1].is_implied:
            self._stack.pop()

    def _take_visible(self, token: kinds.Token, following: kinds.Token) -> None:
        if self._flow_lines:
            self._in_flow(token)
        elif isinstance(token, _MARKERS):
            self._line_of(token).target = 0
        elif isinstance(token, kinds.KeyToken):
            self._key(token)
        elif isinstance(token, kinds.BlockEntryToken):
            self._dash(token, following)
        elif isinstance(token, kinds.ValueToken):
            self._awaits_value = True
        else:
            self._value(token)

    def _in_flow(self, token: kinds.Token) -> None:
        shift = self._stack[-1].shift
        if self._is_first(token):
            self._line_of(token).shift(shift)
        if isinstance(token, _FLOW_STARTS):
            self._flow_lines.append(token.start_mark.line)
        elif isinstance(token, _FLOW_ENDS):
            for row in range(self._flow_lines.pop() + 1, token.start_mark.line):
                self._lines[row].shift(shift)
        elif isinstance(token, kinds.ScalarToken):
            self._scalar(token)

    def _key(self, token: kinds.Token) -> None:
        line = self._line_of(token)
        column = token.start_mark.column
        if line.text[column : column + 2].rstrip() == "?":
            raise UnformattableError("a key written with `?`", token.start_mark.line + 1)
        self._drop_implied()
        block = self._stack[-1]
        block.shift = block.new - block.old
        self._awaits_value = False
        if self._is_first(token):
            line.target = block.new

    def _dash(self, token: kinds.Token, following: kinds.Token) -> None:
        line = self._line_of(token)
        if not self._stack[-1].is_sequence:
            self._open(token.start_mark.column, is_sequence=True, is_implied=True)
        block = self._stack[-1]
        if self._is_first(token):
            line.target = block.new
        elif line.text[: token.start_mark.column].strip(_BLANKS + "-"):
            raise UnformattableError("a list that begins behind something else", self._row(token))
        self._awaits_value = True
        block.shift = block.new - block.old
        if following.start_mark.line == token.start_mark.line:
            line.dashes += 1
            line.rest = following.start_mark.column
            block.shift = block.new + _STEP - following.start_mark.column
        else:
            line.rest = token.start_mark.column

    def _value(self, token: kinds.Token) -> None:
        block = self._stack[-1]
        if self._is_first(token):
            if self._awaits_value:
                block.shift = block.new + _STEP - token.start_mark.column
            self._line_of(token).shift(block.shift)
        if isinstance(token, _VALUES):
            self._awaits_value = False
        if isinstance(token, _FLOW_STARTS):
            self._flow_lines.append(token.start_mark.line)
        elif isinstance(token, kinds.ScalarToken):
            self._scalar(token)

    def _scalar(self, token: kinds.ScalarToken) -> None:
        start, end = token.start_mark, token.end_mark
        if token.style in ("|", ">"):
            last = end.line if end.column else end.line - 1
            header = _BLOCK_HEADER.match(self._lines[start.line].text, start.column)
            self._block_scalar(start.line + 1, last, header)
            return
        block = self._stack[-1]
        for row in range(start.line, end.line):
            self._lines[row].keeps_end = True
            below = self._lines[row + 1]
            below.is_content = True
            below.shift(block.shift, least=block.new + 1)

    def _block_scalar(self, first: int, last: int, header: re.Match[str] | None) -> None:
        """Rows ``first`` to ``last`` are a text block: they move together, all of their blanks."""
        block = self._stack[-1]
        rows = self._lines[first : last + 1]
        old = next((line.indent for line in rows if line.text.strip(" ")), 0)
        shift = block.new + _STEP - old
        if header is None or header["digit"]:
            # The indentation is written down: counted from the block around it, it stays.
            old = max(block.old, 0) + int(header["digit"] if header else 0)
            shift = block.new - block.old
        if header is None or "+" not in header.string[header.start() : header.end() + 1]:
            while rows and rows[-1].text.strip(" ") == "" and len(rows[-1].text) <= old:
                rows.pop()  # blank lines after the text: not part of it
        for line in rows:
            line.is_content = line.keeps_end = True
            line.rest = min(line.indent, old)
            if len(line.text) > old:
                line.target = max(0, old + shift)
            else:
                line.text = ""

    def _note_gap(self, token: kinds.Token, following: kinds.Token) -> None:
        """Remembers which levels are open where comments may follow."""
        rows = range(token.end_mark.line, following.start_mark.line + 1)
        if any(self._lines[row].is_comment for row in rows):
            levels = tuple((block.old, block.new) for block in self._stack[1:])
            self._gaps.append((rows, levels))

    def place_comments(self) -> None:
        """A comment goes with the line below it, or with the level it stands on."""
        for rows, levels in self._gaps:
            last = self._lines[rows[-1]]
            below = _Line("", "") if last.is_comment else last
            for row in rows:
                if self._lines[row].is_comment:
                    column = self._lines[row].rest
                    self._lines[row].target = _comment_column(column, below, levels)

    def text(self) -> str:
        """The new text. Blank lines: one at most in a row, none at the beginning and the end."""
        parts: list[str] = []
        pending = ""
        for line in self._lines:
            if line.is_blank and not line.is_content:
                pending = pending or line.end
                continue
            if line.target is None and not line.is_content:
                raise UnformattableError("a line that is neither value nor comment", 0)
            parts += [pending if parts else "", line.new_text(), line.end]
            pending = ""
        if parts and not parts[-1] and not self._ends_in_block_scalar():
            parts.append(self._lines[0].end or "\n")
        return "".join(parts)

    def _ends_in_block_scalar(self) -> bool:
        """There a line break more would be part of the value."""
        last = next(line for line in reversed(self._lines) if not line.is_blank or line.is_content)
        return last.is_content and last.keeps_end

    def _is_first(self, token: kinds.Token) -> bool:
        return not self._line_of(token).text[: token.start_mark.column].strip(_BLANKS)

    def _line_of(self, token: kinds.Token) -> _Line:
        line: int = token.start_mark.line
        return self._lines[line]

    def _row(self, token: kinds.Token) -> int:
        line: int = token.start_mark.line
        return line + 1


def _comment_column(column: int, below: _Line, levels: tuple[tuple[int, int], ...]) -> int:
    """Where a comment at ``column`` goes; ``levels`` are the open blocks above, outermost first."""
    known = list(levels)
    if below.target is not None:
        at = below.indent
        if column <= at and not any(old == column < at for old, _ in levels):
            return below.target
        known.append((at, below.target))
    exact = [new for old, new in known if old == column]
    if exact:
        return exact[0]
    return max((level for level in known if level[0] <= column), default=(0, 0))[1]
