"""``--select`` and ``--since`` of a command as the scope of its work."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from s7spec.cli import terminal
from s7spec.cli.options import Invocation
from s7spec.cli.stop import Stop, stop
from s7spec.cli.workplace import Workplace, compilation_here
from s7spec.model.rules import Rule
from s7spec.pipeline.scope import Scope, Since
from s7spec.pipeline.selecting import HeadChoice, Narrowing, SelectError, parse

if TYPE_CHECKING:
    from s7spec.ports import LedgerView


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeAsked:
    """What the command line says a command is about. ``paths`` are relative to where it was
    started. ``select_instead`` is given by commands that make no plan: what to do where a term
    needs one. With ``takes_templates`` a template counts as what it is, also by itself."""

    paths: tuple[Path, ...] = ()
    select: tuple[str, ...] = ()
    since: str | None = None
    select_instead: str | None = None
    takes_templates: bool = False


def scope_of(asked: ScopeAsked, workplace: Workplace) -> Scope:
    """Raises Stop for what cannot be read, or not be asked, for templates in the place of
    manifests, and when git cannot tell."""
    narrowing = (
        narrowing_of(asked.select)
        if asked.select_instead is None
        else offline_narrowing_of(asked.select, instead=asked.select_instead)
    )
    scope = Scope(paths=tuple(path.absolute() for path in asked.paths), narrowing=narrowing)
    if asked.since is None:
        if scope.paths and not asked.takes_templates:
            _refuse_templates(scope, workplace)
        return scope
    if asked.paths:
        raise stop(
            Rule.USAGE,
            "--since finds the files itself: it does not go with PATHS",
            hint="narrow it further with --select path:eu/*.yaml",
        )
    return replace(scope, since=_since(asked.since, workplace))


def _refuse_templates(scope: Scope, workplace: Workplace) -> None:
    from s7spec.pipeline.template_paths import find_templates  # only here: most name no paths

    findings = find_templates(
        scope.paths,
        given=compilation_here(workplace, Scope(paths=scope.paths)),
        whole=compilation_here(workplace),
        root=workplace.root,
    )
    found = tuple(findings)
    if found:
        raise Stop(found)


def narrowing_of(select: tuple[str, ...]) -> Narrowing:
    """Raises Stop with all that cannot be read."""
    try:
        return parse(select)
    except SelectError as error:
        raise Stop(error.findings) from error


def offline_narrowing_of(select: tuple[str, ...], *, instead: str) -> Narrowing:
    """The same for a command that makes no plan. Raises Stop for terms that need one."""
    narrowing = narrowing_of(select)
    findings = tuple(
        condition.written.finding(f"--select {condition.term}: only a plan can tell", instead)
        for condition in narrowing.conditions
        if not condition.is_offline
    )
    if findings:
        raise Stop(findings)
    return narrowing


def tell_since(scope: Scope, invocation: Invocation) -> None:
    """For commands that make no plan: a plan says it itself."""
    if scope.since is not None and not invocation.quiet:
        from s7spec.pipeline.narrowed import since_text
        from s7spec.report.visible import visible

        terminal.say(visible(since_text(scope.since)))


def heads_of(select: tuple[str, ...], view: LedgerView) -> HeadChoice:
    """For a command that looks at the ledger alone. Raises Stop for terms that it cannot answer,
    and for names that it does not know."""
    choice = HeadChoice(narrowing_of(select))
    findings = (*choice.unanswerable(), *choice.idle(view.heads()))
    if findings:
        raise Stop(findings)
    return choice


def _since(revision: str, workplace: Workplace) -> Since:
    # Only here: most runs ask git nothing.
    from s7spec.adapters.git import GitError, changes_since
    from s7spec.pipeline.since import manifests_since

    try:
        changes = changes_since(workplace.root, revision)
    except GitError as error:
        summary = f"--since {revision}: {error}"
        raise stop(Rule.USAGE, summary, hint=error.remedy) from error
    since, findings = manifests_since(compilation_here(workplace), changes, root=workplace.root)
    if findings:
        raise Stop(findings)
    return since
