"""What reviewers are told about a plan: a comment's text, and values for the steps that follow."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from s7spec.model.plan import Plan
from s7spec.report.markdown_plan import MOST_BYTES, plan_markdown
from s7spec.report.plan_outline import sending

MOST_SUMMARY_BYTES = 1024 * 1024
"""GitHub drops a step's summary that is longer."""

_LONGEST_URL = 500
_MARK, _END = "<!-- s7spec plan ", " -->"
_OUTDATED = "> [!WARNING]\n> **Outdated**: no plan could be made of the latest commit."
_WARNED = re.compile(rf"\A{re.escape(_OUTDATED)}.*\n\n?")
_WEB_ADDRESS = re.compile(r"https?://[\w.:/?&=%~+-]+", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a plan comes from: the head of the pull request, and the address of the CI's run. What
    was checked out, and stands in the plan, is often its merge with the base."""

    commit: str = ""
    url: str = ""


def marker_of(plan: Plan, place: str = "") -> str:
    """The first line of the comment, which nobody sees: one for each environment of each project.
    ``place`` is the project's folder in the repository, empty for its root.

    Two hyphens would end it sooner, blanks and line breaks make it another.
    """
    return f"{_MARK}{_word_of(plan.header.company)}{_rest_of_mark(plan.header.environment, place)}"


def is_about(text: str, environment: str, place: str = "") -> bool:
    """Whether a comment is one of ours about this environment of the project in this place, of
    whatever company."""
    first = text.lstrip().partition("\n")[0].rstrip()
    return first.startswith(_MARK) and first.endswith(_rest_of_mark(environment, place))


def _rest_of_mark(environment: str, place: str) -> str:
    where = f" in {_word_of(place)}" if place else ""
    return f"/{_word_of(environment)}{where}{_END}"


def outdated_text(text: str, source: Source) -> str:
    """A comment of ours with a warning above its plan, once however often it is given."""
    marker, _, plan = text.replace("\r\n", "\n").lstrip().partition("\n")
    where = _footer(source).strip()
    warning = f"{_OUTDATED}{f' {where}' if where else ''}\n\n"
    return f"{marker}\n{warning}{_WARNED.sub('', plan)}"


def comment_text(
    plan: Plan, *, digest: str, command: str | None, source: Source, place: str = ""
) -> str:
    """At most ``MOST_BYTES`` in all: GitHub takes 65,536 characters, GitLab a million."""
    head, footer = f"{marker_of(plan, place)}\n", _footer(source)
    room = MOST_BYTES - len(head.encode()) - len(footer.encode())
    body = plan_markdown(plan, digest=digest, command=command, most_bytes=room)
    return f"{head}{body}{footer}"


def summary_text(plan: Plan, *, digest: str, command: str | None, room: int) -> str:
    """The same for a page of its own, with ``room`` for so many bytes."""
    return plan_markdown(plan, digest=digest, command=command, most_bytes=room)


def is_worth_a_comment(plan: Plan) -> bool:
    """Whether there is anything that a person could do, or should know."""
    return plan.has_changes or plan.waits_for_people or plan.is_refused


def outputs_of(plan: Plan, *, digest: str) -> dict[str, str]:
    """``jobs`` are those that would be sent."""
    return {
        "plan_digest": digest,
        "has_changes": _truth(plan.has_changes),
        "jobs": str(len(tuple(sending(plan)))),
        "refused": _truth(plan.is_refused),
    }


def github_outputs(values: dict[str, str], *, delimiter: str) -> str:
    """Lines for $GITHUB_OUTPUT. ``delimiter`` must be by chance, so that no value can hold it."""
    return "".join(f"{name}<<{delimiter}\n{value}\n{delimiter}\n" for name, value in values.items())


def dotenv(values: dict[str, str]) -> str:
    """A report of variables for GitLab's later jobs: ``S7SPEC_PLAN_DIGEST=...``."""
    return "".join(f"S7SPEC_{name.upper()}={value}\n" for name, value in values.items())


def _word_of(name: str) -> str:
    return quote(name, safe="", errors="surrogatepass").replace("-", "%2D").replace(".", "%2E")


def _footer(source: Source) -> str:
    of_commit = f"Head `{source.commit[:12]}`" if source.commit.isalnum() else ""
    is_address = len(source.url) <= _LONGEST_URL and _WEB_ADDRESS.fullmatch(source.url)
    run = f"[the run]({source.url})" if is_address else ""
    words = " · ".join(part for part in (of_commit, run) if part)
    return f"\n{words}\n" if words else ""


def _truth(value: bool) -> str:
    return "true" if value else "false"
