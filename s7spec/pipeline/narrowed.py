"""What is said of a plan that does not speak about the whole project."""

from __future__ import annotations

from collections.abc import Iterator

from s7spec.pipeline.compiled import Compiled
from s7spec.pipeline.scope import ChangedManifest, Since

_NAMED = 5


def words_on(compiled: Compiled, *, left_out: int) -> tuple[str, ...]:
    """A sentence for each way in which it was narrowed: part of the plan, for its reviewers."""
    since = compiled.scope.since
    about_since = () if since is None else (since_text(since),)
    return (*_path_words(compiled), *about_since, *_select_words(compiled, left_out))


def _path_words(compiled: Compiled) -> Iterator[str]:
    if compiled.scope.paths:
        names = sorted(manifest.name for manifest in compiled.manifests)
        nouns = "manifest is" if len(names) == 1 else "manifests are"
        told = f" ({_some(names)})" if names else ""
        yield f"PATHS: only {len(names):,} {nouns} looked at{told}"


def _select_words(compiled: Compiled, left_out: int) -> Iterator[str]:
    scope = compiled.scope
    if not scope.narrowing.clauses:
        return
    jobs = "1 job" if left_out == 1 else f"{left_out:,} jobs"
    yield f"--select '{scope.narrowing}': {jobs} left out"
    gone = scope.since.gone if scope.since is not None else ()
    if gone and not compiled.whole and not compiled.walked:
        names = _some(sorted(gone))
        yield f"jobs of manifests that are gone are only looked at without --select: {names}"


def since_text(since: Since) -> str:
    """``--since origin/main: 3 of 120 manifests changed (a.yaml; b.yaml by templates/x.yaml)``."""
    if since.is_all:
        return f"--since {since.revision}: s7spec.yaml changed: all {since.total:,} manifests count"
    noun = "manifest" if since.total == 1 else "manifests"
    text = f"--since {since.revision}: {len(since.changed):,} of {since.total:,} {noun} changed"
    if since.changed:
        text += f" ({_some([_changed_text(each) for each in since.changed], '; ')})"
    if since.gone:
        text += f"; gone: {_some(sorted(since.gone))}"
    return text


def _changed_text(changed: ChangedManifest) -> str:
    return changed.path if changed.by is None else f"{changed.path} by {changed.by}"


def _some(words: list[str], between: str = ", ") -> str:
    rest = len(words) - _NAMED
    more = [f"{rest:,} more"] if rest > 0 else []
    return between.join((*words[:_NAMED], *more))
