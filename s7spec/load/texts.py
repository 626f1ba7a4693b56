"""Text into documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from yaml import MarkedYAMLError, YAMLError

from s7spec.load.building import Builder
from s7spec.load.characters import Lines, find_unreadable, why_unreadable
from s7spec.load.events import OpenEvents, open_events
from s7spec.load.findings import Findings, StopLoadingError
from s7spec.load.positions import DocumentLocator, FileLocator
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.source import SourceDocument, SourceFile, SourceRange

_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A file's documents and what is wrong with it.

    A document with a refused or unreadable part is not among ``documents``; of a key that stands
    twice the first one is kept, so that the rest can be checked as well.
    """

    documents: tuple[SourceDocument, ...]
    diagnostics: tuple[Diagnostic, ...]


def load_text(
    file: SourceFile, *, events: OpenEvents = open_events, only_mappings: bool = True
) -> Loaded:
    """Reads all YAML documents of ``file``. Never raises for what the text holds.

    ``events`` is the parser to use; all of them give the same values. With ``only_mappings`` a
    document that is empty or something else is a finding.
    """
    if file.text.startswith(_BYTE_ORDER_MARK):
        file = SourceFile(path=file.path, text=file.text.removeprefix(_BYTE_ORDER_MARK))
    locator = FileLocator(file, events)
    findings = Findings(file, locator)
    bad = find_unreadable(file.text)
    if bad is not None:
        _refuse_character(findings, file, bad)
        return Loaded(documents=(), diagnostics=findings.all)
    documents: list[SourceDocument] = []

    def finish(index: int, value: Any, whole: bool, odd: frozenset[int | float]) -> None:
        where = DocumentLocator(locator, index)
        if whole and (isinstance(value, dict) or not only_mappings):
            documents.append(
                SourceDocument(file=file, index=index, value=value, locator=where, odd_numbers=odd)
            )
        elif whole:
            findings.not_a_mapping(_start(where, file), empty=value is None)

    try:
        builder = Builder(events(file.text), findings, finish)
        builder.run()
        if only_mappings and not builder.documents:
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
    lines = file.line_count
    if 0 < place.line <= lines:
        return place
    return _line_start(file, max(lines, 1))


def _line_start(file: SourceFile, line: int) -> SourceRange:
    return SourceRange(path=file.path, line=line, column=1, end_line=line, end_column=1)


def _refuse_character(findings: Findings, file: SourceFile, index: int) -> None:
    line, column = Lines(file.path, file.text).point(index)
    summary, hint = why_unreadable(file.text[index])
    findings.refused_at(line + 1, column + 1, summary, hint)
