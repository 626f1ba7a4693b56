"""What a page says before and below the table of jobs, also where no script runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from s7spec.model.plan import Action, Plan, PlanItem, Verdict, VerdictLevel
from s7spec.plan import sending_totals
from s7spec.report.changes import counts_text
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
from s7spec.report.html.markup import escaped, name_markup
from s7spec.report.html.rows import change_texts
from s7spec.report.plan_outline import (
    Group,
    again_text,
    asset_counts_of,
    commit_text,
    email_text,
    for_people,
    headline,
    is_quiet,
    plan_counts,
    sending,
)
from s7spec.report.predictions import becomes_text
from s7spec.report.symbols import symbol
from s7spec.report.volume import delivered_text, total_text

_MOST = 200
"""Entries of one list. What is beyond is counted, and stands in the table of jobs."""


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
        yield from _list(map(_verdict, refused))
        lines = "\n".join(map(escaped, approve_lines(refused, digest, most=_MOST)))
        yield f"<p>{escaped(what_to_do(plan.header.environment))}</p>\n"
        yield f"<pre tabindex=0>{lines}</pre>\n</section>\n"
    for level, kind, title in _TITLES:
        found = of_level(plan.verdicts, level)
        if found:
            yield f'<section class="note {kind}" aria-labelledby={level.value}>\n'
            yield f"<h2 id={level.value}>{title}</h2>\n"
            yield from _list(map(_verdict, found))
            yield "</section>\n"
    unmeasured = unmeasured_texts(plan.verdicts)
    if unmeasured:
        yield "<section class=note aria-labelledby=unmeasured>\n"
        yield "<h2 id=unmeasured>Guardrails not measured</h2>\n"
        yield from _list(map(escaped, unmeasured))
        yield "</section>\n"
    kept = kept_texts(plan.verdicts)
    if kept:
        yield f"<details class=note><summary>{count(len(kept), 'guardrail')} kept</summary>\n"
        yield from _list(map(escaped, kept))
        yield "</details>\n"


_TITLES = (
    (VerdictLevel.APPROVED, "caution", "Approved for this plan alone"),
    (VerdictLevel.WARN, "caution", "Warned by guardrails"),
)


def _verdict(verdict: Verdict) -> str:
    return escaped(verdict_text(verdict, "…"))


def people(plan: Plan) -> Iterator[str]:
    """Conflicts and blocked jobs: nothing is sent until somebody has decided."""
    items = for_people(plan)
    if not items:
        return
    wait = "job waits" if len(items) == 1 else "jobs wait"
    yield '<section class="note bad" aria-labelledby=people>\n'
    yield f"<h2 id=people>{len(items):,} {wait} for people</h2>\n"
    yield from _list(_for_people(item) for item in items)
    yield "</section>\n"


def _for_people(item: PlanItem) -> str:
    why = "; ".join(f"{reason.code.value}: {escaped(reason.detail)}" for reason in item.reasons)
    return f"<b>{item.action.value}</b> {name_markup(item.key.short)} {why}"


def group_list(groups: Sequence[Group]) -> Iterator[str]:
    """Jobs that change in the same way, said once; a script adds what shows just these."""
    loud = [(place, group) for place, group in enumerate(groups) if not is_quiet(group.items[0])]
    quiet = sum(len(group.items) for group in groups if is_quiet(group.items[0]))
    if not loud and not quiet:
        return
    yield "<section aria-labelledby=groups>\n<h2 id=groups>What changes</h2>\n<ul class=groups>\n"
    for place, group in loud[:_MOST]:
        yield f"<li data-group={place}>{_group(group)}</li>\n"
    rest = loud[_MOST:]
    if rest:
        jobs = sum(len(group.items) for _, group in rest)
        ways = count(len(rest), "other way")
        yield f"<li>… and {count(jobs, 'job')} that change in {ways}</li>\n"
    if quiet:
        yield f"<li class=quiet>{symbol(Action.SKIP, (), unicode=True)} {quiet:,} unchanged</li>\n"
    yield "</ul>\n</section>\n"


def _group(group: Group) -> str:
    items = group.items
    sign = symbol(group.action, group.codes, unicode=True)
    jobs = count(len(items), "job") if len(items) > 1 else name_markup(items[0].key.short)
    manifests = {item.key.manifest for item in items}
    where = f" in {count(len(manifests), 'manifest')}" if len(manifests) > 1 else ""
    why = ", ".join(code.value for code in group.codes)
    parts = [f"<span class=sign>{sign}</span> <b>{group.action.value}</b> {jobs}{where}: {why}"]
    parts += [f"<br>{name_markup(text)}" for text in change_texts(group.changes)]
    assets = asset_counts_of(items)
    if assets:
        parts.append(f"<br>assets: {counts_text(assets)}")
    return "".join(parts)


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
    yield from _list(
        f"<b>{finding.rule.id}</b> {escaped(finding.summary)}"
        f"{f' ({name_markup(str(finding.where))})' if finding.where else ''}"
        f"{f'<br><i>{escaped(finding.hint)}</i>' if finding.hint else ''}"
        for finding in plan.warnings
    )
    yield "</details>\n"


def not_checked(plan: Plan) -> Iterator[str]:
    if not plan.assumptions:
        return
    yield "<details class=note open><summary><h2>What was not checked</h2></summary>\n"
    yield from _list(map(escaped, plan.assumptions))
    yield "</details>\n"


def next_command(plan: Plan, command: str | None) -> Iterator[str]:
    """What applies exactly this plan, where there is something to apply and nothing refuses it."""
    if command is None or plan.is_refused or not plan.has_changes:
        return
    yield "<section aria-labelledby=next>\n<h2 id=next>To do exactly this</h2>\n"
    yield f"<div class=command><pre tabindex=0 id=command>{escaped(command)}</pre>"
    yield "<button type=button class=js id=copy>Copy</button></div>\n</section>\n"


def _list(entries: Iterable[str]) -> Iterator[str]:
    yield "<ul>\n"
    rest = 0
    for place, entry in enumerate(entries):
        if place < _MOST:
            yield f"<li>{entry}</li>\n"
        else:
            rest += 1
    if rest:
        yield f"<li>… and {rest:,} more</li>\n"
    yield "</ul>\n"
