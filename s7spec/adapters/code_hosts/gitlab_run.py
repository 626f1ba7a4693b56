"""What GitLab CI tells a job in its environment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_PART = r"(?!-)[\w.-]*[\w-]"  # so that none of them is `..`
_PROJECT = re.compile(rf"\d{{1,19}}|{_PART}(?:/{_PART})+", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class GitLabRun:
    """``number`` is the merge request's, None for a pipeline about something else; ``project`` is
    where it stands. ``is_of_fork``: the pipeline runs elsewhere, without that project's secrets."""

    api: str
    project: str
    number: int | None
    commit: str
    url: str
    is_of_fork: bool


def gitlab_run(environ: Mapping[str, str]) -> GitLabRun:
    """What is missing or makes no sense is empty."""
    number = environ.get("CI_MERGE_REQUEST_IID", "")
    # In a pipeline of merged results CI_COMMIT_SHA is the merge, which nobody knows.
    commit = environ.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA") or environ.get("CI_COMMIT_SHA", "")
    project, source = environ.get("CI_MERGE_REQUEST_PROJECT_ID"), environ.get("CI_PROJECT_ID", "")
    is_number = number.isascii() and number.isdigit() and len(number) < 10
    return GitLabRun(
        api=environ.get("CI_API_V4_URL", ""),
        project=_project(project or source),
        number=int(number) if is_number else None,
        commit=commit if commit.isalnum() else "",
        url=environ.get("CI_JOB_URL", ""),
        is_of_fork=bool(project) and project != source,
    )


def _project(told: str) -> str:
    """Its number, or GROUP/NAME with any number of groups."""
    return told if _PROJECT.fullmatch(told) else ""
