"""Does a plan that was read hold together?"""

from __future__ import annotations

from itertools import pairwise

from s7spec.model.fingerprint import Fingerprint
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
    _check_names(item)
    job = item.export_job
    if (job is None) != (item.fingerprint is None):
        raise PlanFileError(f"{name}: payload and fingerprint do not go together")
    if job is None:
        if ReasonCode.NOT_DECLARED not in codes:
            raise PlanFileError(f"{name}: the payload is missing")
        return
    if job.fingerprint != item.fingerprint:
        raise PlanFileError(f"{name}: the payload does not match its fingerprint")
    _check_attempt(item, job.fingerprint, codes)


def _check_order(items: tuple[PlanItem, ...]) -> None:
    for before, after in pairwise(items):
        if not before.key < after.key:
            raise PlanFileError(f"{after.key.short} stands twice, or not in its place")


def _check_names(item: PlanItem) -> None:
    """Every attempt that an item speaks of is one of its own job, in its own generation."""
    named = (item.attempt_name, "" if item.prior is None else item.prior.attempt_name)
    any_fingerprint = Fingerprint(data="", meta="")
    own = attempt_name(item.key, any_fingerprint, 1).removesuffix("-g1")
    if not all(name.startswith(own) for name in named if name):
        raise PlanFileError(f"{item.key.short}: an attempt of another job stands in its place")
    if item.action is Action.FORGET:
        if item.attempt_name or item.generation:
            raise PlanFileError(f"{item.key.short}: {item.action} is about no attempt")
    elif item.generation < 1 or not item.attempt_name.endswith(f"-g{item.generation}"):
        raise PlanFileError(f"{item.key.short}: the attempt should be named for its generation")


def _check_attempt(item: PlanItem, wanted: Fingerprint, codes: set[ReasonCode]) -> None:
    """A new attempt is named for what is wanted; any other is the one the item was decided on."""
    prior = None if item.prior is None else item.prior.attempt_name
    expected = attempt_name(item.key, wanted, item.generation)
    # What IPS refused is sent again under the name it had.
    is_new = item.action is Action.SUBMIT or (
        item.action is Action.RETRY and ReasonCode.REFUSED not in codes
    )
    if is_new and item.attempt_name != expected:
        raise PlanFileError(f"{item.key.short}: the attempt should be named {expected}")
    if is_new and expected == prior:
        raise PlanFileError(f"{item.key.short}: {expected} was sent before and cannot be new")
    if not is_new and item.attempt_name != prior:
        raise PlanFileError(
            f"{item.key.short}: {item.action} is not about the attempt it was decided on"
        )
