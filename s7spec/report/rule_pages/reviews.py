"""Pages about telling people of a plan where they review it."""

from __future__ import annotations

from s7spec.model.rules import Rule
from s7spec.report.rule_pages.page import Example, Found, RulePage

PAGES: tuple[RulePage, ...] = (
    RulePage(
        rule=Rule.CODE_HOST_UNKNOWN,
        meaning=(
            "`s7spec review` finds no token, no repository or no pull request in its environment, "
            "or an address that a token must not be sent to."
        ),
        why="Reviewers would go on looking at an older plan.",
        bad="""\
$ env -u GITHUB_TOKEN s7spec review github plan.json
""",
        good="""\
$ GITHUB_TOKEN=... s7spec review github plan.json --pr 12
""",
        remedy=(
            "A step of GitHub Actions gets it by `env: {GITHUB_TOKEN: ${{ github.token }}}`; "
            "GitLab needs a project access token in GITLAB_TOKEN. docs/ci.md has whole examples."
        ),
        example=Example.CONSOLE,
        found=Found.RUN,
    ),
    RulePage(
        rule=Rule.CODE_HOST_REFUSED,
        meaning=(
            "GitHub or GitLab does not let this token comment, does not know the pull request, or "
            "sends s7spec to another host."
        ),
        why="Reviewers would go on looking at an older plan.",
        bad="""\
$ s7spec review github plan.json --pr 999999
""",
        good="""\
$ s7spec review github plan.json --pr 12
""",
        remedy=(
            "On GitHub the job needs `permissions: {pull-requests: write}`; on GitLab the token "
            "needs the scope `api` and the role of a reporter."
        ),
        example=Example.CONSOLE,
        found=Found.RUN,
    ),
    RulePage(
        rule=Rule.CODE_HOST_UNAVAILABLE,
        meaning=(
            "GitHub or GitLab was asked again and again until the time was over: it failed, did "
            "not answer, or was asked too often by this token."
        ),
        why="Reviewers would go on looking at an older plan.",
        bad="""\
$ s7spec review github plan.json --timeout 1
""",
        good="""\
$ s7spec review github plan.json --timeout 300
""",
        remedy="Run the step again later, or give it more time.",
        example=Example.CONSOLE,
        found=Found.RUN,
    ),
)
