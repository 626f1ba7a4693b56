"""Does a plan that was read hold together?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Set
from itertools import pairwise

from s7spec.model.job import JobKey, attempt_name
from s7spec.model.plan import (
    PLAN_LIFETIME,
    Action,
    Plan,
    PlanHeader,
    PlanItem,
    ReasonCode,
    Verdict,
    VerdictLevel,
)
from s7spec.plan.failure import PlanFileError
from s7spec.plan.reasons import REASONS_OF, UNDECLARED

_OF_ASSETS = (ReasonCode.ASSETS_CHANGED, ReasonCode.ASSETS_TOUCHED)
_OF_ITS_OWN_NAME = frozenset({ReasonCode.DECLARED, ReasonCode.DOUBLED})
"""Jobs on IPS that manifests name."""


def check_items(plan: Plan) -> None:
    """Whoever recomputes digest and seal after an edit still has to keep these. Raises
    PlanFileError."""
    if plan.header.expires_at - plan.header.created_at > PLAN_LIFETIME:
        raise PlanFileError("the plan is good for longer than any plan is")
    for item in plan.items:
        _check_item(item, plan.header)
    _check_order(plan.items)
    _check_each_once(plan.items)
    for verdict in plan.verdicts:
        _check_verdict(verdict)


def _check_verdict(verdict: Verdict) -> None:
    """``apply`` asks the guardrails anew; but what a reviewer is shown must make sense."""
    if (verdict.level is VerdictLevel.APPROVED) != (verdict.approval is not None):
        raise PlanFileError(f"{verdict.guard}: {verdict.level} does not go with its approval")
    if verdict.approval is not None and verdict.approval.guard != verdict.guard:
        raise PlanFileError(f"{verdict.guard}: the approval is for {verdict.approval.guard}")
    if (verdict.allowed is None) != (verdict.found is None):
        raise PlanFileError(f"{verdict.guard}: what is found and what is allowed go together")
    found, allowed = verdict.found, verdict.allowed
    is_over = found is not None and allowed is not None and found > allowed
    if is_over and verdict.level is VerdictLevel.PASS:
        raise PlanFileError(f"{verdict.guard}: more is found than is allowed, and passes")
    if len(verdict.jobs) > verdict.job_count:
        raise PlanFileError(f"{verdict.guard}: names more jobs than it counts")
    if len(verdict.notes) > verdict.note_count:
        raise PlanFileError(f"{verdict.guard}: has more notes than it counts")


def _check_item(item: PlanItem, header: PlanHeader) -> None:
    name = item.key.short
    if (item.key.company, item.key.environment) != (header.company, header.environment):
        raise PlanFileError(f"{item.key} is not of {header.company}/{header.environment}")
    codes = {reason.code for reason in item.reasons}
    if not codes or not codes <= REASONS_OF[item.action]:
        raise PlanFileError(f"{name}: {item.action} does not go with its reasons")
    if (item.export_job is None) != (item.fingerprint is None):
        raise PlanFileError(f"{name}: payload and fingerprint do not go together")
    if item.export_job is None:
        _check_undeclared(item)
    elif item.export_job.fingerprint != item.fingerprint:
        raise PlanFileError(f"{name}: the payload does not match its fingerprint")
    _check_about(item, codes)
    _check_told(item)
    _check_predicted(item)
    _check_only(item)
    _check_move(item, codes)
    if item.stops_older and item.action is not Action.SUPERSEDE:
        raise PlanFileError(f"{name}: {item.action} stops nothing")


def _check_told(item: PlanItem) -> None:
    """What a reviewer is told that is sent is what is sent."""
    name, job = item.key.short, item.export_job
    sent = {}
    if job is not None:
        sent = {"fmt": job.fmt.value, "is_modifier": job.is_modifier, "macro": job.macro}
    for reason in item.reasons:
        if reason.code in _OF_ASSETS and not reason.assets:
            raise PlanFileError(f"{name}: {reason.code} names no assets")
        for change in reason.fields:
            if change.field in sent and change.after != sent[change.field]:
                raise PlanFileError(f"{name}: {change.field} is not what it is said to become")


def _check_predicted(item: PlanItem) -> None:
    told = item.predicted
    if told is not None and not told.least_bytes <= told.likely_bytes <= told.most_bytes:
        raise PlanFileError(f"{item.key.short}: the bytes that are foretold contradict each other")


def _check_undeclared(item: PlanItem) -> None:
    """Nothing is wanted, so there is nothing to say about how."""
    if item.action not in UNDECLARED:
        raise PlanFileError(f"{item.key.short}: the payload is missing")
    if item.prior is None:
        raise PlanFileError(f"{item.key.short}: {item.action} is about nothing")
    if (item.only, item.timing, item.rerun, item.tries) != (None, None, None, 1):
        raise PlanFileError(f"{item.key.short}: {item.action} sends nothing")


def _check_order(items: tuple[PlanItem, ...]) -> None:
    for before, after in pairwise(items):
        if not before.key < after.key:
            raise PlanFileError(f"{after.key.short} stands twice, or not in its place")


def _check_each_once(items: tuple[PlanItem, ...]) -> None:
    """No history goes to two jobs, and no attempt is sent or taken over for two."""
    histories = Counter(item.moved_from or item.key for item in items)
    for key, jobs in histories.items():
        if jobs > 1:
            raise PlanFileError(f"two items are about the history of {key.short}")
    starting = (item.attempt_name for item in items if item.action in (*_SENDING, Action.ADOPT))
    for name, jobs in Counter(starting).items():
        if jobs > 1:
            raise PlanFileError(f"two items are about the attempt {name}")


def _check_about(item: PlanItem, codes: Set[ReasonCode]) -> None:
    """What is sent has a name that follows from its content; anything else is about the attempt it
    was decided on, or about one that is found on IPS."""
    name = item.key.short
    if item.action is Action.FORGET:
        if item.attempt_name or item.generation:
            raise PlanFileError(f"{name}: {item.action} is about no attempt")
        return
    if item.generation < 1 or not item.attempt_name:
        raise PlanFileError(f"{name}: {item.action} must be about an attempt")
    prior = None if item.prior is None else item.prior.attempt_name
    if prior is None and item.action not in _WITHOUT_PRIOR:
        raise PlanFileError(f"{name}: {item.action} comes after no attempt")
    if item.action.sends:
        _check_sent(item, prior, codes)
    elif item.attempt_name == prior or codes & _OF_ITS_OWN_NAME:
        return
    elif item.action is Action.ADOPT and ReasonCode.FOUND_ON_SERVER in codes:
        _check_name(item, item.moved_from)
    elif item.action is Action.BLOCKED and prior is None:
        # What would be sent, if IPS could be asked whether it has it.
        _check_name(item)
    else:
        raise PlanFileError(f"{name}: {item.action} is not about the attempt it was decided on")


def _check_sent(item: PlanItem, prior: str | None, codes: Set[ReasonCode]) -> None:
    if item.attempt_name == prior:
        # IPS took nothing of it.
        if ReasonCode.REFUSED not in codes:
            raise PlanFileError(f"{item.key.short}: {prior} was sent before and cannot be new")
        return
    _check_name(item)


def _check_name(item: PlanItem, former: JobKey | None = None) -> None:
    """Names follow from the key; what IPS has from before it was moved, from the ``former`` one."""
    sent = item.sent_fingerprint
    expected = None if sent is None else attempt_name(item.key, sent, item.generation)
    if former and sent and item.attempt_name == attempt_name(former, sent, item.generation):
        return
    if item.attempt_name != expected:
        raise PlanFileError(f"{item.key.short}: the attempt should be named {expected}")


def _check_only(item: PlanItem) -> None:
    """``only`` are some of the assets, in their order."""
    name, job = item.key.short, item.export_job
    if item.only is None:
        if item.action is Action.REPAIR:
            raise PlanFileError(f"{name}: {item.action} does not say what is missing")
        return
    if job is None or not item.only or len(item.only) >= len(job.assets):
        raise PlanFileError(f"{name}: `only` is not a part of the assets")
    known = set(item.only)
    if item.only != tuple(asset for asset in job.assets if asset in known):
        raise PlanFileError(f"{name}: `only` holds assets that the job does not have")


def _check_move(item: PlanItem, codes: Set[ReasonCode]) -> None:
    """A job that takes over a history says so, and has none of its own."""
    before, name = item.moved_from, item.key.short
    if (before is None) != (ReasonCode.MOVED not in codes):
        raise PlanFileError(f"{name}: `moved_from` does not go with its reasons")
    if before is None:
        return
    if (before.company, before.environment) != (item.key.company, item.key.environment):
        raise PlanFileError(f"{name}: {before} is of another environment")
    is_on_ips = bool(codes & {ReasonCode.FOUND_ON_SERVER, ReasonCode.DOUBLED})
    if before == item.key or (item.prior is None and not is_on_ips):
        raise PlanFileError(f"{name}: there is no history to take over")


_SENDING = tuple(action for action in Action if action.sends)
_WITHOUT_PRIOR = frozenset({Action.SUBMIT, Action.ADOPT, Action.CONFLICT, Action.BLOCKED})
