"""What a page says before and below the table of jobs, also where no script runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from s7spec.model.diagnostics import Diagnostic
from s7spec.model.plan import Action, Plan, PlanItem, Verdict, VerdictLevel
from s7spec.plan import sending_totals
from s7spec.report.figures import count, moment
from s7spec.report.guardrails import (
    approve_lines,
    kept_texts,
    of_level,
    production_text,
    unmeasured_texts,
    verdict_text,
    what_to_do,
)
from s7spec.report.html.lists import LIST, MOST, Entry, elsewhere, entry_list
from s7spec.report.html.markup import LONGEST, escaped, name_markup
from s7spec.report.html.room import Room, bytes_of
from s7spec.report.plan_outline import (
    again_text,
    commit_text,
    email_text,
    for_people,
    headline,
    plan_counts,
    sending,
)
from s7spec.report.predictions import becomes_text
from s7spec.report.volume import delivered_text, total_text


def heading(plan: Plan, digest: str) -> Iterator[str]:
    header = plan.header
    yield f"<h1>{escaped(headline(plan))}</h1>\n"
    yield (
        f"<p class=where>{name_markup(f'{header.company}/{header.environment}')} on "
        f"{name_markup(header.ips)}, good until <b>{moment(header.expires_at)}</b></p>\n"
    )
    commit = commit_text(header)
    facts = (
        ("Made", f"{moment(header.created_at)} by s7spec {escaped(header.tool_version)}"),
        ("Assets", f"as IPS told {moment(header.assets_at)}"),
        *((("Git", escaped(commit)),) if commit else ()),
        ("Digest", name_markup(digest)),
        ("Manifests", name_markup(header.manifest_hash)),
        ("Presets", name_markup(header.preset_hash)),
    )
    yield "<dl class=facts>\n"
    production = production_text(plan.verdicts)
    for label, value in (*facts, ("Production", escaped(production))):
        if value:
            yield f"<div><dt>{label}</dt><dd>{value}</dd></div>\n"
    yield "</dl>\n"


def narrowed(plan: Plan) -> Iterator[str]:
    """In which ways the plan does not speak about the whole project."""
    if not plan.narrowed:
        return
    yield '<section class="note caution" aria-labelledby=narrowed>\n'
    yield "<h2 id=narrowed>This plan does not speak about the whole project</h2>\n"
    yield from entry_list(_text(each) for each in plan.narrowed)
    yield "</section>\n"


def counts(plan: Plan) -> Iterator[str]:
    """How many jobs of each action; a script makes them filter."""
    found = plan_counts(plan)
    yield '<ul class=counts aria-label="Jobs by action">\n'
    for action in Action:
        if found[action]:
            yield (
                f'<li data-action="{action.value}"><b>{found[action]:,}</b> {action.value}</li>\n'
            )
    yield "</ul>\n"


def verdicts(plan: Plan, digest: str) -> Iterator[str]:
    """The guardrails' words: what is refused, with how to approve it, before all others."""
    refused = of_level(plan.verdicts, VerdictLevel.DENY)
    if refused:
        yield '<section class="note bad" aria-labelledby=refused>\n'
        yield "<h2 id=refused><code>apply</code> will refuse this plan (exit 6)</h2>\n"
        yield from entry_list(_verdict(each) for each in refused)
        yield f"<p>{escaped(what_to_do(plan.header.environment))}</p>\n"
        yield from _approvals(refused, digest)
        yield "</section>\n"
    for level, kind, title in _TITLES:
        found = of_level(plan.verdicts, level)
        if found:
            yield f'<section class="note {kind}" aria-labelledby={level.value}>\n'
            yield f"<h2 id={level.value}>{title}</h2>\n"
            yield from entry_list(_verdict(each) for each in found)
            yield "</section>\n"
    unmeasured = unmeasured_texts(plan.verdicts)
    if unmeasured:
        yield "<section class=note aria-labelledby=unmeasured>\n"
        yield "<h2 id=unmeasured>Guardrails not measured</h2>\n"
        yield from entry_list(_text(each) for each in unmeasured)
        yield "</section>\n"
    kept = kept_texts(plan.verdicts)
    if kept:
        yield f"<details class=note><summary>{count(len(kept), 'guardrail')} kept</summary>\n"
        yield from entry_list(_text(each) for each in kept)
        yield "</details>\n"


