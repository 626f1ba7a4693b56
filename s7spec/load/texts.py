"""Text into documents."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from yaml import MarkedYAMLError, YAMLError

from s7spec.load.building import Builder
from s7spec.load.events import OpenEvents, open_events
from s7spec.load.findings import Findings, StopLoadingError
from s7spec.load.positions import DocumentLocator, FileLocator
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.source import SourceDocument, SourceFile, SourceRange

# What YAML lets stand in a file, without the line breaks that only YAML 1.1 knew (they are
# invisible, and editors count lines without them).
_UNREADABLE = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_BYTE_ORDER_MARK = "\ufeff"
_LINE_BREAK = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A file's documents and what is wrong with it.

    A document with a refused or unreadable part is not among ``documents``; of a key that stands
    twice the first one is kept, so that the rest can be checked as well.
    """

    documents: tuple[SourceDocument, ...]
    diagnostics: tuple[Diagnostic, ...]


def load_text(file: SourceFile, *, events: OpenEvents = open_events) -> Loaded:
    """Reads all YAML documents of ``file``. Never raises for what the text holds.

    ``events`` is the parser to use; all of them give the same values.
    """
    if file.text.startswith(_BYTE_ORDER_MARK):
        file = SourceFile(path=file.path, text=file.text.removeprefix(_BYTE_ORDER_MARK))
    locator = FileLocator(file, events)
    findings = Findings(file, locator)
    bad = _UNREADABLE.search(file.text)
    if bad is not None:
        _refuse_character(findings, file.text, bad.start())
        return Loaded(documents=(), diagnostics=findings.all)
    documents: list[SourceDocument] = []

    def finish(index: int, value: Any, whole: bool) -> None:
        where = DocumentLocator(locator, index)
        if whole and isinstance(value, dict):
            documents.append(
                SourceDocument(file=file, index=index, value=value, locator=where),
            )
        elif whole:
            findings.not_a_mapping(_start(where, file), empty=value is None)

    try:
        builder = Builder(events(file.text), findings, finish)
        builder.run()
        if not builder.documents:
            findings.not_a_mapping(_line_start(file, 1), empty=True)
    except MarkedYAMLError as error:
        findings.syntax(error)
    except YAMLError:
        findings.syntax(MarkedYAMLError())
    except StopLoadingError:
        pass
    return Loaded(documents=tuple(documents), diagnostics=findings.all)


def _start(where: DocumentLocator, file: SourceFile) -> SourceRange:
    place = where(())
    lines = len(file.text.splitlines())
    if 0 < place.line <= lines:
        return place
    return _line_start(file, max(lines, 1))


def _line_start(file: SourceFile, line: int) -> SourceRange:
    return SourceRange(path=file.path, line=line, column=1, end_line=line, end_column=1)


def _refuse_character(findings: Findings, text: str, index: int) -> None:
    breaks = list(_LINE_BREAK.finditer(text, 0, index))
    column = index - (breaks[-1].end() if breaks else 0) + 1
    code = f"U+{ord(text[index]):04X}"
    if text[index] == "\0":
        hint = "the file is no text, or UTF-16 without a byte order mark: save it as UTF-8"
    else:
        hint = "remove it, or write it as an escape in double quotes"
    findings.refused_at(
        len(breaks) + 1, column, f"a control or unassigned character ({code})", hint
    )
