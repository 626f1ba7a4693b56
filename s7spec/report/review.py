"""What reviewers are told about a plan: a comment's text, and values for the steps that follow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from s7spec.model.plan import Plan
from s7spec.report.markdown_plan import MOST_BYTES, plan_markdown
from s7spec.report.plan_outline import sending

MOST_SUMMARY_BYTES = 1024 * 1024
"""GitHub drops a step's summary that is longer."""

_LONGEST_URL = 500
_WEB_ADDRESS = re.compile(r"https?://[\w.:/?&=%~+-]+", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a plan comes from: the commit, and the address of the CI's run."""

    commit: str = ""
    url: str = ""


def marker_of(plan: Plan) -> str:
    """The first line of the comment, which nobody sees: one for each environment.

    Two hyphens would end it sooner, blanks and line breaks make it another.
    """
    names = (
        quote(name, safe="", errors="surrogatepass").replace("-", "%2D").replace(".", "%2E")
        for name in _place(plan)
    )
    return f"<!-- s7spec plan {'/'.join(names)} -->"


def comment_text(plan: Plan, *, digest: str, command: str, source: Source) -> str:
    """At most ``MOST_BYTES`` in all: GitHub takes 65,536 characters, GitLab a million."""
    head, footer = f"{marker_of(plan)}\n", _footer(source)
    room = MOST_BYTES - len(head.encode()) - len(footer.encode())
    body = plan_markdown(plan, digest=digest, command=command, most_bytes=room)
    return f"{head}{body}{footer}"


def summary_text(plan: Plan, *, digest: str, command: str, room: int) -> str:
    """The same for a page of its own, with ``room`` for so many bytes."""
    return plan_markdown(plan, digest=digest, command=command, most_bytes=room)


def is_worth_a_comment(plan: Plan) -> bool:
    """Whether there is anything that a person could do, or should know."""
    refused = any(verdict.refused for verdict in plan.verdicts)
    return plan.has_changes or plan.waits_for_people or refused


def outputs_of(plan: Plan, *, digest: str) -> dict[str, str]:
    """``jobs`` are those that would be sent."""
    refused = any(verdict.refused for verdict in plan.verdicts)
    return {
        "plan_digest": digest,
        "has_changes": _word(plan.has_changes),
        "jobs": str(len(tuple(sending(plan)))),
        "refused": _word(refused),
    }


def github_outputs(values: dict[str, str], *, delimiter: str) -> str:
    """Lines for $GITHUB_OUTPUT. ``delimiter`` must be by chance, so that no value can hold it."""
    return "".join(f"{name}<<{delimiter}\n{value}\n{delimiter}\n" for name, value in values.items())


def dotenv(values: dict[str, str]) -> str:
    """A report of variables for GitLab's later jobs: ``S7SPEC_PLAN_DIGEST=...``."""
    return "".join(f"S7SPEC_{name.upper()}={value}\n" for name, value in values.items())


def _place(plan: Plan) -> Iterator[str]:
    yield plan.header.company
    yield plan.header.environment


def _footer(source: Source) -> str:
    of_commit = f"Commit `{source.commit[:12]}`" if source.commit.isalnum() else ""
    is_address = len(source.url) <= _LONGEST_URL and _WEB_ADDRESS.fullmatch(source.url)
    run = f"[the run that made it]({source.url})" if is_address else ""
    words = " · ".join(part for part in (of_commit, run) if part)
    return f"\n{words}\n" if words else ""


def _word(value: bool) -> str:
    return "true" if value else "false"
