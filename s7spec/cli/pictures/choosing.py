"""Which assets of a job are looked at: the extremes show what an average picture hides."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from s7spec.model.asset import AssetVersion
from s7spec.model.job import ExportJob
from s7spec.model.manifest import Fmt
from s7spec.model.plan import Plan, PlanItem
from s7spec.report.html import kind_of_change
from s7spec.report.plan_outline import is_quiet

MOST_LOOKED_INTO = 200
"""Files of one job that are opened to learn whether they have transparency or are CMYK."""


class Trait(StrEnum):
    """Why an asset was chosen."""

    LARGEST = "largest"
    SMALLEST = "smallest"
    ODDEST = "oddest shape"
    ALPHA = "transparency"
    CMYK = "CMYK"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    asset: AssetVersion
    traits: tuple[Trait, ...]


def converting(plan: Plan) -> tuple[tuple[PlanItem, ...], tuple[PlanItem, ...]]:
    """The jobs whose pictures can be rendered: the changing ones that convert. First one of each
    kind of change, so that each is seen however little time there is, then the others."""
    found = [item for item in plan.items if not is_quiet(item) and _converts(item.export_job)]
    seen: set[Hashable] = set()
    firsts: list[PlanItem] = []
    others: list[PlanItem] = []
    for item in found:
        kind = kind_of_change(item)
        (others if kind in seen else firsts).append(item)
        seen.add(kind)
    return tuple(firsts), tuple(others)


def samples(
    assets: Sequence[AssetVersion], most: int, look: Callable[[AssetVersion], Iterable[Trait]]
) -> tuple[Sample, ...]:
    """At most so many of the assets, the extremes first. ``look`` opens a file."""
    chosen: dict[AssetVersion, list[Trait]] = {}
    measured = [each for each in assets if each.width and each.height]
    if measured:
        chosen.setdefault(max(measured, key=_area), []).append(Trait.LARGEST)
        chosen.setdefault(min(measured, key=_area), []).append(Trait.SMALLEST)
        chosen.setdefault(max(measured, key=_oddness), []).append(Trait.ODDEST)
    missing = {Trait.ALPHA, Trait.CMYK}
    for asset in assets[:MOST_LOOKED_INTO]:
        new = missing.intersection(look(asset))
        if new:
            chosen.setdefault(asset, []).extend(sorted(new))
            missing -= new
        if not missing:
            break
    for asset in assets:
        if len(chosen) >= most:
            break
        chosen.setdefault(asset, [])
    several = len(assets) > 1
    found = [
        Sample(asset=asset, traits=tuple(traits) if several else ())
        for asset, traits in chosen.items()
    ]
    return tuple(found[:most])


def _converts(job: ExportJob | None) -> bool:
    return job is not None and job.fmt is Fmt.CONVERT


def _area(asset: AssetVersion) -> int:
    return (asset.width or 0) * (asset.height or 0)


def _oddness(asset: AssetVersion) -> float:
    return abs(math.log((asset.width or 1) / (asset.height or 1)))
