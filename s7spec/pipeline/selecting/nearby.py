"""What was probably meant by a term that finds nothing."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Iterator

from s7spec.model.diagnostics import Diagnostic
from s7spec.model.job import JobKey
from s7spec.model.manifest import Manifest, TemplateUse
from s7spec.pipeline.selecting.patterns import path_matches
from s7spec.pipeline.selecting.terms import (
    LabelTerm,
    NameTerm,
    Narrowing,
    OfflineTerm,
    PathTerm,
    State,
    StateTerm,
)

_MOST_EXPORTS = 2_000
_LISTED = 5


class Known:
    """What there is to be named. Of jobs only those of manifests that a term names: any number of
    jobs is walked in the memory of one manifest."""

    def __init__(self) -> None:
        self.manifests: dict[str, None] = {}
        self.labels: dict[str, dict[str, None]] = {}
        self.paths: dict[str, None] = {}
        self.jobs: dict[str, None] = {}
        self.templates: dict[str, dict[str, None]] = {}
        """With the files of the manifests that use them."""

    def note_template(self, path: str) -> None:
        self.templates.setdefault(path, {})

    def note(self, manifest: Manifest) -> None:
        self.manifests[manifest.name] = None
        self.paths[manifest.document.file.path] = None
        for name, value in manifest.labels.items():
            self.labels.setdefault(name, {})[value] = None
        for entry in manifest.exports:
            if isinstance(entry, TemplateUse):
                users = self.templates.setdefault(entry.template.path, {})
                users[manifest.document.file.path] = None

    def note_job(self, key: JobKey, term: NameTerm) -> None:
        if term.pattern.partition("/")[0] == key.manifest and len(self.jobs) < _MOST_EXPORTS:
            self.jobs[key.short] = None


def ambiguous(narrowing: Narrowing, manifests: Collection[str]) -> Iterator[Diagnostic]:
    """A word that is a state, where a manifest bears it as its name: nothing is guessed."""
    for condition in narrowing.conditions:
        term = condition.term
        if not isinstance(term, StateTerm) or "state:" in str(condition.written):
            continue
        word = term.state.value
        if word in manifests:
            yield condition.written.finding(
                f"--select {word}: that is a state, and the name of a manifest",
                f"write name:{word} or state:{word}",
            )


def hint_for(term: OfflineTerm, known: Known) -> str:
    match term:
        case NameTerm():
            return _about_name(term, known)
        case LabelTerm():
            return _about_label(term, known)
        case PathTerm():
            return _about_path(term, known)


def _about_path(term: PathTerm, known: Known) -> str:
    templates = [path for path in known.templates if path_matches(path, term.pattern)]
    if templates:
        is_one = len(templates) == 1
        what = f"`{templates[0]}` is a template" if is_one else "these are templates"
        users = {user for path in templates for user in known.templates[path]}
        if not users:
            return f"{what}, and no manifest uses {'it' if is_one else 'them'}"
        paths = _some(f"path:{path}" for path in users)
        return f"{what}: jobs have the path of their manifest, {paths}"
    # Without the endings, which would make all paths alike.
    stems = {posixpath.splitext(path)[0]: path for path in known.paths}
    near = _nearest(posixpath.splitext(term.pattern)[0], stems)
    if near is not None:
        return f"did you mean `path:{stems[near]}`?"
    return "paths are those of manifests, relative to s7spec.yaml: path:eu/*.yaml, path:eu"


def _about_name(term: NameTerm, known: Known) -> str:
    manifest, slash, export = term.pattern.partition("/")
    if term.pattern in known.paths:
        return f"that is a file: write path:{term.pattern}"
    if slash and manifest in known.manifests:
        there = [job for job in known.jobs if job.startswith(f"{manifest}/")]
        meant = _meant(f"{manifest}/", export, [job.partition("/")[2] for job in there])
        jobs = f"the jobs {_some(there)}" if there else "no jobs"
        return meant or f"manifest `{manifest}` has {jobs}"
    states = [] if slash else [state.value for state in State]
    near = _nearest(manifest, (*known.manifests, *states))
    if near is not None:
        return f"did you mean `{near}{slash}{export}`?"
    return (
        "give `manifest`, `manifest/export` or a pattern such as 'zalando/*'; "
        "`s7spec render` lists the jobs"
    )


def _about_label(term: LabelTerm, known: Known) -> str:
    if not known.labels:
        return "no manifest has `labels` in its `metadata`"
    values = known.labels.get(term.name)
    if values is not None:
        meant = _meant(f"label:{term.name}=", term.value or "", values)
        return meant or f"its values are {_some(values)}"
    bearing = [name for name, values in known.labels.items() if term.name in values]
    if bearing and term.value is None:
        return f"did you mean `label:{bearing[0]}={term.name}`?"
    near = _nearest(term.name, known.labels)
    value = "" if term.value is None else f"={term.value}"
    return f"did you mean `label:{near}{value}`?" if near else f"there are {_some(known.labels)}"


def _meant(before: str, word: str, choices: Iterable[str]) -> str | None:
    near = _nearest(word, choices)
    return None if near is None else f"did you mean `{before}{near}`?"


def _nearest(word: str, choices: Iterable[str]) -> str | None:
    import difflib  # only here: most terms find something

    close = difflib.get_close_matches(word[:200], [*choices], n=1, cutoff=0.6)
    return close[0] if close else None


def _some(words: Iterable[str]) -> str:
    each = sorted(words)
    more = f" and {len(each) - _LISTED:,} more" if len(each) > _LISTED else ""
    return ", ".join(f"`{word}`" for word in each[:_LISTED]) + more
