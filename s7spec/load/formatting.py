"""``s7spec fmt``: files in one layout, and every guard that keeps their meaning.

The layout may be wrong about a file; the guards may not. A new text that does not load to the same
values, or that does not hold the same words and comments in the same places, is thrown away.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from yaml import YAMLError

from s7spec.load.finding import find_project
from s7spec.load.findings import PROJECT_FILE
from s7spec.load.layout import UNSEEN, UnformattableError, laid_out, tokens
from s7spec.load.reading import load_file, shown_path
from s7spec.load.texts import load_text
from s7spec.model.diagnostics import Diagnostic, has_errors
from s7spec.model.rules import Rule
from s7spec.model.source import SourceDocument, SourceFile, SourceRange

_OURS = re.compile(r"""^[\s{\-]*["']?apiVersion["']?\s*:\s*["']?s7spec/""", re.MULTILINE)
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_SUFFIXES = (".yaml", ".yml")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Formatted:
    """A file's text before and after, and what stood in the way (then both are equal).

    ``data`` is what the file is to hold: the new text in the encoding of the old one.
    ``is_ours`` is False for YAML that says no ``apiVersion: s7spec/...``: it is left alone.
    """

    path: Path
    shown: str
    before: str
    after: str
    data: bytes = b""
    is_ours: bool = True
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def changed(self) -> bool:
        return self.before != self.after


def format_text(file: SourceFile) -> tuple[str, tuple[Diagnostic, ...]]:
    """The text of ``file`` in s7spec's layout; as it is, with findings, where that is not safe.

    Never raises for what the text holds.
    """
    loaded = load_text(file)
    if has_errors(loaded.diagnostics):
        return file.text, loaded.diagnostics
    try:
        text = laid_out(file.text)
    except UnformattableError as error:
        return file.text, (_left_alone(file, error.what, error.line),)
    if text != file.text and not says_the_same(file, text):
        return file.text, (_left_alone(file, "its layout is not understood", 0),)
    return text, ()


def format_file(path: Path, *, root: Path) -> Formatted:
    """Reads and lays out one file of the project at ``root``; writes nothing, raises nothing."""
    shown = shown_path(path, root=root)
    loaded = load_file(path, root=root)
    if not loaded.diagnostics:
        return _format_loaded(path, shown, loaded.documents[0].file)
    if path.name != PROJECT_FILE and not _is_ours(path):
        return Formatted(path=path, shown=shown, before="", after="", is_ours=False)
    return Formatted(path=path, shown=shown, before="", after="", diagnostics=loaded.diagnostics)


def find_texts(paths: tuple[Path, ...]) -> tuple[dict[Path, Path], tuple[Diagnostic, ...]]:
    """The YAML files to format and the root of each one's project; what is wrong with ``paths``.

    Folders stand for all YAML files below them, nothing hidden; each file comes once. It belongs
    to the project of the nearest s7spec.yaml (without one: to its folder); one that really lies
    outside of it is an error.
    """
    roots: dict[Path, Path] = {}
    seen: set[Path] = set()
    findings: list[Diagnostic] = []
    for path in paths:
        if not path.exists():
            findings.append(_cannot(Rule.UNREADABLE_FILE, path, "there is no such file or folder"))
        for file in map(Path.absolute, _files(path)):
            real = file.resolve()
            root = (find_project(file) or file).parent
            if not real.is_relative_to(root.resolve()):
                finding = _cannot(Rule.PATH_ESCAPES, file, "the file lies outside of the project")
                findings.append(finding)
            elif real not in seen:
                roots[file] = root
            seen.add(real)
    return dict(sorted(roots.items())), tuple(findings)


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        if path.exists():
            yield path
        return
    for file in path.rglob("*"):
        visible = not any(part.startswith(".") for part in file.relative_to(path).parts)
        if visible and file.suffix in _SUFFIXES and file.is_file():
            yield file


def _format_loaded(path: Path, shown: str, file: SourceFile) -> Formatted:
    if not _OURS.search(file.text):
        return Formatted(path=path, shown=shown, before="", after="", is_ours=False)
    text, findings = format_text(file)
    data = _encoded(path, file.text, text)
    if data is None:
        findings = (_left_alone(file, "it changed while it was read", 0),)
        text = file.text
    return Formatted(
        path=path,
        shown=shown,
        before=file.text,
        after=text,
        data=data or b"",
        diagnostics=findings,
    )


def _is_ours(path: Path) -> bool:
    """Whether a file that cannot be loaded means to be one of ours."""
    try:
        text = path.read_bytes().replace(b"\0", b"").decode("utf-8", "replace")
    except OSError:
        return True
    return _OURS.search(text) is not None


def _encoded(path: Path, before: str, after: str) -> bytes | None:
    data = path.read_bytes()
    mark, encoding = next((m for m in _MARKS if data.startswith(m[0])), (b"", "utf-8"))
    if data != mark + before.encode(encoding):
        return None
    return mark + after.encode(encoding)


def says_the_same(file: SourceFile, text: str) -> bool:
    """The guard: same characters but blanks, same values, same comments in the same places, and
    nothing left to lay out."""
    if "".join(file.text.split()) != "".join(text.split()):
        return False
    old, new = load_text(file), load_text(SourceFile(path=file.path, text=text))
    if new.diagnostics or _values(old.documents) != _values(new.documents):
        return False
    try:
        pairs = zip_longest(_words(file.text), _words(text))
        return all(one == other for one, other in pairs) and laid_out(text) == text
    except (YAMLError, UnformattableError):
        return False


def _values(documents: tuple[SourceDocument, ...]) -> list[str]:
    """As text: to ``==`` alone, 1 and 1.0 and true are the same, and so is any order of keys."""
    return [repr(document.value) for document in documents]


def _words(text: str) -> Iterator[tuple[str, ...]]:
    """The tokens that can be seen, and the comments between them, in order."""
    lines = _LINE_BREAK.split(text)
    place = (0, 0)
    for token in tokens(text):
        if isinstance(token, UNSEEN):
            continue
        start = (token.start_mark.line, token.start_mark.column)
        if start > place:
            yield from (("#", comment) for comment in _comments(lines, place, start))
        place = max(place, (token.end_mark.line, token.end_mark.column))
        yield (type(token).__name__, str(getattr(token, "value", "")))


def _comments(lines: list[str], start: tuple[int, int], end: tuple[int, int]) -> Iterator[str]:
    for row in range(start[0], min(end[0] + 1, len(lines))):
        line = lines[row][: end[1]] if row == end[0] else lines[row]
        words = line[start[1] if row == start[0] else 0 :].strip()
        if words:
            yield words


def _left_alone(file: SourceFile, what: str, line: int) -> Diagnostic:
    where = SourceRange(path=file.path, line=line, column=int(line > 0))
    return Diagnostic(
        rule=Rule.NOT_FORMATTED,
        summary=f"the file is left as it is: {what}",
        where=where,
        hint="it is valid, but s7spec cannot lay it out safely: format it by hand",
        snippet=file.snippet(line) if line else None,
    )


def _cannot(rule: Rule, path: Path, summary: str) -> Diagnostic:
    return Diagnostic(
        rule=rule,
        summary=summary,
        where=SourceRange(path=shown_path(path, root=Path())),
        hint="name files and folders of the project",
    )
