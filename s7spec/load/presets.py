"""A file of image presets into a document: JSON, small, with places."""

from __future__ import annotations

from pathlib import Path

from s7spec.load.characters import find_unreadable, why_unreadable
from s7spec.load.data_findings import DataFindings
from s7spec.load.json_values import JsonLocator, read_json
from s7spec.load.reading import Bound, read_text
from s7spec.load.texts import Loaded
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.rules import Rule
from s7spec.model.source import SourceDocument, SourceFile

MAX_PRESET_BYTES = 8 * 1024 * 1024
"""Thousands of presets; larger files are refused before they are read."""

_BOUND = Bound(
    max_bytes=MAX_PRESET_BYTES,
    rule=Rule.BAD_PRESETS,
    hint="this is no file that `s7spec presets --save` wrote: move it away, and save a new one",
)


def load_presets(path: Path, *, root: Path) -> Loaded:
    """Reads the file at ``path``. Places are printed relative to ``root``. Never raises: what
    stands in the way is a diagnostic. Does not look whether ``path`` lies below ``root``."""
    file = read_presets_text(path, root=root)
    if isinstance(file, Diagnostic):
        return Loaded(documents=(), diagnostics=(file,))
    return load_presets_text(file)


def read_presets_text(path: Path, *, root: Path) -> SourceFile | Diagnostic:
    """The text alone, or why there is none."""
    return read_text(path, root=root, what=_BOUND)


def load_presets_text(file: SourceFile) -> Loaded:
    """The same for a text that is at hand."""
    findings = DataFindings(file, rule=Rule.BAD_PRESETS)
    value = None
    if (bad := find_unreadable(file.text)) is not None:
        findings.at(bad, bad + 1, *why_unreadable(file.text[bad]))
    elif not file.text.strip():
        findings.whole("the file is empty", "`s7spec presets --save` writes it anew")
    else:
        value = read_json(file.text, findings)
    if findings.all:
        return Loaded(documents=(), diagnostics=findings.all)
    locator = JsonLocator(file.path, file.text, findings.lines)
    document = SourceDocument(file=file, index=0, value=value, locator=locator)
    return Loaded(documents=(document,), diagnostics=())
