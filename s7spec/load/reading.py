"""Bytes into text."""

from __future__ import annotations

import codecs
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from s7spec.load.characters import Lines
from s7spec.load.texts import Loaded, load_text
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.rules import Rule
from s7spec.model.source import SourceFile, SourceRange

MAX_BYTES = 64 * 1024 * 1024
"""Larger files are refused before they are read."""

_CHUNK = 2**20
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def load_file(path: Path, *, root: Path) -> Loaded:
    """Reads the YAML file at ``path``: UTF-8, or UTF-16 with a byte order mark.

    Places are printed relative to ``root``. Never raises: what stands in the way is a diagnostic.
    """
    file = read_text(path, root=root, what=_MANIFEST)
    if isinstance(file, Diagnostic):
        return Loaded(documents=(), diagnostics=(file,))
    return load_text(file)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """How large a file may be, and what is said about a larger one."""

    max_bytes: int
    rule: Rule
    hint: str


_MANIFEST = Bound(
    max_bytes=MAX_BYTES, rule=Rule.YAML_REFUSED, hint="split it into several manifests"
)


def read_text(path: Path, *, root: Path, what: Bound) -> SourceFile | Diagnostic:
    """The text of a file, without its byte order mark; or why there is none."""
    shown = shown_path(path, root=root)
    try:
        data = _read(path, what.max_bytes)
    except _TooLargeError:
        summary = f"the file is larger than {what.max_bytes // 2**20} MiB"
        return _failed(what.rule, summary, SourceRange(path=shown), what.hint)
    except OSError as error:
        summary = f"the file cannot be read: {error.strerror or 'not a regular file'}"
        return _failed(
            Rule.UNREADABLE_FILE, summary, SourceRange(path=shown), "check its path and its rights"
        )
    try:
        return SourceFile(path=shown, text=_decode(data))
    except UnicodeDecodeError as error:
        return _undecodable(shown, error)


def shown_path(path: Path, *, root: Path) -> str:
    """``path`` as diagnostics print it: relative to ``root`` where it lies below it."""
    candidate, base = path.absolute(), root.absolute()
    text, above = str(candidate), f"{base}{os.sep}"
    if text.startswith(above) and ".." not in text:  # the usual case, and the fastest
        return text[len(above) :].replace(os.sep, "/")
    if ".." not in candidate.parts and candidate.is_relative_to(base):
        return candidate.relative_to(base).as_posix()
    candidate, base = path.resolve(), root.resolve()
    if candidate.is_relative_to(base):
        return candidate.relative_to(base).as_posix()
    return path.absolute().as_posix()


class _TooLargeError(Exception):
    pass


def _read(path: Path, max_bytes: int) -> bytes:
    # Opened without blocking: a named pipe would wait for a writer for ever.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError
        # No more is asked for than there seems to be: room for it is set aside at once.
        data = os.read(descriptor, min(status.st_size, max_bytes) + 1)
        while len(data) <= max_bytes and (more := os.read(descriptor, _CHUNK)):
            data += more
    finally:
        os.close(descriptor)
    if len(data) > max_bytes:
        raise _TooLargeError
    return data


def _decode(data: bytes) -> str:
    if data.startswith(_UTF_16):
        return data.decode("utf-16")
    return data.removeprefix(codecs.BOM_UTF8).decode()


def _undecodable(shown: str, error: UnicodeDecodeError) -> Diagnostic:
    before = _replaced(error.object[: error.start], error.encoding)
    place = Lines(shown, before + " ").place(len(before), len(before) + 1)
    text = _replaced(error.object, error.encoding)
    return _failed(
        Rule.UNREADABLE_FILE,
        f"the file is not valid {error.encoding.upper()} here",
        place,
        "save the file as UTF-8",
        snippet=SourceFile(path=shown, text=text).snippet(place.line),
    )


def _replaced(data: bytes, encoding: str) -> str:
    return data.decode(encoding, errors="replace").removeprefix("\ufeff")


def _failed(
    rule: Rule, summary: str, where: SourceRange, hint: str, snippet: str | None = None
) -> Diagnostic:
    return Diagnostic(rule=rule, summary=summary, where=where, hint=hint, snippet=snippet)
