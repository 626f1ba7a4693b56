"""What stands around the jobs of a plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
from s7spec.report.markdown_plan.room import Room
from s7spec.report.plan_outline import (
    again_text,
    commit_text,
    email_text,
    for_people,
    headline,
    sending,
)
from s7spec.report.volume import delivered_text, total_text

_LONGEST_COMMAND = 2_000
_MOST_JOBS = 5
_LONGEST_TODO = 200


def head(plan: Plan, room: Room, *, digest: str) -> Iterator[str]:
    """What a reviewer reads first: counts, what it is about, and what stands against it."""
    yield f"### s7spec: {headline(plan)}\n\n"
    yield from _narrowed(plan, room)
    yield from _heading(plan, room, digest)
    yield from _guardrails(plan, room, digest)
    yield from _for_people(plan, room)


def foot(plan: Plan, room: Room, *, totals: str, command: str | None) -> Iterator[str]:
    """``totals`` (of ``totals_text``), doubts, and ``command``, which applies exactly this plan."""
    yield f"\n{totals}"
    yield from _kept(plan, room)
    yield from _warnings(plan, room)
    yield from _assumptions(plan, room)
    yield from _command(plan, command)


def _narrowed(plan: Plan, room: Room) -> Iterator[str]:
    """In which ways the plan does not speak about the whole project."""
    if not plan.narrowed:
        return
    yield "> [!NOTE]\n> This plan does not speak about the whole project:\n"
    for text in plan.narrowed[: room.notes]:
        yield f"> - {prose(text, limit=room.limit)}\n"
    yield from _more(len(plan.narrowed) - room.notes, "> ")
    yield "\n"


def _heading(plan: Plan, room: Room, digest: str) -> Iterator[str]:
    header, limit = plan.header, room.limit
    place = code(f"{header.company}/{header.environment}", limit=limit)
    yield f"{place} on {code(header.ips, limit=limit)}, good until {moment(header.expires_at)}.\n"
    made = f"Made {moment(header.created_at)} by s7spec {code(header.tool_version, limit=limit)}"
    commit = commit_text(header)
    yield f"{made} at {code(commit, limit=limit)}.\n" if commit else f"{made}.\n"
    yield f"Digest {code(digest, limit=200)}\n\n"


def _guardrails(plan: Plan, room: Room, digest: str) -> Iterator[str]:
    """What is refused, with how to approve it; then what was approved, and what is warned of."""
    refused = of_level(plan.verdicts, VerdictLevel.DENY)
    if refused:
        yield "> [!CAUTION]\n> `apply` will refuse this plan (exit 6):\n"
        yield from _verdicts(refused, room, "> ")
        todo = what_to_do(plan.header.environment)
        yield f"\n{prose(todo, limit=_LONGEST_TODO)}\n\n"
        yield fenced_lines(approve_lines(refused, digest, most=room.notes), "yaml")
        yield "\n"
    for each, title in _TITLES:
        verdicts = of_level(plan.verdicts, each)
        if verdicts:
            yield f"**{title}**\n\n"
            yield from _verdicts(verdicts, room, "")
            yield "\n"


_TITLES = (
    (VerdictLevel.APPROVED, "Approved for this plan alone"),
    (VerdictLevel.WARN, "Warned by guardrails"),
)


def _verdicts(verdicts: Sequence[Verdict], room: Room, margin: str) -> Iterator[str]:
    limit = room.limit
    for verdict in verdicts[: room.notes]:
        most = min(room.jobs, _MOST_JOBS)
        jobs = ", ".join(code(job, limit=limit) for job in verdict.jobs[:most])
        rest = ", …" if verdict.job_count > _MOST_JOBS else ""
        named = f" ({jobs}{rest})" if jobs else ""
        told = (notes_text(verdict), approval_text(verdict))
        by = "".join(f"; {prose(each, limit=limit)}" for each in told if each)
        detail = prose(verdict.detail, limit=limit)
        yield f"{margin}- {code(verdict.guard, limit=limit)}: {detail}{named}{by}\n"
    yield from _more(len(verdicts) - room.notes, margin)


def _for_people(plan: Plan, room: Room) -> Iterator[str]:
    """Conflicts and blocked jobs, before everything else."""
    items = for_people(plan)
    if not items:
        return
    limit = room.limit
    wait = "job waits" if len(items) == 1 else "jobs wait"
    yield f"> [!WARNING]\n> {len(items):,} {wait} for people:\n"
    for item in items[: room.notes]:
        why = "; ".join(prose(reason.detail, limit=limit) for reason in item.reasons)
        yield f"> - {code(item.key.short, limit=limit)} {item.action}: {why}\n"
    yield from _more(len(items) - room.notes, "> ")
    yield "\n"


def totals_text(plan: Plan) -> str:
    """How much goes to IPS: the same in whatever detail the rest is told."""
    return "".join(_totals(plan))


def _totals(plan: Plan) -> Iterator[str]:
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


def _kept(plan: Plan, room: Room) -> Iterator[str]:
    kept = kept_texts(plan.verdicts)
    if kept:
        limit = room.limit
        found = "; ".join(prose(text, limit=limit) for text in kept[: room.notes])
        yield f"- Guardrails kept: {found}\n"
        yield from _more(len(kept) - room.notes, "")
    unmeasured = unmeasured_texts(plan.verdicts)
    for text in unmeasured[: room.notes]:
        yield f"- Not measured: {prose(text, limit=room.limit)}\n"
    yield from _more(len(unmeasured) - room.notes, "")
    production = production_text(plan.verdicts)
    if production:
        yield f"- Production: {prose(production, limit=room.limit)}\n"
    yield "\n"


def _warnings(plan: Plan, room: Room) -> Iterator[str]:
    if not plan.warnings:
        return
    yield f"**{count(len(plan.warnings), 'warning')}**\n\n"
    for finding in plan.warnings[: room.notes]:
        place = f" ({code(str(finding.where), limit=room.limit)})" if finding.where else ""
        yield f"- {finding.rule.id} {prose(finding.summary, limit=room.limit)}{place}\n"
    yield from _more(len(plan.warnings) - room.notes, "")
    yield "\n"


def _assumptions(plan: Plan, room: Room) -> Iterator[str]:
    if not plan.assumptions:
        return
    yield "<details><summary>What was not checked</summary>\n\n"
    for text in plan.assumptions[: room.notes]:
        yield f"- {prose(text, limit=room.limit)}\n"
    yield from _more(len(plan.assumptions) - room.notes, "")
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
