"""Expanded jobs as JSON and YAML: what `render` prints, piece by piece.

Jobs come by the hundred thousand: both go through them once and keep none.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from s7spec.load.dump import to_yaml
from s7spec.model.job import ExpandedJob, JobSettings
from s7spec.model.manifest import OnUnsupported, Schedule
from s7spec.model.policy import USUAL, JobPolicy, Mode, OnPartial, RerunOn, age_text
from s7spec.model.selection import Selection
from s7spec.model.sharing import OncePerObject
from s7spec.model.source import Place

FORMAT_VERSION = "1.2"

_PIECE = 200
"""Jobs in one piece of text: enough to make writing cheap, too few to need memory."""


def jobs_json(jobs: Iterable[ExpandedJob]) -> Iterator[str]:
    """One JSON document, as ``render.schema.json`` describes it, in pieces that end with a line.
    Each job stands on a line of its own."""
    yield f'{{"format_version": "{FORMAT_VERSION}", "jobs": [\n'
    lines: list[str] = []
    for job in jobs:
        if len(lines) > _PIECE:
            # The last one waits: whether a comma follows it is not known yet.
            yield "".join(f"{line},\n" for line in lines[:-1])
            del lines[:-1]
        lines.append(_ENCODER.encode(_job(job)))
    yield ",\n".join(lines) + "\n]}\n" if lines else "]}\n"


def jobs_yaml(jobs: Iterable[ExpandedJob]) -> Iterator[str]:
    """One YAML document per job, in pieces that end with a line."""
    documents: list[str] = []
    for job in jobs:
        documents.append(f"---\n{to_yaml(_job(job))}")
        if len(documents) >= _PIECE:
            yield "".join(documents)
            documents.clear()
    if documents:
        yield "".join(documents)


_ENCODER = json.JSONEncoder()


def _job(job: ExpandedJob) -> dict[str, object]:
    payload: dict[str, object] = {"fmt": job.fmt.value}
    if job.is_modifier is not None:
        payload["is_modifier"] = job.is_modifier
    if job.macro is not None:
        payload["macro"] = job.macro
    payload["emailSetting"] = job.emailSetting.value
    key = job.key
    return {
        "job": key.short,
        "company": key.company,
        "environment": key.environment,
        "origin": _origin(job.settings.entry),
        "assets": _selection(job.selection),
        "exportJob": payload,
        **_stated(job.settings),
    }


# To find a place in a text costs more than all the rest, and the jobs of an export share theirs.
_origin: OncePerObject[Place, str] = OncePerObject(lambda place: str(place.locate()), most=16)


def _stated(settings: JobSettings) -> dict[str, object]:
    """What is said beyond the payload; what nobody said is left out."""
    stated: dict[str, object] = {}
    if settings.on_unsupported is not OnUnsupported.FAIL:
        stated["on_unsupported"] = settings.on_unsupported.value
    if settings.code_version is not None:
        stated["code_version"] = settings.code_version
    if settings.inputs:
        stated["inputs"] = dict(settings.inputs)
    if settings.policy.mode is not Mode.FULL:
        stated["mode"] = settings.policy.mode.value
    if settings.max_assets is not None:
        stated["max_assets"] = settings.max_assets
    if settings.schedule is not None:
        stated["schedule"] = _schedule(settings.schedule)
    if settings.policy is not USUAL:
        stated |= _runs(settings.policy)
    if settings.unsafe_modifiers:
        stated["unsafe_modifiers"] = list(settings.unsafe_modifiers)
    return stated


def _runs(policy: JobPolicy) -> dict[str, object]:
    stated: dict[str, object] = {}
    if policy.rerun is not None:
        stated["rerun"] = policy.rerun
    if policy.rerun_on_email:
        stated["rerun_on"] = [RerunOn.EMAIL_SETTING.value]
    if policy.max_age is not None:
        stated["max_age"] = age_text(policy.max_age)
    if policy.max_attempts != USUAL.max_attempts:
        stated["max_attempts"] = policy.max_attempts
    if policy.on_partial is not (OnPartial.FULL if policy.recurs else USUAL.on_partial):
        stated["on_partial"] = policy.on_partial.value
    if policy.on_touch is not USUAL.on_touch:
        stated["on_touch"] = policy.on_touch.value
    if policy.supersede is not USUAL.supersede:
        stated["supersede"] = policy.supersede.value
    return stated


def _schedule(schedule: Schedule) -> dict[str, object]:
    return {"at": schedule.at} if schedule.at is not None else {"cron": schedule.cron}


def _selection(selection: Selection) -> dict[str, object]:
    if selection.folder is None:
        stated: dict[str, object] = {"names": list(selection.names)}
    else:
        stated = {"folder": selection.folder, "recursive": selection.recursive}
    if selection.types:
        stated["types"] = list(selection.types)
    if selection.exclude:
        stated["exclude"] = list(selection.exclude)
    if selection.where:
        stated["where"] = [
            {"field": each.field.value, "op": each.op.value, "value": each.value}
            for each in selection.where
        ]
    return stated
