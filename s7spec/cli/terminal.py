"""The only place that writes to the terminal: data on stdout, talk on stderr."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from io import TextIOWrapper
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from s7spec.report.view import View

PIPE_WIDTH = 100
"""Columns assumed when nobody tells: a pipe, a file, a CI log."""

_BUILD_SERVERS = ("GITHUB_ACTIONS", "TF_BUILD")
"""Set by those whose runners read commands out of a log."""


class OutputLost(Exception):
    """Standard output or error takes no more: a full disk, say."""


def view(stream: TextIO | None = None) -> View:
    """What ``stream`` (default stdout) can show. NO_COLOR and TERM=dumb are honoured."""
    from s7spec.report.view import View  # only here: often there is nothing to show

    stream = stream or sys.stdout
    if stream is None:
        return View(width=PIPE_WIDTH, colour=False, unicode=False)
    terminal = stream.isatty()
    columns = _columns() if terminal else PIPE_WIDTH
    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    encoding = (stream.encoding or "ascii").lower().replace("-", "")
    return View(width=columns, colour=terminal and not plain, unicode=encoding.startswith("utf"))


def talk_view() -> View:
    """What stderr can show."""
    return view(sys.stderr)


def write(text: str) -> None:
    """Data for programs: to stdout as it is, with a line break at its end."""
    _put(sys.stdout, text)


def show(text: str) -> None:
    """A report for people: to stdout. What others wrote in it commands no build server."""
    _put(sys.stdout, _harmless(text))


def say(text: str) -> None:
    """Talk: to stderr, harmless in the same way."""
    _put(sys.stderr, _harmless(text))


def say_at_once(text: str) -> None:
    """For signal handlers: past every buffer, and no error if nobody listens."""
    with suppress(OSError, ValueError):
        os.write(2, f"{text}\n".encode(errors="replace"))


def show_cursor() -> None:
    """For signal handlers: progress bars hide it, and would not be asked to show it again."""
    with suppress(OSError):
        if os.isatty(2):
            os.write(2, b"\x1b[?25h")


def _harmless(text: str) -> str:
    if not any(os.environ.get(name) for name in _BUILD_SERVERS):
        return text
    from s7spec.report.visible import inert  # only here: most runs are on nobody's server

    return inert(text)


def make_streams_forgiving() -> None:
    """A terminal that cannot show a character gets its escape instead of a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _columns() -> int:
    import shutil  # only here: a pipe has no width to ask for

    return shutil.get_terminal_size((PIPE_WIDTH, 24)).columns


def _put(stream: TextIO | None, text: str) -> None:
    if stream is None or not text:  # closed by whoever started us
        return
    try:
        stream.write(text if text.endswith("\n") else f"{text}\n")
        stream.flush()
    except BrokenPipeError:
        # The reader (a pager, `head`) has gone. The command goes on: its exit code still counts.
        _into_nothing(stream)
    except OSError as error:
        _into_nothing(stream)
        raise OutputLost(f"cannot write the output: {error.strerror}") from error


def _into_nothing(stream: TextIO) -> None:
    """What Python would still flush at its end must not fail a second time."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, stream.fileno())
    os.close(nothing)
