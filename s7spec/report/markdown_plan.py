"""A plan for a pull request: GitHub flavoured Markdown that always fits a comment."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from s7spec.model.plan import Plan, Verdict, VerdictLevel
from s7spec.plan import sending_totals
from s7spec.report.figures import count, moment
from s7spec.report.guardrails import (
    approval_text,
    approve_lines,
    kept_texts,
    notes_text,
    of_level,
    production_text,
    unmeasured_texts,
    what_to_do,
)
from s7spec.report.markdown import code, fenced, fenced_lines, prose
from s7spec.report.markdown_jobs import (
    Room,
    group_tables,
    job_tables,
    manifest_table,
    merged_table,
)
from s7spec.report.plan_outline import (
    again_text,
    commit_text,
    email_text,
    for_people,
    headline,
    sending,
)
from s7spec.report.volume import delivered_text, total_text

MOST_BYTES = 60_000
"""GitHub takes 65,536 characters in a comment; the rest is for whoever wraps this."""

_LONGEST_COMMAND = 2_000
_MOST_JOBS = 5
_LONGEST_TODO = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class _Level:
    """One degree of detail. ``dropped`` says what it leaves out."""

    room: Room
    notes: int
    jobs: Callable[[Plan, Room], Iterator[str]]
    dropped: str


def _nothing(_plan: Plan, _room: Room) -> Iterator[str]:
    return iter(())


_LEVELS = (
    _Level(
        room=Room(limit=500, names=1000, assets=1000, payloads=True),
        notes=50,
        jobs=job_tables,
        dropped="",
    ),
    _Level(
        room=Room(limit=500, names=100, assets=20, payloads=True),
        notes=50,
        jobs=job_tables,
        dropped="asset names beyond 100 per job and kind of change, and 20 others per job",
    ),
    _Level(
        room=Room(limit=500, names=100, payloads=True),
        notes=50,
        jobs=job_tables,
        dropped="names of assets that did not change, those of new jobs among them, and asset "
        "names beyond 100 per job and kind of change",
    ),
    _Level(
        room=Room(limit=300, names=5),
        notes=20,
        jobs=job_tables,
        dropped="payloads, names of assets that did not change, those of new jobs among them, and "
        "asset names beyond five per job and kind of change",
    ),
    _Level(
        room=Room(limit=300),
        notes=20,
        jobs=group_tables,
        dropped="payloads and asset names; jobs that change in the same way share a row",
    ),
    _Level(
        room=Room(limit=200, rows=150),
        notes=10,
        jobs=merged_table,
        dropped="payloads, asset names and the tables per manifest; jobs that change in the same "
        "way share a row",
    ),
    _Level(
        room=Room(limit=100, rows=60),
        notes=5,
        jobs=manifest_table,
        dropped="everything about single jobs",
    ),
    _Level(
        room=Room(limit=100), notes=3, jobs=_nothing, dropped="everything about manifests and jobs"
    ),
)


def plan_markdown(
    plan: Plan, *, digest: str, command: str | None, most_bytes: int = MOST_BYTES
) -> str:
    """At most ``most_bytes`` of UTF-8: detail is dropped step by step until it fits, and the text
    says what was dropped. ``command`` is what applies exactly this plan. The least that there is
    to say takes less than ``MOST_BYTES``."""
    for level in _LEVELS[:-1]:
        text = _fitting(_parts(plan, level, digest=digest, command=command), most_bytes)
        if text is not None:
            return text
    return _tidy("".join(_parts(plan, _LEVELS[-1], digest=digest, command=command)))


def _tidy(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text).rstrip("\n") + "\n"


def _fitting(parts: Iterable[str], most_bytes: int) -> str | None:
    """The whole text, or None as soon as it has become too long."""
    kept: list[str] = []
    left = most_bytes
    for part in parts:
        left -= len(part.encode())
        if left < 0:
            return None
        kept.append(part)
    return _tidy("".join(kept))


def _parts(plan: Plan, level: _Level, *, digest: str, command: str | None) -> Iterator[str]:
    yield f"### s7spec: {headline(plan)}\n\n"
    yield from _heading(plan, level, digest)
    yield from _guardrails(plan, level, digest)
    yield from _for_people(plan, level)
    if level.dropped:
        yield (
            f"> **Shortened** to fit. Left out: {level.dropped}. "
            "`s7spec plan --detail full` shows everything.\n\n"
        )
    yield from level.jobs(plan, level.room)
    yield "\n"
    yield from _totals(plan, level)
    yield from _warnings(plan, level)
    yield from _assumptions(plan, level)
    yield from _command(plan, command)


def _heading(plan: Plan, level: _Level, digest: str) -> Iterator[str]:
    header, limit = plan.header, level.room.limit
    place = code(f"{header.company}/{header.environment}", limit=limit)
    yield f"{place} on {code(header.ips, limit=limit)}, good until {moment(header.expires_at)}.\n"
    made = f"Made {moment(header.created_at)} by s7spec {code(header.tool_version, limit=limit)}"
    commit = commit_text(header)
    yield f"{made} at {code(commit, limit=limit)}.\n" if commit else f"{made}.\n"
    yield f"Digest {code(digest, limit=200)}\n\n"


def _guardrails(plan: Plan, level: _Level, digest: str) -> Iterator[str]:
    """What is refused, with how to approve it; then what was approved, and what is warned of."""
    refused = of_level(plan.verdicts, VerdictLevel.DENY)
    if refused:
        yield "> [!CAUTION]\n> `apply` will refuse this plan (exit 6):\n"
        yield from _verdicts(refused, level, "> ")
        todo = what_to_do(plan.header.environment)
        yield f"\n{prose(todo, limit=_LONGEST_TODO)}\n\n"
        yield fenced_lines(approve_lines(refused, digest, most=level.notes), "yaml")
        yield "\n"
    for each, title in _TITLES:
        verdicts = of_level(plan.verdicts, each)
        if verdicts:
            yield f"**{title}**\n\n"
            yield from _verdicts(verdicts, level, "")
            yield "\n"


_TITLES = (
    (VerdictLevel.APPROVED, "Approved for this plan alone"),
    (VerdictLevel.WARN, "Warned by guardrails"),
)


def _verdicts(verdicts: Sequence[Verdict], level: _Level, margin: str) -> Iterator[str]:
    limit = level.room.limit
    for verdict in verdicts[: level.notes]:
        most = 0 if level.jobs is _nothing else _MOST_JOBS
        jobs = ", ".join(code(job, limit=limit) for job in verdict.jobs[:most])
        rest = ", …" if verdict.job_count > _MOST_JOBS else ""
        named = f" ({jobs}{rest})" if jobs else ""
        told = (notes_text(verdict), approval_text(verdict))
        by = "".join(f"; {prose(each, limit=limit)}" for each in told if each)
        detail = prose(verdict.detail, limit=limit)
        yield f"{margin}- {code(verdict.guard, limit=limit)}: {detail}{named}{by}\n"
    yield from _more(len(verdicts) - level.notes, margin)


def _for_people(plan: Plan, level: _Level) -> Iterator[str]:
    """Conflicts and blocked jobs, before everything else."""
    items = for_people(plan)
    if not items:
        return
    limit = level.room.limit
    wait = "job waits" if len(items) == 1 else "jobs wait"
    yield f"> [!WARNING]\n> {len(items):,} {wait} for people:\n"
    for item in items[: level.notes]:
        why = "; ".join(prose(reason.detail, limit=limit) for reason in item.reasons)
        yield f"> - {code(item.key.short, limit=limit)} {item.action}: {why}\n"
    yield from _more(len(items) - level.notes, "> ")
    yield "\n"


def _totals(plan: Plan, level: _Level) -> Iterator[str]:
    jobs = sending(plan)
    if jobs:
        yield f"- To send: {total_text(jobs)}\n"
        sent = sending_totals(jobs)
        delivered = delivered_text(sent)
        yield f"- To deliver: {delivered}\n" if delivered else ""
        yield f"- E-mail: {email_text(sent)}\n"
    again = again_text(plan)
    if again:
        yield f"- May send: {again}\n"
    kept = kept_texts(plan.verdicts)
    if kept:
        limit = level.room.limit
        found = "; ".join(prose(text, limit=limit) for text in kept[: level.notes])
        yield f"- Guardrails kept: {found}\n"
        yield from _more(len(kept) - level.notes, "")
    unmeasured = unmeasured_texts(plan.verdicts)
    for text in unmeasured[: level.notes]:
        yield f"- Not measured: {prose(text, limit=level.room.limit)}\n"
    yield from _more(len(unmeasured) - level.notes, "")
    production = production_text(plan.verdicts)
    if production:
        yield f"- Production: {prose(production, limit=level.room.limit)}\n"
    yield "\n"


def _warnings(plan: Plan, level: _Level) -> Iterator[str]:
    if not plan.warnings:
        return
    yield f"**{count(len(plan.warnings), 'warning')}**\n\n"
    for finding in plan.warnings[: level.notes]:
        place = f" ({code(str(finding.where), limit=level.room.limit)})" if finding.where else ""
        yield f"- {finding.rule.id} {prose(finding.summary, limit=level.room.limit)}{place}\n"
    yield from _more(len(plan.warnings) - level.notes, "")
    yield "\n"


def _assumptions(plan: Plan, level: _Level) -> Iterator[str]:
    if not plan.assumptions:
        return
    yield "<details><summary>What was not checked</summary>\n\n"
    for text in plan.assumptions[: level.notes]:
        yield f"- {prose(text, limit=level.room.limit)}\n"
    yield from _more(len(plan.assumptions) - level.notes, "")
    yield "\n</details>\n\n"


def _command(plan: Plan, command: str | None) -> Iterator[str]:
    if command is None or plan.is_refused:
        return
    if not plan.has_changes:
        return
    if len(command) > _LONGEST_COMMAND:
        yield "The command that applies this plan is too long to be shown here.\n"
        return
    yield f"To do exactly this:\n\n{fenced(command, 'sh')}"


def _more(rest: int, margin: str) -> Iterator[str]:
    if rest > 0:
        yield f"{margin}- … and {rest:,} more\n"
