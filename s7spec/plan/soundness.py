"""Does a plan that was read hold together?"""

from __future__ import annotations

from itertools import pairwise

from s7spec.model.job import attempt_name
from s7spec.model.plan import Action, Plan, PlanHeader, PlanItem, ReasonCode
from s7spec.plan.parts import PlanFileError
from s7spec.plan.reasons import REASONS_OF


def check_items(plan: Plan) -> None:
    """Whoever recomputes digest and seal after an edit still has to keep these. Raises
    PlanFileError."""
    for item in plan.items:
        _check_item(item, plan.header)
    _check_order(plan.items)


def _check_item(item: PlanItem, header: PlanHeader) -> None:
    name = item.key.short
    if (item.key.company, item.key.environment) != (header.company, header.environment):
        raise PlanFileError(f"{item.key} is not of {header.company}/{header.environment}")
    codes = {reason.code for reason in item.reasons}
    if not codes or not codes <= REASONS_OF[item.action]:
        raise PlanFileError(f"{name}: {item.action} does not go with its reasons")
    _check_about(item, codes)
    _check_only(item)
    job = item.export_job
    if (job is None) != (item.fingerprint is None):
        raise PlanFileError(f"{name}: payload and fingerprint do not go together")
    if job is None:
        if item.action not in _OF_UNDECLARED:
            raise PlanFileError(f"{name}: the payload is missing")
        return
    if job.fingerprint != item.fingerprint:
        raise PlanFileError(f"{name}: the payload does not match its fingerprint")


_OF_UNDECLARED = (Action.WAIT, Action.CANCEL, Action.FORGET, Action.BLOCKED)


def _check_order(items: tuple[PlanItem, ...]) -> None:
    for before, after in pairwise(items):
        if not before.key < after.key:
            raise PlanFileError(f"{after.key.short} stands twice, or not in its place")


def _check_about(item: PlanItem, codes: set[ReasonCode]) -> None:
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
    if item.action.sends and ReasonCode.REFUSED not in codes:
        _check_new(item, prior)
    elif item.attempt_name != prior and not codes & _FOUND:
        raise PlanFileError(f"{name}: {item.action} is not about the attempt it was decided on")


def _check_new(item: PlanItem, prior: str | None) -> None:
    sent = item.sent_fingerprint
    if sent is None:
        raise PlanFileError(f"{item.key.short}: {item.action} has nothing to send")
    expected = attempt_name(item.key, sent, item.generation)
    if item.attempt_name != expected:
        raise PlanFileError(f"{item.key.short}: the attempt should be named {expected}")
    if expected == prior:
        raise PlanFileError(f"{item.key.short}: {expected} was sent before and cannot be new")


def _check_only(item: PlanItem) -> None:
    """``only`` are some of the assets, in their order."""
    if item.only is None:
        return
    job = item.export_job
    if job is None or not item.only or len(item.only) >= len(job.assets):
        raise PlanFileError(f"{item.key.short}: `only` is not a part of the assets")
    known = set(item.only)
    if item.only != tuple(asset for asset in job.assets if asset in known):
        raise PlanFileError(f"{item.key.short}: `only` holds assets that the job does not have")


_FOUND = frozenset({ReasonCode.FOUND_ON_SERVER, ReasonCode.DECLARED, ReasonCode.DOUBLED})
