"""What the language says and a plan cannot do yet: refused before anything is looked up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from s7spec.model.diagnostics import Diagnostic, in_order
from s7spec.model.job import ExpandedJob, JobSettings
from s7spec.model.manifest import Manifest
from s7spec.model.policy import Mode
from s7spec.model.rules import Rule
from s7spec.model.source import Place

_WITHOUT = {
    "moved": "without it the old keys are forgotten and the new ones run as new jobs",
    "forget": "without it a whole plan forgets the jobs that are no longer declared",
    "adopt": "without it the job is new: it runs once more",
    "mode": "without it all assets are exported, not only the new and the changed ones",
    "schedule": "without it the job runs as soon as the plan is applied",
    "rerun": "without it nothing runs again",
}
"""What leaving a key out does."""

_AROUND = "plan around it with --select, or name the files to plan"


def not_plannable(
    manifests: Iterable[Manifest], jobs: Iterable[ExpandedJob]
) -> tuple[Diagnostic, ...]:
    """One finding for each place that asks for what this version cannot plan, all at once.

    A plan that passed over a schedule, or over a job that got a new key, would send what nobody
    asked for: so there is none.
    """
    places: dict[Place, tuple[str, str]] = {}
    for manifest in manifests:
        for key in _unplannable_keys(manifest):
            place = Place(document=manifest.document, pointer=(key,))
            places.setdefault(place, (key, f"`{key}`"))
    last: JobSettings | None = None
    for job in jobs:
        # Jobs of one export come one after another and share their settings.
        if job.settings is not last:
            last = job.settings
            for key, word in _unplannable_settings(last):
                places.setdefault(job.place_of(key), (key, word))
    return in_order(_finding(place, key, word) for place, (key, word) in places.items())


def _unplannable_keys(manifest: Manifest) -> Iterator[str]:
    if manifest.moved:
        yield "moved"
    if manifest.forget:
        yield "forget"
    if manifest.adopt:
        yield "adopt"


def _unplannable_settings(settings: JobSettings) -> Iterator[tuple[str, str]]:
    if settings.mode is Mode.DELTA:
        yield "mode", f"`mode: {settings.mode}`"
    if settings.schedule is not None:
        yield "schedule", "`schedule`"
    if settings.rerun is not None:
        yield "rerun", "`rerun`"


def _finding(place: Place, key: str, word: str) -> Diagnostic:
    where = place.locate(key=True)
    return Diagnostic(
        rule=Rule.NOT_BUILT,
        summary=f"{word} can be validated and rendered, but this version cannot plan it yet",
        where=where,
        hint=f"{_WITHOUT[key]}; {_AROUND}",
        snippet=place.document.file.snippet(where.line),
    )
