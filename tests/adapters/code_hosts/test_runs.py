"""What a CI tells in its environment: taken only where it makes sense."""

from __future__ import annotations

import pytest

from s7spec.adapters.code_hosts.github_run import github_run
from s7spec.adapters.code_hosts.gitlab_run import gitlab_run

NO_PATHS = [
    *("", "/", "acme", "/shop", "acme/", "acme//shop", "a/..", "a/.", "../a", "./a", "../..", ".."),
    *("acme/shop/", "/acme/shop", "acme/sh op", "acme/shop\n", "acme/shop?x=1", "acme/shop#x"),
    *("acme/%2e%2e", "acme%2Fshop", "a\\\\b/c", "acme/sh\u00f6p", "acme/s@hop", "-acme/shop"),
]


@pytest.mark.parametrize("told", [*NO_PATHS, "acme/shop/issues", "ac.me/shop", "42"])
def test_what_is_no_repository(told: str) -> None:
    run = github_run({"GITHUB_REPOSITORY": told, "GITHUB_SERVER_URL": "s", "GITHUB_RUN_ID": "1"})
    assert (run.repository, run.url) == ("", "")


@pytest.mark.parametrize("told", ["acme/shop", "A-1/b.c_d-e", "a/.github", "anna_acme/...", "a/-"])
def test_repositories(told: str) -> None:
    run = github_run({"GITHUB_REPOSITORY": told, "GITHUB_SERVER_URL": "s", "GITHUB_RUN_ID": "1"})
    assert (run.repository, run.url) == (told, f"s/{told}/actions/runs/1")


@pytest.mark.parametrize("told", [*NO_PATHS, "acme/shop.", "42/../43", "-1", "+1", "1" * 20])
@pytest.mark.parametrize("name", ["CI_PROJECT_ID", "CI_MERGE_REQUEST_PROJECT_ID"])
def test_what_is_no_project(name: str, told: str) -> None:
    assert gitlab_run({name: told}).project == ""


@pytest.mark.parametrize("told", ["42", "acme/shop", "a/b/c/.d", "_a/b-c.d"])
def test_projects(told: str) -> None:
    assert gitlab_run({"CI_PROJECT_ID": told}).project == told
    both = gitlab_run({"CI_MERGE_REQUEST_PROJECT_ID": told, "CI_PROJECT_ID": "43"})
    assert (both.project, both.is_of_fork) == (told, True)
