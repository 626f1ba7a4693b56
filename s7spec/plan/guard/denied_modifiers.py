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
    concerned: list[PlanItem] = []
    untold = 0
    for item in amounts.sending:
        used = _used(item, commands)
        if used & wanted:
            found |= used & wanted
            concerned.append(item)
        elif _UNTOLD in used:
            untold += 1
            concerned.append(item)
    if not concerned:
        yield passed(GUARD, "no denied command is used")
        return
    details = []
    using = len(concerned) - untold
    if using:
        uses = "uses" if using == 1 else "use"
        names = ", ".join(sorted(found))
        details.append(f"{counted(using, 'job')} {uses} commands that are denied here: {names}")
    if untold:
        details.append(
            f"what variables bring into requests cannot be told of {counted(untold, 'job')}: "
            f"that may be any command that is denied here ({', '.join(sorted(wanted))})"
        )
    yield about(GUARD, VerdictLevel.DENY, "; ".join(details), concerned)


_UNTOLD = ""
"""Stands for what cannot be told: no command has this name."""


def _used(item: PlanItem, commands: Callable[[ExportJob], Commands]) -> set[str]:
    if item.export_job is None:
        return set()
    said = commands(item.export_job)
    untold = () if said.is_sure else (_UNTOLD,)
    return {*said.names, *said.further, *untold, *map(_unsafe_name, item.unsafe_modifiers)}


def _unsafe_name(told: str) -> str:
    """``src`` of ``src in $Badge$``."""
    return told.partition(" ")[0].lower()
