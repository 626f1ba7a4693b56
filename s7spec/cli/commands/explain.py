"""``s7spec explain``."""

from __future__ import annotations

import re

import click

from s7spec.cli import terminal
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.options import Invocation, common_options, examples, format_option
from s7spec.cli.stop import stop
from s7spec.model.rules import Rule, nearest_rule, rule_named

_LIKE_A_RULE = re.compile(r"(?:s7)?[ew][-_ ]?\d+|s7[a-z]?\d*", re.IGNORECASE)


@click.command(
    name="explain",
    epilog=examples(
        "s7spec explain                               all rules",
        "s7spec explain S7E012                        a rule, with a bad and a good example",
        "s7spec explain zalando/zalando-main          where each value of a job comes from",
        "s7spec explain zalando/zalando-main --env staging --format json",
    ),
)
@click.argument("target", metavar="[RULE|JOB]", required=False)
@format_option("human", "json")
@common_options
def command(invocation: Invocation, target: str | None, output_format: str) -> int:
    """Explain a rule, or where a job comes from. Without an argument: list all rules.

    RULE is the ID that stands in a finding, in capitals or not. JOB is manifest/export, as `s7spec
    render` lists it, or the export alone when only one manifest has it: each field is shown with
    the place it was written at and with everything its templates used. Needs no IPS. Where there is
    a ledger, it tells of the last attempt, and whether the same was asked for then.
    """
    if target is None:
        return _list_rules(output_format)
    if is_like_a_rule(target):
        return explain_rule(target, output_format)
    from s7spec.cli.tracing import explain_job

    return explain_job(invocation, target, output_format)


def is_like_a_rule(target: str) -> bool:
    """Whether ``target`` is, or was probably meant as, the ID or the name of a rule."""
    named = target.upper().replace("-", "_") in Rule.__members__
    return named or _LIKE_A_RULE.fullmatch(target) is not None


def explain_rule(target: str, output_format: str) -> int:
    """Writes the page of a rule. Raises Stop when there is no rule of exactly this ID."""
    rule = rule_named(target)
    if rule is None:
        meant = nearest_rule(target)
        raise _unknown(target, f"did you mean {meant.id} ({meant.title})?" if meant else None)
    from s7spec.report.rule_pages import PAGES

    if output_format == "json":
        from s7spec.report.json_rules import rules_json

        terminal.write(rules_json([PAGES[rule]]))
    else:
        from s7spec.report.human_rules import rule_text

        terminal.show(rule_text(PAGES[rule], terminal.view()))
    return ExitCode.OK


def _list_rules(output_format: str) -> int:
    if output_format == "json":
        from s7spec.report.json_rules import rules_json
        from s7spec.report.rule_pages import PAGES

        terminal.write(rules_json(PAGES[rule] for rule in Rule))
    else:
        from s7spec.report.human_rules import rules_text

        terminal.show(rules_text(Rule, terminal.view()))
    return ExitCode.OK


def _unknown(target: str, hint: str | None) -> Exception:
    return stop(
        Rule.USAGE,
        f"there is no rule `{target}`",
        hint=hint or "`s7spec explain` lists all rules",
    )
