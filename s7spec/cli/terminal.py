"""The only place that writes to the terminal: data on stdout, talk on stderr."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TextIO

from s7spec.report.view import View

PIPE_WIDTH = 100
"""Columns assumed when nobody tells: a pipe, a file, a CI log."""


def view(stream: TextIO | None = None) -> View:
    """What ``stream`` (default stdout) can show. NO_COLOR and TERM=dumb are honoured."""
    stream = stream or sys.stdout
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


def _put(stream: TextIO, text: str) -> None:
    stream.write(text if text.endswith("\n") or not text else f"{text}\n")
    stream.flush()
