"""The only place that writes to the terminal: data on stdout, talk on stderr."""

from __future__ import annotations

import logging
import os
import shutil
import sys
from io import TextIOWrapper
from typing import TextIO

from s7spec.report.view import View

PIPE_WIDTH = 100
"""Columns assumed when nobody tells: a pipe, a file, a CI log."""


class OutputLost(Exception):
    """Standard output or error takes no more: a full disk, say."""


def view(stream: TextIO | None = None) -> View:
    """What ``stream`` (default stdout) can show. NO_COLOR and TERM=dumb are honoured."""
    stream = stream or sys.stdout
    if stream is None:
        return View(width=PIPE_WIDTH, colour=False, unicode=False)
    terminal = stream.isatty()
    columns = shutil.get_terminal_size((PIPE_WIDTH, 24)).columns if terminal else PIPE_WIDTH
    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    encoding = (stream.encoding or "ascii").lower().replace("-", "")
    return View(width=columns, colour=terminal and not plain, unicode=encoding.startswith("utf"))


def write(text: str) -> None:
    """Data: to stdout, with a line break at its end."""
    _put(sys.stdout, text)


def say(text: str) -> None:
    """Talk: to stderr."""
    _put(sys.stderr, text)


class _Talk(logging.Handler):
    """What a library logs, as talk."""

    def emit(self, record: logging.LogRecord) -> None:
        say(self.format(record))


def tell_log(name: str) -> None:
    """From now on say what this logger tells, each line with its time."""
    handler = _Talk()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
    logger = logging.getLogger(name)
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    logger.propagate = False


def make_streams_forgiving() -> None:
    """A terminal that cannot show a character gets its escape instead of a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


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
