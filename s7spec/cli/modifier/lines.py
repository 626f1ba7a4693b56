"""Modifiers out of a file or a pipe, one a line. Any number of them takes the memory of one."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, NamedTuple

from s7spec.cli.stop import stop
from s7spec.model.rules import Rule
from s7spec.pipeline.inspecting import LONGEST

STDIN = "<stdin>"
_BYTES_READ = 4 * LONGEST + 2
"""Of one line: as much as shows that it is too long, in any letters."""
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class ModifierLine(NamedTuple):
    """``number`` counts all lines from 1, also those that are passed over."""

    number: int
    text: str


def modifier_lines(stream: BinaryIO) -> Iterator[ModifierLine]:
    """Each line but blank ones and those that begin with ``#``, blanks at its end left out.

    Bytes that are no UTF-8 become halves of surrogate pairs, which no modifier can hold. Of lines
    that are far too long the beginning is given.
    """
    number = 0
    while line := stream.readline(_BYTES_READ):
        number += 1
        if not line.endswith(b"\n"):
            _pass_over_the_rest(stream)
        if number == 1:
            line = line.removeprefix(_BYTE_ORDER_MARK)
        text = line.decode("utf-8", errors="surrogateescape").rstrip()
        if text and not text.lstrip().startswith("#"):
            yield ModifierLine(number, text)


@contextmanager
def opened(file: Path | None) -> Iterator[BinaryIO]:
    """``file``, or standard input. Raises Stop when it cannot be read."""
    try:
        if file is not None:
            with file.open("rb") as stream:
                yield stream
        else:
            yield sys.stdin.buffer if sys.stdin is not None else BytesIO()
    except OSError as error:
        shown = file or STDIN
        raise stop(
            Rule.UNREADABLE_FILE,
            f"cannot read {shown}: {error.strerror}",
            hint="check the path and its rights",
        ) from error


def _pass_over_the_rest(stream: BinaryIO) -> None:
    while (rest := stream.readline(_BYTES_READ)) and not rest.endswith(b"\n"):
        pass