_TITLES = (
    (VerdictLevel.APPROVED, "caution", "Approved for this plan alone"),
    (VerdictLevel.WARN, "caution", "Warned by guardrails"),
)


def _verdict(verdict: Verdict) -> Entry:
    return _text(verdict_text(verdict, "…"))


def _text(text: str) -> Entry:
    return partial(escaped, text)


def _approvals(refused: Sequence[Verdict], digest: str) -> Iterator[str]:
    """What would let the plan pass; an entry is not cut, for half of it would approve nothing."""
    room = Room(LIST)
    lines = [escaped(each) for each in approve_lines(refused, digest, most=MOST)]
    shown = [each for each in lines if room.take(bytes_of(each))]
    yield "<pre tabindex=0 role=region aria-label=Approvals>"
    yield "\n".join(shown)
    yield "</pre>\n"
    if len(shown) < len(lines):
        yield elsewhere(f"{len(lines) - len(shown):,} more find no room here.")


def people(plan: Plan) -> Iterator[str]:
    """Conflicts and blocked jobs: nothing is sent until somebody has decided."""
    items = for_people(plan)
    if not items:
        return
    wait = "job waits" if len(items) == 1 else "jobs wait"
    yield '<section class="note bad" aria-labelledby=people>\n'
    yield f"<h2 id=people>{len(items):,} {wait} for people</h2>\n"
    yield from entry_list(_for_people(item) for item in items)
    yield "</section>\n"


def _for_people(item: PlanItem) -> Entry:
    def entry(most: int) -> str:
        reasons = item.reasons if most >= LONGEST else item.reasons[:_FEW]
        why = "; ".join(f"{each.code.value}: {escaped(each.detail, most)}" for each in reasons)
        return f"<b>{item.action.value}</b> {name_markup(item.key.short, most)} {why}"

    return entry


_FEW = 3


def totals(plan: Plan) -> Iterator[str]:
    jobs = sending(plan)
    again = again_text(plan)
    if not jobs and not again:
        return
    yield "<section aria-labelledby=totals>\n<h2 id=totals>Totals</h2>\n<dl class=facts>\n"
    if jobs:
        yield f"<div><dt>To send</dt><dd>{escaped(total_text(jobs))}</dd></div>\n"
        sent = sending_totals(jobs)
        delivered = delivered_text(sent)
        if delivered:
            yield f"<div><dt>To deliver</dt><dd>{escaped(delivered)}</dd></div>\n"
        becomes = becomes_text(jobs)
        if becomes:
            yield f"<div><dt>Becomes</dt><dd>{escaped(becomes)}</dd></div>\n"
        yield f"<div><dt>E-mail</dt><dd>{escaped(email_text(sent))}</dd></div>\n"
    if again:
        yield f"<div><dt>May send</dt><dd>{escaped(again)}</dd></div>\n"
    yield "</dl>\n</section>\n"


def warnings(plan: Plan) -> Iterator[str]:
    if not plan.warnings:
        return
    many = count(len(plan.warnings), "warning")
    state = " open" if len(plan.warnings) <= 20 else ""
    yield f'<details class="note caution"{state}><summary><h2>{many}</h2></summary>\n'
    yield from entry_list(map(_warning, plan.warnings))
    yield "</details>\n"


def _warning(finding: Diagnostic) -> Entry:
    def entry(most: int) -> str:
        where = f" ({name_markup(str(finding.where), most)})" if finding.where else ""
        hint = f"<br><i>{escaped(finding.hint, most)}</i>" if finding.hint else ""
        return f"<b>{finding.rule.id}</b> {escaped(finding.summary, most)}{where}{hint}"

    return entry


def not_checked(plan: Plan) -> Iterator[str]:
    if not plan.assumptions:
        return
    yield "<details class=note open><summary><h2>What was not checked</h2></summary>\n"
    yield from entry_list(_text(each) for each in plan.assumptions)
    yield "</details>\n"


def next_command(plan: Plan, command: str | None) -> Iterator[str]:
    """What applies exactly this plan, where there is something to apply and nothing refuses it."""
    if command is None or plan.is_refused or not plan.has_changes:
        return
    yield "<section aria-labelledby=next>\n<h2 id=next>To do exactly this</h2>\n"
    yield f"<div class=command><pre tabindex=0 id=command>{escaped(command)}</pre>"
    yield "<button type=button class=js id=copy>Copy</button></div>\n</section>\n"
