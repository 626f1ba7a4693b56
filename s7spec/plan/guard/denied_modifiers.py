"""``deny_modifiers``: commands that an environment refuses, whatever its manifests allow."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from s7spec.model.job import ExportJob
from s7spec.model.plan import PlanItem, Verdict, VerdictLevel
from s7spec.plan.guard.amounts import Amounts
from s7spec.plan.guard.circumstances import Commands
from s7spec.plan.guard.verdicts import about, counted, passed

GUARD = "modifiers"


def modifiers_verdicts(
    amounts: Amounts, denied: tuple[str, ...], commands: Callable[[ExportJob], Commands]
) -> Iterator[Verdict]:
    """Also what stands in a preset, or in a request within the modifier; and what manifests have to
    allow by name, ``url`` among it."""
    if not denied:
        return
    wanted = {name.lower() for name in denied}
    found: set[str] = set()
    items: list[PlanItem] = []
    for item in amounts.sending:
        used = _used(item, commands) & wanted
        if used:
            found |= used
            items.append(item)
    if not items:
        yield passed(GUARD, "no denied command is used")
        return
    uses = "uses" if len(items) == 1 else "use"
    names = ", ".join(sorted(found))
    detail = f"{counted(len(items), 'job')} {uses} commands that are denied here: {names}"
    yield about(GUARD, VerdictLevel.DENY, detail, items)


def _used(item: PlanItem, commands: Callable[[ExportJob], Commands]) -> set[str]:
    if item.export_job is None:
        return set()
    said = commands(item.export_job)
    return {*said.names, *said.further, *map(_unsafe_name, item.unsafe_modifiers)}


def _unsafe_name(told: str) -> str:
    """``src`` of ``src in $Badge$``."""
    return told.partition(" ")[0].lower()
