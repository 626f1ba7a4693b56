"""Data files into values: CSV, JSON and YAML."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from s7spec.load.characters import find_unreadable, why_unreadable
from s7spec.load.data_findings import DataFindings
from s7spec.load.reading import MAX_BYTES, Bound, read_text
from s7spec.load.texts import load_text
from s7spec.model.data import DataFile
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.rules import Rule
from s7spec.model.source import SourceFile

_CSV_ENDINGS = {".csv": ",", ".tsv": "\t"}
_YAML_ENDINGS = (".yaml", ".yml")
_ENDINGS = (*_CSV_ENDINGS, ".json", *_YAML_ENDINGS)
_BOUND = Bound(
    max_bytes=MAX_BYTES, rule=Rule.BAD_DATA, hint="split it, or leave out what no manifest uses"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedData:
    """A data file, or None with everything that is wrong with it."""

    data: DataFile | None
    diagnostics: tuple[Diagnostic, ...]


def load_data(path: Path, *, root: Path, delimiter: str | None = None) -> LoadedData:
    """Reads the data file at ``path``; its ending tells what it is.

    ``delimiter`` is what stands between the values of a CSV file: ``,`` unless it is given, a tab
    in ``.tsv`` files. Places are printed relative to ``root``. Never raises: what stands in the
    way is a diagnostic. Does not look whether ``path`` lies below ``root``: ``resolve_reference``
    does.
    """
    file = read_text(path, root=root, what=_BOUND)
    if isinstance(file, Diagnostic):
        return LoadedData(data=None, diagnostics=(file,))
    return load_data_text(file, delimiter=delimiter)


def load_data_text(file: SourceFile, *, delimiter: str | None = None) -> LoadedData:
    """The same for a text that was read before."""
    ending = Path(file.path).suffix.lower()
    findings = DataFindings(file)
    if ending not in _ENDINGS:
        findings.whole(
            f"a data file that ends in `{ending}`" if ending else "a data file without an ending",
            f"data files end in {', '.join(_ENDINGS[:-1])} or {_ENDINGS[-1]}",
        )
    elif delimiter is not None and ending not in _CSV_ENDINGS:
        findings.whole(f"a delimiter for a {ending} file", "only .csv and .tsv files have one")
    elif ending in _YAML_ENDINGS:
        return _yaml(file, findings)
    elif (bad := find_unreadable(file.text)) is not None:
        findings.at(bad, bad + 1, *why_unreadable(file.text[bad]))
    elif ending == ".json":
        return _json(file, findings)
    else:
        return _csv(file, findings, delimiter, _CSV_ENDINGS[ending])
    return LoadedData(data=None, diagnostics=findings.all)


def _csv(file: SourceFile, findings: DataFindings, delimiter: str | None, usual: str) -> LoadedData:
    from s7spec.load.csv_tables import DELIMITERS, CsvTable  # most projects have no data files

    if delimiter is not None and delimiter not in DELIMITERS:
        findings.whole("a delimiter that is not known", 'write one of "," ";" "\\t" "|"')
        return LoadedData(data=None, diagnostics=findings.all)
    table = CsvTable(file.text, delimiter or usual, findings)
    rows = table.read(guessed=delimiter is None)
    if rows is None:
        return LoadedData(data=None, diagnostics=findings.all)
    data = DataFile(file=file, value=rows, locator=table.locate)
    return LoadedData(data=data, diagnostics=())


def _json(file: SourceFile, findings: DataFindings) -> LoadedData:
    if not file.text.strip():
        return _empty(findings)
    from s7spec.load.json_values import JsonLocator, read_json  # like CSV

    value = read_json(file.text, findings)
    if findings.all:
        return LoadedData(data=None, diagnostics=findings.all)
    if value is None:
        return _empty(findings)
    locator = JsonLocator(file.path, file.text, findings.lines)
    return LoadedData(data=DataFile(file=file, value=value, locator=locator), diagnostics=())


def _yaml(file: SourceFile, findings: DataFindings) -> LoadedData:
    loaded = load_text(file, only_mappings=False)
    if loaded.diagnostics:
        return LoadedData(data=None, diagnostics=loaded.diagnostics)
    if len(loaded.documents) > 1:
        findings.at_place(
            loaded.documents[1].locate(()),
            "a second YAML document begins here",
            "a data file holds one document: remove the line `---` between them, or make two files",
        )
        return LoadedData(data=None, diagnostics=findings.all)
    if not loaded.documents or loaded.documents[0].value is None:
        return _empty(findings)
    (document,) = loaded.documents
    data = DataFile(file=document.file, value=document.value, locator=document.locator)
    return LoadedData(data=data, diagnostics=())


def _empty(findings: DataFindings) -> LoadedData:
    findings.whole("the file holds no data", "write the values into it, or remove the reference")
    return LoadedData(data=None, diagnostics=findings.all)
