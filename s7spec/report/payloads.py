"""Expanded jobs as JSON and YAML: what `render` prints."""

from __future__ import annotations

import json
from collections.abc import Sequence

from s7spec.load.dump import to_yaml
from s7spec.model.job import ExpandedJob
from s7spec.model.manifest import Selection

FORMAT_VERSION = "1.0"


def jobs_json(jobs: Sequence[ExpandedJob]) -> str:
    document = {"format_version": FORMAT_VERSION, "jobs": [_job(job) for job in jobs]}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def jobs_yaml(jobs: Sequence[ExpandedJob]) -> str:
    """One YAML document per job."""
    return "".join(f"---\n{to_yaml(_job(job))}" for job in jobs)


def _job(job: ExpandedJob) -> dict[str, object]:
    payload: dict[str, object] = {"fmt": job.fmt.value}
    if job.is_modifier is not None:
        payload["is_modifier"] = job.is_modifier
    if job.macro is not None:
        payload["macro"] = job.macro
    payload["emailSetting"] = job.emailSetting.value
    return {
        "job": job.key.short,
        "company": job.key.company,
        "environment": job.key.environment,
        "origin": str(job.origin),
        "assets": _selection(job.selection),
        "exportJob": payload,
    }


def _selection(selection: Selection) -> dict[str, object]:
    if selection.folder is None:
        stated: dict[str, object] = {"names": list(selection.names)}
    else:
        stated = {"folder": selection.folder, "recursive": selection.recursive}
    if selection.types:
        stated["types"] = list(selection.types)
    if selection.exclude:
        stated["exclude"] = list(selection.exclude)
    return stated
