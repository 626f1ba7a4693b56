"""What GitHub Actions tells a step in its environment."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_REPOSITORY = re.compile(r"(?!-)[\w-]+/(?!\.{1,2}$)[\w.-]+", re.ASCII)
_REF = re.compile(r"refs/pull/(\d{1,9})/(?:merge|head)", re.ASCII)
_COMMIT = re.compile(r"[0-9a-f]{7,64}", re.ASCII)
_PUBLIC_API = "https://api.github.com"
_MOST_BYTES = 32 * 1024 * 1024
_WITHOUT_RIGHTS = frozenset({"dependabot[bot]"})


@dataclass(frozen=True, slots=True, kw_only=True)
class GitHubRun:
    """``number`` is that of the pull request, None for a run about something else.

    ``is_read_only``: the run's own token may not comment, whatever the workflow says, because the
    pull request comes from a fork or from Dependabot.
    """

    api: str
    repository: str
    number: int | None
    commit: str
    url: str
    summary: Path | None
    outputs: Path | None
    is_read_only: bool


def github_run(environ: Mapping[str, str]) -> GitHubRun:
    """What is missing or makes no sense is empty."""
    event = _event(environ.get("GITHUB_EVENT_PATH", ""))
    pull = _inner(event, "pull_request")
    told = environ.get("GITHUB_REPOSITORY", "")
    repository = told if _REPOSITORY.fullmatch(told) else ""
    server, run = environ.get("GITHUB_SERVER_URL", ""), environ.get("GITHUB_RUN_ID", "")
    summary, outputs = environ.get("GITHUB_STEP_SUMMARY"), environ.get("GITHUB_OUTPUT")
    head = _inner(pull, "head")
    return GitHubRun(
        api=environ.get("GITHUB_API_URL") or _PUBLIC_API,
        repository=repository,
        number=_number(event, pull, environ.get("GITHUB_REF", "")),
        commit=_commit(head.get("sha"), environ.get("GITHUB_SHA")),
        url=f"{server}/{repository}/actions/runs/{run}"
        if server and repository and run.isdigit()
        else "",
        summary=Path(summary) if summary else None,
        outputs=Path(outputs) if outputs else None,
        is_read_only=_is_read_only(pull, head, environ.get("GITHUB_ACTOR", "")),
    )


def _event(path: str) -> Mapping[str, Any]:
    try:
        with Path(path).open("rb") as file:
            found = json.loads(file.read(_MOST_BYTES))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _inner(event: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = event.get(key)
    return found if isinstance(found, dict) else {}


def _number(event: Mapping[str, Any], pull: Mapping[str, Any], ref: str) -> int | None:
    issue = _inner(event, "issue")  # a comment under a pull request belongs to an "issue"
    candidates = (pull.get("number"), issue.get("number") if "pull_request" in issue else None)
    for found in candidates:
        if isinstance(found, int) and found > 0:
            return found
    match = _REF.fullmatch(ref)
    return int(match[1]) if match else None


def _commit(*candidates: object) -> str:
    """The head of the pull request; GITHUB_SHA is its merge with the base, which nobody knows."""
    for found in candidates:
        if isinstance(found, str) and _COMMIT.fullmatch(found):
            return found
    return ""


def _is_read_only(pull: Mapping[str, Any], head: Mapping[str, Any], actor: str) -> bool:
    if not pull:
        return False
    from_there = _inner(head, "repo").get("full_name")
    here = _inner(_inner(pull, "base"), "repo").get("full_name")
    return from_there != here or actor in _WITHOUT_RIGHTS
