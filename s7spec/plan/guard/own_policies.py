"""``policies``: the project's own rules, as expressions over jobs and the plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from s7spec.model.guardrails import Policy, PolicyLevel, PolicyScope
from s7spec.model.plan import Action, Plan, PlanItem, Verdict, VerdictLevel
from s7spec.plan.delivery import delivery_of
from s7spec.plan.guard.amounts import Amounts
from s7spec.plan.guard.circumstances import Circumstances, Commands
from s7spec.plan.guard.verdicts import about, counted, passed
from s7spec.policies import BadExpressionError, Expression, PolicyFailedError, compile_policy

_NO_COMMANDS = Commands(values={}, names=frozenset())
_LEVELS = {PolicyLevel.WARN: VerdictLevel.WARN, PolicyLevel.DENY: VerdictLevel.DENY}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """The jobs a policy is broken in, and those it could not be asked about."""

    broken: tuple[PlanItem, ...]
    failed: tuple[PlanItem, ...]
    failure: str


def policy_verdicts(
    plan: Plan, amounts: Amounts, policies: Iterable[Policy], circumstances: Circumstances
) -> Iterator[Verdict]:
    """One for each policy. What cannot be evaluated refuses the plan: nobody knows what the policy
    would have said."""
    policies = tuple(policies)
    if not policies:
        return
    jobs: list[tuple[PlanItem, Mapping[str, object]]] = []
    if any(policy.scope is PolicyScope.JOB for policy in policies):
        jobs = [(item, job_facts(item, circumstances)) for item in plan.items if _is_asked(item)]
    for policy in policies:
        guard = f"policy:{policy.name}"
        try:
            expression = compile_policy(policy.when, policy.scope)
            if policy.scope is PolicyScope.JOB:
                yield _of_jobs(guard, policy, _evaluated(expression, jobs))
            else:
                facts = plan_facts(plan, amounts, circumstances)
                yield _of_plan(guard, policy, is_broken=expression.holds(facts))
        except (BadExpressionError, PolicyFailedError) as error:
            detail = f"the policy cannot be evaluated, so the plan is refused: {error}"
            yield Verdict(guard=guard, level=VerdictLevel.DENY, detail=detail)


def job_facts(item: PlanItem, circumstances: Circumstances) -> Mapping[str, object]:
    """What an expression knows of a job; empty texts where the job is no longer declared."""
    job, predicted = item.export_job, item.predicted
    commands = _NO_COMMANDS if job is None else circumstances.commands(job)
    flags = () if predicted is None else predicted.flags
    delivery = delivery_of(item)
    return {
        "company": item.key.company,
        "environment": item.key.environment,
        "job.manifest": item.key.manifest,
        "job.export": item.key.export,
        "job.action": item.action.value,
        "job.sends": item.action.sends,
        "job.reasons": [reason.code.value for reason in item.reasons],
        "job.fmt": "" if job is None else job.fmt.value,
        "job.is_modifier": "" if job is None else job.is_modifier or "",
        "job.macro": "" if job is None else job.macro or "",
        "job.modifier": dict(commands.values),
        "job.commands": sorted(commands.names),
        "job.unsafe_modifiers": list(item.unsafe_modifiers),
        "job.emailSetting": "" if job is None else job.emailSetting.value,
        "job.assets": len(item.sent_assets),
        "job.bytes": delivery.likely_bytes,
        "job.unforeseen": delivery.unforeseen,
        "job.flags": {flag.flag: flag.pictures for flag in flags},
        "job.tries": item.tries,
        "job.scheduled": item.timing is not None,
    }


def plan_facts(plan: Plan, amounts: Amounts, circumstances: Circumstances) -> Mapping[str, object]:
    """What an expression knows of the whole plan."""
    actions = Counter(item.action for item in plan.items)
    return {
        "company": plan.header.company,
        "environment": plan.header.environment,
        "plan.jobs": sum(1 for item in plan.items if _is_asked(item)),
        "plan.sends": len(amounts.sending),
        "plan.assets": sum(each.files for each in amounts.deliveries),
        "plan.bytes": sum(each.likely_bytes for each in amounts.deliveries),
        "plan.unforeseen": sum(each.unforeseen for each in amounts.deliveries),
        "plan.cancels": len(amounts.cancelling),
        "plan.known": circumstances.known(),
        "plan.warnings": len(plan.warnings),
        "plan.actions": {action.value: actions[action] for action in Action},
    }


def _is_asked(item: PlanItem) -> bool:
    """About what stays as it is there is nothing to decide."""
    return item.changes_something


def _evaluated(
    expression: Expression, jobs: Iterable[tuple[PlanItem, Mapping[str, object]]]
) -> _Found:
    broken, failed, failure = [], [], ""
    for item, facts in jobs:
        try:
            if expression.holds(facts):
                broken.append(item)
        except PolicyFailedError as error:
            failed.append(item)
            failure = failure or str(error)
    return _Found(broken=tuple(broken), failed=tuple(failed), failure=failure)


def _of_jobs(guard: str, policy: Policy, found: _Found) -> Verdict:
    if found.failed:
        detail = (
            f"the policy cannot be evaluated for {counted(len(found.failed), 'job')}, so the plan "
            f"is refused: {found.failure}"
        )
        return about(guard, VerdictLevel.DENY, detail, found.failed)
    if found.broken:
        return about(guard, _LEVELS[policy.level], policy.message, found.broken)
    return passed(guard, policy.message)


def _of_plan(guard: str, policy: Policy, *, is_broken: bool) -> Verdict:
    if not is_broken:
        return passed(guard, policy.message)
    return Verdict(guard=guard, level=_LEVELS[policy.level], detail=policy.message)
