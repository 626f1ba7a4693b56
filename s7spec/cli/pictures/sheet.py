"""The contact sheet of a plan, within a budget of time and bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from s7spec.cli.pictures.choosing import Sample, converting, samples
from s7spec.cli.pictures.darkroom import Darkroom
from s7spec.cli.pictures.settings import settings_before, settings_of
from s7spec.emulator.catalog.at_rest import CatalogAtRest
from s7spec.emulator.render import MARKER, RenderError
from s7spec.model.asset import AssetVersion
from s7spec.model.job import JobKey
from s7spec.model.manifest import Fmt
from s7spec.model.plan import AssetChangeKind, Plan, PlanItem
from s7spec.report.figures import byte_size
from s7spec.report.html import Comparison, ContactSheet, Picture

MOST_SECONDS = 10.0
MOST_BYTES = 4_000_000
"""Of all small copies together, as they stand in the page."""

SOURCE = "the source"


class _Budget:
    """Time by the clock it is given, and bytes of pictures, each counted once."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._until = clock() + MOST_SECONDS
        self._counted: set[str] = set()
        self._bytes_left = MOST_BYTES

    def spend(self, *pictures: Picture | None) -> None:
        for picture in pictures:
            if picture is not None and picture.uri not in self._counted:
                self._counted.add(picture.uri)
                self._bytes_left -= len(picture.uri)

    @property
    def spent(self) -> str:
        """What has run out; empty while there is some of both."""
        if self._bytes_left <= 0:
            return f"they take {byte_size(MOST_BYTES)} at most"
        if self._clock() >= self._until:
            return f"rendering stopped after {MOST_SECONDS:.0f} s"
        return ""


def contact_sheet(
    plan: Plan, catalog: CatalogAtRest, *, most: int, clock: Callable[[], float]
) -> ContactSheet:
    """At most ``most`` samples of each job. One job of each kind of change has all of its own
    first; of those jobs, and then of the others, each one's first comes before any second one."""
    firsts, others = converting(plan)
    darkroom, budget = Darkroom(catalog), _Budget(clock)
    made: dict[JobKey, list[Comparison]] = {}
    remark = ""
    for item, sample in chain(_in_order(firsts, darkroom, most), _in_order(others, darkroom, most)):
        remark = budget.spent
        if remark:
            break
        comparison = _compared(item, sample, darkroom)
        budget.spend(comparison.before, comparison.after)
        made.setdefault(item.key, []).append(comparison)
    return ContactSheet(
        by_job={key: tuple(found) for key, found in made.items()},
        jobs=len(firsts) + len(others),
        marker=MARKER,
        remark=remark,
    )


def _in_order(
    jobs: Sequence[PlanItem], darkroom: Darkroom, most: int
) -> Iterator[tuple[PlanItem, Sample]]:
    """Chosen one after the other, for files are opened to choose: time may be up before the end."""
    chosen: dict[JobKey, tuple[Sample, ...]] = {}
    for rank in range(most):
        for item in jobs:
            if item.key not in chosen:
                chosen[item.key] = samples(item.sent_assets, most, darkroom.look)
            if rank < len(chosen[item.key]):
                yield item, chosen[item.key][rank]


def _compared(item: PlanItem, sample: Sample, darkroom: Darkroom) -> Comparison:
    assert item.export_job is not None
    before, before_is = _before(item, sample, darkroom)
    after, problem = None, ""
    notes: tuple[str, ...] = ()
    try:
        after, notes = darkroom.converted(sample.asset, settings_of(item.export_job))
    except RenderError as error:
        problem = f"cannot be rendered here: {error}"
    return Comparison(
        path=sample.asset.path,
        traits=tuple(sample.traits),
        before=before,
        before_is=before_is,
        after=after,
        problem=problem,
        notes=notes,
    )


def _before(item: PlanItem, sample: Sample, darkroom: Darkroom) -> tuple[Picture | None, str]:
    """What the last attempt's settings make of today's picture; else, and of an asset that it did
    not have, the picture itself."""
    earlier = settings_before(item)
    if earlier is not None and earlier.fmt == Fmt.CONVERT and not _is_new(item, sample.asset):
        try:
            return darkroom.converted(sample.asset, earlier)[0], "with the last attempt's settings"
        except RenderError:
            pass  # its preset may be gone
    try:
        return darkroom.source(sample.asset), SOURCE
    except RenderError:
        return None, SOURCE


def _is_new(item: PlanItem, asset: AssetVersion) -> bool:
    changes = (change for reason in item.reasons for change in reason.assets)
    return any(each.kind is AssetChangeKind.NEW and each.path == asset.path for each in changes)
