"""A plan for a person at a terminal: one screen that a reviewer can trust."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from s7spec.model.plan import Plan
from s7spec.report.figures import moment
from s7spec.report.human_plan.footer import footer_lines
from s7spec.report.human_plan.jobs import BUDGET, full_lines, job_lines
from s7spec.report.human_plan.summary import summary_lines
from s7spec.report.human_plan.trouble import trouble_lines
from s7spec.report.plan_outline import commit_text, headline
from s7spec.report.terminal import EMPTY, Line, Tone, labelled, line, paint
from s7spec.report.view import View
from s7spec.report.visible import visible


def plan_text(
    plan: Plan,
    view: View,
    *,
    detail: Literal["summary", "job", "full"] = "job",
    command: str | None = None,
    digest: str | None = None,
) -> str:
    """Counts first, then what waits for people, each manifest's jobs, and what else must be known
    before ``command``.

    ``summary`` has one line per manifest and ``full`` everything; ``job`` stays within about 60
    lines by putting jobs together that change in the same way. What is left out is always said.
    """
    lines = _lines(plan, view, detail=detail, command=command, digest=digest)
    return paint(_without_gaps(lines), view)


def _without_gaps(lines: Iterable[Line]) -> Iterator[Line]:
    """Never two empty lines, and none at the end."""
    gap = False
    for each in lines:
        if each == EMPTY:
            gap = True
            continue
        if gap:
            yield EMPTY
        gap = False
        yield each


def _lines(
    plan: Plan,
    view: View,
    *,
    detail: Literal["summary", "job", "full"],
    command: str | None,
    digest: str | None,
) -> Iterator[Line]:
    yield line(headline(plan), Tone.STRONG)
    for text in plan.narrowed:
        yield labelled("narrowed", (visible(text), Tone.CAUTION))
    yield _where(plan, view)
    if digest is not None:
        yield line(f"digest {digest}", Tone.QUIET, whole=True)
    if detail == "full":
        yield from _inputs(plan)
    troubles = list(trouble_lines(plan, view, full=detail == "full"))
    yield from troubles
    match detail:
        case "summary":
            jobs = summary_lines(plan, view)
        case "job":
            jobs = job_lines(plan, view, room=BUDGET - len(troubles))
        case "full":
            jobs = full_lines(plan, view)
    yield from jobs
    yield EMPTY
    yield from footer_lines(plan, view, command=command, digest=digest, full=detail == "full")


def _where(plan: Plan, view: View) -> Line:
    header = plan.header
    text = f" on {header.ips} {view.dot} good until {moment(header.expires_at)}"
    commit = commit_text(header)
    text += f" {view.dot} {commit}" if commit else ""
    return Line(
        (),
        ((f"{header.company}/{header.environment}", Tone.NOTE), (text, Tone.PLAIN)),
    )


def _inputs(plan: Plan) -> Iterator[Line]:
    header = plan.header
    yield labelled(
        "made", (f"{moment(header.created_at)} by s7spec {header.tool_version}", Tone.QUIET)
    )
    yield labelled("assets", (f"as IPS had them {moment(header.assets_at)}", Tone.QUIET))
    if header.git_commit is not None:
        yield labelled("commit", (header.git_commit, Tone.QUIET))
    yield labelled("manifests", (header.manifest_hash, Tone.QUIET))
    yield labelled("presets", (header.preset_hash, Tone.QUIET))
