"""Bytes into text."""

from __future__ import annotations

import codecs
import os
import re
import stat
from pathlib import Path

from s7spec.load.texts import Loaded, load_text
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.rules import Rule
from s7spec.model.source import SourceFile, SourceRange

MAX_BYTES = 64 * 1024 * 1024
"""Larger files are refused before they are read."""

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LINE_BREAK = re.compile(r"\r\n|\r|\n")


def load_file(path: Path, *, root: Path) -> Loaded:
    """Reads the YAML file at ``path``: UTF-8, or UTF-16 with a byte order mark.

    Places are printed relative to ``root``. Never raises: what stands in the way is a diagnostic.
    """
    shown = shown_path(path, root=root)
    try:
        data = _read(path)
    except _TooLargeError:
        return _failed(
            Rule.YAML_REFUSED,
            f"the file is larger than {MAX_BYTES // 2**20} MiB",
            SourceRange(path=shown),
            "split it into several manifests",
        )
    except OSError as error:
        summary = f"the file cannot be read: {error.strerror or 'not a regular file'}"
        return _failed(
            Rule.UNREADABLE_FILE, summary, SourceRange(path=shown), "check its path and its rights"
        )
    try:
        text = _decode(data)
    except UnicodeDecodeError as error:
        return _undecodable(shown, error)
    return load_text(SourceFile(path=shown, text=text))


def shown_path(path: Path, *, root: Path) -> str:
    """``path`` as diagnostics print it: relative to ``root`` where it lies below it."""
    for candidate, base in ((path.absolute(), root.absolute()), (path.resolve(), root.resolve())):
        if ".." not in candidate.parts and candidate.is_relative_to(base):
            return candidate.relative_to(base).as_posix()
    return path.absolute().as_posix()


class _TooLargeError(Exception):
    pass


def _read(path: Path) -> bytes:
    # Opened without blocking: a named pipe would wait for a writer for ever.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    with open(descriptor, "rb") as file:  # noqa: PTH123 - a descriptor, not a path
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise _TooLargeError
    return data


def _decode(data: bytes) -> str:
    if data.startswith(_UTF_16):
        return data.decode("utf-16")
    return data.decode("utf-8-sig")


def _undecodable(shown: str, error: UnicodeDecodeError) -> Loaded:
    before = _replaced(error.object[: error.start], error.encoding)
    breaks = list(_LINE_BREAK.finditer(before))
    line = len(breaks) + 1
    column = len(before) - (breaks[-1].end() if breaks else 0) + 1
    text = _replaced(error.object, error.encoding)
    place = SourceRange(path=shown, line=line, column=column, end_line=line, end_column=column + 1)
    return _failed(
        Rule.UNREADABLE_FILE,
        f"the file is not valid {error.encoding.upper()} here",
        place,
        "save the file as UTF-8",
        snippet=SourceFile(path=shown, text=text).snippet(line),
    )


def _replaced(data: bytes, encoding: str) -> str:
    return data.decode(encoding, errors="replace").removeprefix("\ufeff")


def _failed(
    rule: Rule, summary: str, where: SourceRange, hint: str, snippet: str | None = None
) -> Loaded:
    finding = Diagnostic(rule=rule, summary=summary, where=where, hint=hint, snippet=snippet)
    return Loaded(documents=(), diagnostics=(finding,))
