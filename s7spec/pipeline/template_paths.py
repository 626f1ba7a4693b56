"""Templates where manifests are meant: they make no jobs, but for whoever uses them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from s7spec.load import load_file
from s7spec.load.reading import MAX_BYTES, shown_path
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.manifest import Manifest, TemplateUse
from s7spec.model.rules import Rule
from s7spec.model.source import SourceRange
from s7spec.pipeline.compiling import Compilation
from s7spec.validate import is_template_document

_KIND = "ExportTemplate"
_KINDS = tuple(map(_KIND.encode, ("utf-8", "utf-16-le", "utf-16-be")))
_NAMED = 5


def find_templates(
    paths: tuple[Path, ...], *, given: Compilation, whole: Compilation, root: Path
) -> Iterator[Diagnostic]:
    """What is said of each of ``paths`` that holds templates and nothing else.

    ``given`` is a compilation of these paths, ``whole`` that of the project: neither is begun.
    """
    templates = {path for path in given.paths if _is_template(path, root)}
    for path in paths:
        held = [file for file in given.paths if file == path or path in file.parents]
        if held and templates.issuperset(held):
            yield _finding(path, held, whole, root)


def _is_template(path: Path, root: Path) -> bool:
    """Only what may be one is read twice."""
    try:
        if not path.is_file():  # a pipe may never begin
            return False
        with path.open("rb") as file:
            text = file.read(MAX_BYTES)
    except OSError:
        return False  # whoever compiles it says why
    if not any(kind in text for kind in _KINDS):
        return False
    documents = load_file(path, root=root).documents
    return bool(documents) and all(map(is_template_document, documents))


def _finding(path: Path, held: list[Path], whole: Compilation, root: Path) -> Diagnostic:
    shown = shown_path(path, root=root)
    is_file = held == [path]
    what = (
        f"`{shown}` is a template: it makes"
        if is_file
        else f"the folder `{shown}` holds nothing but templates: they make"
    )
    real = {file.resolve() for file in held}
    users = sorted({each.document.file.path for each in whole.read() if _uses(each, real, root)})
    return Diagnostic(
        rule=Rule.NO_MANIFESTS,
        summary=f"{what} jobs only for the manifests that use it",
        where=SourceRange(path=shown),
        hint=_hint(users),
    )


def _uses(manifest: Manifest, templates: set[Path], root: Path) -> bool:
    uses = (entry for entry in manifest.exports if isinstance(entry, TemplateUse))
    return any((root / use.template.path).resolve() in templates for use in uses)


def _hint(users: list[str]) -> str:
    if not users:
        return "no manifest of the project does; `s7spec validate` checks templates by themselves"
    more = f" and {len(users) - _NAMED:,} more" if len(users) > _NAMED else ""
    named = ", ".join(f"`{user}`" for user in users[:_NAMED])
    return f"name manifests that use it: {named}{more}"
